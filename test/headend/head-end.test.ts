import t from 'tap'
import { present } from '../../domain/result.js'
import { beijing, dayMs, hourMs } from '../../domain/time.js'
import { type HeadEnd, startHeadEnd } from '../../headend/head-end.js'
import { decodeItem } from '../../protocols/dlt645/data-items.js'
import { createFrameSplitter } from '../../protocols/dlt645/frame-splitter.js'
import { parseReply } from '../../protocols/dlt645/messages-2007.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import { decodeRequestPdu } from '../../protocols/modbus/request-pdu.js'
import { takeTcpAdu } from '../../protocols/modbus/tcp-adu.js'
import { startModbusServer } from '../../simulators/modbus-meter.js'
import { type Rs485Line, startRs485Line } from '../../simulators/rs485-line.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { dueOutcomes, lineTraffic } from '../../storage/headend/outcomes.js'
import { withDatabase } from '../support/database.js'
import {
  createWorld,
  firstMidnight,
  local,
  plantRegistry,
  registersOf,
  simulatedMeter,
  type World,
} from '../support/field-world.js'

const serial = { baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
const dltMeters = [1, 2, 3, 4, 5, 6]
const modbusMeters = [101, 102]
const model = 'acrel-adl3000-e'

interface StoredReading {
  readonly meter_id: bigint
  readonly read_at: number
  readonly total_e4: bigint
  readonly tou2_e4: bigint
  readonly tou4_e4: bigint
}

interface ProvenReading {
  readonly read_at: number
  readonly total_e4: bigint
  readonly request: Buffer
  readonly response: Buffer
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

interface Story {
  readonly world: World
  readonly line: Rs485Line
  readonly headEnd: HeadEnd
  readonly database: Database
  readonly reader: Database
}

/** One line with 10 % damage, an outage over the second night and a meter without its third freeze; one Modbus gateway. */
async function tellStory(t: Teardown): Promise<Story> {
  const world = createWorld()
  const { clock, network } = world
  // Arranging takes real time; the story begins when all is in place.
  const release = clock.hold()
  const line = await startRs485Line(
    {
      name: 'line-1',
      baud: 2400,
      damagedPermille: 100,
      meters: dltMeters.map((ordinal) => ({
        meter: simulatedMeter(ordinal, ordinal === 3 ? { missedFreezes: new Set(['2026-07-03']) } : {}),
        from: 0,
        to: ordinal === 6 ? firstMidnight + 3 * hourMs : null,
      })),
      endpoint: local,
      outages: [{ from: firstMidnight + dayMs - hourMs, to: firstMidnight + dayMs + 12 * hourMs }],
    },
    world,
  )
  const registerMap = findMeterModel(model)
  if (registerMap === null) throw new Error('no model')
  const gateway = await startModbusServer(
    {
      endpoint: local,
      meters: new Map(
        modbusMeters.map((ordinal) => [
          ordinal - 100,
          { model: registerMap, source: { registersAt: (instant: number) => registersOf(ordinal, instant) } },
        ]),
      ),
    },
    world,
  )
  const databases = await withDatabase(t)
  await plantRegistry(databases.as('owner'), [
    { lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: { ...line.endpoint, ...serial }, meters: dltMeters },
    {
      lineId: 2,
      code: 'gateway',
      kind: 'modbus_tcp',
      settings: gateway.endpoint,
      meters: modbusMeters,
      addressOf: (ordinal) => String(ordinal - 100),
      model,
    },
  ])
  const database = openDatabase({ url: databases.url('headend'), clock })
  const headEnd = await startHeadEnd({ database, clock, network, node: 'node-1' })
  t.teardown(async () => {
    await headEnd.close()
    await line.close()
    await gateway.close()
    clock.close()
    await database.close()
  })
  release()
  return { world, line, headEnd, database, reader: databases.as('reader') }
}

async function nights(story: Story, count: number) {
  const { clock } = story.world
  const reports = []
  for (let night = 0; night < count; night += 1) {
    const midnight = firstMidnight + night * dayMs
    await clock.sleep(midnight - clock.now())
    reports.push(await story.headEnd.collectWindow(midnight))
  }
  return reports
}

/** Lines draw the numbers of their frames from one sequence, whoever comes first. */
function unnumbered(row: object): object {
  return { ...row, line_sequence: null }
}

/** Everything the head-end wrote, in key order. */
async function written({ reader }: Story) {
  return {
    readings: (await reader.query('select * from reading order by meter_id, read_at')).map(unnumbered),
    frames: (await reader.query('select * from frame order by line_id, received_at')).map(unnumbered),
    failures: await reader.query('select * from failed_read order by meter_id, read_at, attempt'),
    statistics: await reader.query('select * from line_statistics order by line_id, window_start'),
  }
}

const span = { from: firstMidnight, to: firstMidnight + 4 * dayMs }
let first: Awaited<ReturnType<typeof written>> | null = null

await t.test('four nights with noise, an outage, a missing freeze and a dying meter', async (t) => {
  const story = await tellStory(t)
  const reports = await nights(story, 4)

  await t.test('each night wants each installed meter once', async (t) => {
    t.same(
      reports.map(({ laid }) => laid),
      [8, 8, 8, 8],
    )
  })

  await t.test('every due point ends in exactly one outcome', async (t) => {
    const outcomes = await dueOutcomes(story.reader, span)
    t.same(
      outcomes.map((each) => [
        each.lineCode,
        beijing.dateAt(each.readAt),
        each.due,
        each.firstPass + each.retried,
        each.backFilled,
        each.fieldRead + each.estimated,
        each.open,
      ]),
      [
        ['gateway', '2026-07-01', 2, 2, 0, 0, 0],
        ['gateway', '2026-07-02', 2, 2, 0, 0, 0],
        ['gateway', '2026-07-03', 2, 2, 0, 0, 0],
        ['gateway', '2026-07-04', 2, 2, 0, 0, 0],
        ['line-1', '2026-07-01', 6, 6, 0, 0, 0],
        ['line-1', '2026-07-02', 6, 0, 5, 0, 1],
        ['line-1', '2026-07-03', 6, 4, 0, 0, 2],
        ['line-1', '2026-07-04', 6, 5, 0, 0, 1],
      ],
    )
  })

  await t.test('stored values are what the meters counted, filed under the midnight of their stamp', async (t) => {
    const rows = await story.reader.query<StoredReading>(
      'select meter_id, read_at, total_e4, tou2_e4, tou4_e4 from reading order by meter_id, read_at',
    )
    t.equal(rows.length, 6 + 5 + 4 + 5 + 8)
    for (const row of rows) {
      const { totalE4, touE4 } = registersOf(Number(row.meter_id), row.read_at)
      t.same([row.total_e4, row.tou2_e4, row.tou4_e4], [totalE4, touE4[1], touE4[3]])
    }
  })

  await t.test('each reading’s frame decodes to its stamp and values again', async (t) => {
    const rows = await story.reader.query<ProvenReading>(
      `select r.read_at, r.total_e4, f.response, f.request
         from reading r join frame f on (f.line_id, f.line_sequence, f.received_at) = (r.line_id, r.line_sequence, r.frame_received_at)
        where f.protocol = 'dlt645_2007'`,
    )
    t.equal(rows.length, 20)
    for (const row of rows) {
      const frames = createFrameSplitter().push(row.response)
      const replies = frames.map(({ frame }) => parseReply(frame)).filter((reply) => reply.ok)
      const [stamp, registers] = replies.map(({ value }) => (value.kind === 'data' ? value.payload : Buffer.alloc(0)))
      t.same(decodeItem('daily_freeze_stamp', stamp ?? Buffer.alloc(0)), { ok: true, value: row.read_at })
      t.match(decodeItem('daily_freeze_forward_active', registers ?? Buffer.alloc(0)), {
        ok: true,
        value: { totalE4: row.total_e4 },
      })
      t.equal(createFrameSplitter().push(row.request).length, 2, 'one request for each reply')
    }
  })

  await t.test('every window on the bus was foretold, and what it took stands beside it', async (t) => {
    const rows = await story.reader.query<{ readonly line_id: bigint; readonly jobs: number; readonly done: number }>(
      `select f.line_id, f.jobs, c.done
         from window_forecast f join window_completion c using (line_id, window_start, ordinal)
        where f.predicted_end > f.window_start and c.achieved_end > f.window_start
        order by window_start`,
    )
    t.ok(rows.length > 1)
    t.ok(
      rows.every(({ line_id, jobs, done }) => line_id === 1n && jobs >= done),
      'not on the gateway, whose bus we do not see',
    )
  })

  await t.test('a Modbus reading keeps the two ADUs', async (t) => {
    const rows = await story.reader.query<ProvenReading>(
      `select response, request from frame where protocol = 'modbus_tcp' order by line_sequence`,
    )
    t.equal(rows.length, 8)
    for (const { request, response } of rows) {
      const [asked, answered] = [takeTcpAdu(request), takeTcpAdu(response)]
      const adus = [asked, answered].map((taken) => present(taken.ok ? taken.value : null, 'a whole ADU').adu)
      t.equal(adus[0]?.transactionId, adus[1]?.transactionId)
      t.same(decodeRequestPdu(adus[0]?.pdu ?? Buffer.alloc(0)), {
        ok: true,
        value: { function: 3, address: 10, count: 10 },
      })
    }
  })

  await t.test('causes tell an outage, a missing freeze and a dead meter apart', async (t) => {
    const causes = await story.reader.query<{ readonly key: string; readonly causes: readonly string[] }>(
      `select meter_id || ' ' || to_char(read_at + interval '8 hours', 'MM-DD') as key,
              array_agg(distinct cause order by cause) filter (where cause <> 'damaged') as causes
         from failed_read where meter_id in (1, 3, 6) and cause <> 'damaged' group by 1 order by 1`,
    )
    t.same(
      causes.map(({ key, causes: found }) => `${key} ${found.join(' ')}`),
      [
        '1 07-02 line_down',
        '3 07-02 line_down',
        '3 07-03 no_freeze',
        '6 07-02 line_down no_reply',
        '6 07-03 no_reply',
        '6 07-04 no_reply',
      ],
    )
  })

  await t.test('the line’s sums are what really went over the wire', async (t) => {
    const [, traffic] = await lineTraffic(story.reader, span)
    const truth = story.line.counters()
    t.match(traffic, {
      lineCode: 'line-1',
      requests: BigInt(truth.requests),
      bytesOut: BigInt(truth.bytesFromMaster),
      bytesIn: BigInt(truth.bytesToMaster),
      damaged: BigInt(truth.damagedReplies),
      timeouts: BigInt(truth.unanswered),
    })
    t.ok((traffic?.repaired ?? 0n) > 0n, 'something was damaged and then read')
  })

  await t.test('repeating a window reads only what is missing', async (t) => {
    const before = await written(story)
    const report = await story.headEnd.collectWindow(firstMidnight + 3 * dayMs)
    t.equal(report.laid, 0)
    t.same((await written(story)).readings, before.readings)
    first = before
  })
})

await t.test('the same seed gives the same frames and rows', async (t) => {
  const story = await tellStory(t)
  await nights(story, 4)
  t.same(await written(story), first)
})

await t.test('a line of another node is left alone', async (t) => {
  const story = await tellStory(t)
  const { clock, network } = story.world
  await nights(story, 1)
  const other = await startHeadEnd({ database: story.database, clock, network, node: 'node-2' })
  const report = await other.collectWindow(firstMidnight)
  await other.close()
  t.same(
    report.lines.map(({ code, status }) => [code, status]),
    [
      ['line-1', 'not_owner'],
      ['gateway', 'not_owner'],
    ],
  )
})
