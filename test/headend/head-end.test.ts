import t from 'tap'
import { beijing, dayMs, hourMs } from '../../domain/time.js'
import { type HeadEnd, startHeadEnd } from '../../headend/head-end.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import { startModbusServer } from '../../simulators/modbus-meter.js'
import { type Rs485Line, startRs485Line } from '../../simulators/rs485-line.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { dueOutcomes, lineTraffic } from '../../storage/headend/outcomes.js'
import { withDatabase } from '../support/database.js'
import { createWorld, firstMidnight, local, plantRegistry, registersOf, simulatedMeter, type World } from '../support/field-world.js'

const serial = { baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
const dltMeters = [1, 2, 3, 4, 5, 6]
const modbusMeters = [101, 102]
const model = 'acrel-adl3000-e'

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


await t.test('four nights with noise, an outage, a missing freeze and a dying meter', async (t) => {
  const story = await tellStory(t)
  const reports = await nights(story, 4)
  console.log(JSON.stringify(reports, (_k, v) => (typeof v === 'bigint' ? Number(v) : v), 1))
  const outcomes = await dueOutcomes(story.reader, { from: firstMidnight, to: firstMidnight + 40 * dayMs })
  console.log(outcomes.map((o) => ({ ...o, readAt: beijing.dateAt(o.readAt) })))
  console.log(await lineTraffic(story.reader, { from: firstMidnight, to: firstMidnight + 40 * dayMs }))
  console.log(await story.reader.query('select * from failed_read order by 2,1,3'))
  console.log(story.line.counters())
  t.ok(true)
})
