import t from 'tap'
import { createRealClock } from '../../../console/runtime/real-clock.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { readOwnUpload } from '../../../headend/concentrators/concentrator-upload.js'
import type { ArrivedUpload, UploadLine } from '../../../headend/ingest/collect-uploads.js'
import { createUploadBatcher, usualLimits } from '../../../headend/ingest/upload-batcher.js'
import type { UploadsCommitted } from '../../../headend/metrics/upload-tally.js'
import { ok, present } from '../../../domain/result.js'
import { encodeReceipt, encodeUpload, parseUpload } from '../../../protocols/concentrator/messages.js'
import { encodeItem, identifierOf } from '../../../protocols/dlt645/data-items.js'
import { encodeLoadRecord } from '../../../protocols/dlt645/load-records.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { type Database, openDatabase } from '../../../storage/database.js'
import { resultHash } from '../../../storage/result-hash.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry, registersOf } from '../../support/field-world.js'

const midnight = beijing.startOfDay('2026-07-02')
const now = midnight + hourMs
const metersEach = 12
const clock = { ...createRealClock(), now: () => now }

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  const lines: readonly UploadLine[] = [1, 2, 3].map((ordinal) => ({
    lineId: BigInt(ordinal),
    code: `c${ordinal}`,
    calendar: beijing,
    windowOpensMs: 0,
  }))
  await plantRegistry(
    owner,
    lines.map(({ lineId, code }) => ({
      lineId: Number(lineId),
      code,
      kind: 'mqtt_concentrator' as const,
      settings: {},
      meters: metersOf(Number(lineId)),
    })),
  )
  await owner.execute(`update installation_timeline set effective_from = '2025-01-01', recorded_at = '2025-01-01'`)
  await ensureTimePartitions(owner, midnight - 8 * dayMs, midnight + dayMs)
  const database = openDatabase({ url: databases.url('headend'), clock, connections: 2 })
  t.teardown(() => database.close())
  return { owner, reader: databases.as('reader'), database, lines }
}

function metersOf(line: number): readonly number[] {
  return Array.from({ length: metersEach }, (_, index) => line * 100 + index)
}

interface Told {
  readonly meter: number
  readonly readAt: Instant
  /** Added to what the meter really shows: another value under the same key. */
  readonly wrongByKwh: bigint
}

function payloadOf(concentrator: string, batch: number, told: readonly Told[]): Buffer {
  const items = told.flatMap(({ meter, readAt, wrongByKwh }) => {
    const address = String(meter).padStart(12, '0')
    const { totalE4, touE4 } = registersOf(meter, readAt)
    const wrongByE4 = wrongByKwh * 10_000n
    const [sharp, peak, flat, valley] = touE4
    // A concentrator that is wrong is wrong throughout: what contradicts itself would not be stored.
    const registers = { totalE4: totalE4 + wrongByE4, touE4: [sharp, (peak ?? 0n) + wrongByE4, flat, valley] as const }
    return [
      encodeDataReply(address, identifierOf('daily_freeze_stamp', 1), encodeItem('daily_freeze_stamp', readAt)),
      encodeDataReply(
        address,
        identifierOf('daily_freeze_forward_active', 1),
        encodeItem('daily_freeze_forward_active', registers),
      ),
    ].map((frame) => ({ frame }))
  })
  return encodeUpload({ concentrator, batch, items })
}

function arrivedOf(line: UploadLine | null, payload: Buffer, more: Partial<ArrivedUpload> = {}): ArrivedUpload {
  return {
    line,
    payload,
    read: () => readOwnUpload(line?.code ?? '', payload),
    receiptBytes: (batch) => encodeReceipt({ concentrator: line?.code ?? '', batch: Number(batch) }).length,
    receivedAt: now,
    redelivered: false,
    confirm: async () => undefined,
    ...more,
  }
}

function framesOf(payload: Buffer): readonly Buffer[] {
  const parsed = parseUpload(payload)
  return parsed.ok ? parsed.value.items.map(({ frame }) => frame) : []
}

/** Uploads of all three concentrators over two nights; some meters are told twice with different values. */
function someUploads(lines: readonly UploadLine[]): readonly { readonly line: UploadLine; readonly payload: Buffer }[] {
  return lines.flatMap((line) => {
    const meters = metersOf(Number(line.lineId))
    const nights = [midnight, midnight - 7 * dayMs]
    const usual = nights.flatMap((readAt) => [
      meters.slice(0, 5).map((meter) => ({ meter, readAt, wrongByKwh: 0n })),
      meters.slice(5).map((meter) => ({ meter, readAt, wrongByKwh: 0n })),
    ])
    const disputed = [1n, 2n].map((wrongByKwh) =>
      meters.slice(3, 6).map((meter) => ({ meter, readAt: midnight, wrongByKwh })),
    )
    const stranger = [[{ meter: 999, readAt: midnight, wrongByKwh: 0n }]]
    return [...usual, ...disputed, ...stranger].map((told, batch) => ({
      line,
      payload: payloadOf(line.code, batch, told),
    }))
  })
}

/** After which uploads come; stamps reach back 400 days. */
const delaysDays = [1, 9, 60, 200, 392]

await t.test('order, repetition, delay and grouping of uploads do not show in the state', async (t) => {
  const { owner, reader, database, lines } = await open(t)
  const random = createSeededRandom(20_260_702)
  for (const days of delaysDays)
    await ensureTimePartitions(owner, midnight + days * dayMs, midnight + (days + 1) * dayMs)
  const uploads = someUploads(lines)
  const states = new Set<string>()
  for (let round = 0; round < 12; round++) {
    await owner.execute('truncate reading, reading_claim, frame, quarantine, line_statistics')
    const shuffled = uploads
      .flatMap((upload, index) => Array.from({ length: 1 + random.below(3, round, index) }, () => upload))
      .map((upload, index) => ({ ...upload, index, order: random.below(1_000_000, 'order', round, index) }))
      .sort((a, b) => a.order - b.order)
    const batchMessages = 1 + random.below(20, 'batch', round)
    const batchers = [1, 2].map(() =>
      createUploadBatcher({ database, clock, limits: { ...usualLimits, batchMessages } }),
    )
    for (const { line, payload, index } of shuffled) {
      // From the day after on, all of them are back-fills; how late one is must not matter.
      const days = delaysDays[random.below(delaysDays.length, 'delay', round, index)] ?? 1
      const receivedAt = midnight + days * dayMs
      const redelivered = random.below(4, 'dup', round, index) === 0
      batchers[random.below(2, 'node', round, index)]?.push(arrivedOf(line, payload, { receivedAt, redelivered }))
    }
    await Promise.all(batchers.map((batcher) => batcher.drained()))
    const { tables } = await resultHash(reader)
    const { disputed } = await counts(reader)
    states.add(JSON.stringify([tables.find(({ name }) => name === 'readings'), disputed]))
    t.match(await counts(reader), { readings: 72, claims: 18, disputed: 9, orphans: 0, quarantined: 3 })
  }
  t.equal(states.size, 1)
})

async function counts(reader: Database): Promise<Readonly<Record<string, number>>> {
  const [row] = await reader.query<Readonly<Record<string, number>>>(
    `select (select count(*)::integer from reading) as readings, (select count(*)::integer from reading_claim) as claims,
            (select count(distinct (meter_id, read_at))::integer from reading_claim) as disputed,
            (select count(*)::integer from quarantine) as quarantined,
            (select count(*)::integer from reading_claims c
              where not exists (select from frame f
                                 where (f.line_id, f.line_sequence, f.received_at) = (c.line_id, c.line_sequence, c.frame_received_at)
                                   and length(f.response) >= c.frame_offset + c.frame_length)) as orphans`,
  )
  return row ?? {}
}

await t.test(
  'sessions that die in the middle of batches cost nothing: acknowledged ⊆ stored ⊆ sent, each key once',
  async (t) => {
    const { owner, reader, database, lines } = await open(t)
    const batcher = createUploadBatcher({ database, clock, limits: { ...usualLimits, batchMessages: 7 } })
    t.teardown(() => batcher.close())
    const acknowledged: string[] = []
    const sent: string[] = []
    const push = (night: number): void => {
      for (const line of lines) {
        for (const meter of metersOf(Number(line.lineId))) {
          const key = `${meter} ${night}`
          const readAt = midnight - night * dayMs
          const payload = payloadOf(line.code, night * 1000 + meter, [{ meter, readAt, wrongByKwh: 0n }])
          sent.push(key)
          batcher.push(arrivedOf(line, payload, { confirm: async () => void acknowledged.push(key) }))
        }
      }
    }
    for (let night = 0; night < 6; night++) {
      push(night)
      await clock.sleep(5)
      await owner.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like '%headend%'`,
      )
      const before = [...acknowledged]
      const stored = await storedKeys(reader)
      t.same(
        before.filter((key) => !stored.includes(key)),
        [],
        'nothing acknowledged is missing',
      )
    }
    await batcher.drained()
    t.same(acknowledged, sent, 'in the order of arrival')
    t.same([...(await storedKeys(reader))].sort(), [...sent].sort())
    t.match(await counts(reader), { readings: sent.length, claims: 0, orphans: 0 })
    t.same(await reader.query('select count(*)::integer as frames from frame'), [{ frames: sent.length }])
  },
)

async function storedKeys(reader: Database): Promise<readonly string[]> {
  const rows = await reader.query<{ readonly meter_id: bigint; readonly read_at: Instant }>(
    'select meter_id, read_at from reading_claims',
  )
  return rows.map(({ meter_id, read_at }) => `${meter_id} ${(midnight - read_at) / dayMs}`)
}

await t.test('poison inside a batch is kept aside with its reason, and the others go in', async (t) => {
  const { owner, reader, database, lines } = await open(t)
  // Stands for whatever a database refuses although it decodes.
  await owner.execute('alter table reading add constraint refused check (meter_id <> 101)')
  const batcher = createUploadBatcher({ database, clock })
  const receipts: (string | null)[] = []
  const confirm = async (batch: string | null): Promise<void> => void receipts.push(batch)
  const [line = null] = lines
  const told = (meter: number) => [{ meter, readAt: midnight, wrongByKwh: 0n }]
  const payloads = [
    payloadOf('c1', 1, told(100)),
    Buffer.from('{'),
    payloadOf('c1', 2, told(101)),
    payloadOf('c2', 3, told(102)),
    payloadOf('c1', 4, told(103)),
  ]
  for (const payload of payloads) batcher.push(arrivedOf(line, payload, { confirm }))
  batcher.push(arrivedOf(null, payloadOf('c9', 5, told(104)), { confirm }))
  await batcher.drained()
  t.same(await reader.query('select meter_id from reading order by 1'), [{ meter_id: 100n }, { meter_id: 103n }])
  t.same(await reader.query('select reason, line_id from quarantine order by 1'), [
    { reason: 'not_storable', line_id: 1n },
    { reason: 'payload_not_json', line_id: 1n },
    { reason: 'unknown_line', line_id: null },
    { reason: 'wrong_concentrator', line_id: 1n },
  ])
  t.same(receipts, ['1', null, '2', null, '4', null])
})

await t.test('curves, events, months and relays come in the common batch, each once, with their bytes', async (t) => {
  const { owner, reader, database, lines } = await open(t)
  const line = present(lines[0], 'a line')
  const address = (meter: number) => String(meter).padStart(12, '0')
  const reply = (meter: number, dataIdentifier: string, hex: string) =>
    encodeDataReply(address(meter), dataIdentifier, Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  const energy = encodeLoadRecord(Buffer.from('1500020726', 'hex'), [
    null,
    null,
    null,
    Buffer.from('00010000'.repeat(4), 'hex'),
    null,
    null,
  ])
  const dated = [
    reply(100, '04000B01', '0001'),
    reply(100, '0001FF01', '15000000 03000000 12000000'),
    reply(100, '04000503', '5000'),
  ]
  const undated = [
    encodeDataReply(address(101), '06040001', energy),
    reply(101, '03110001', '000008010726 003008010726'),
    reply(101, '04000503', '5000'),
    reply(102, '02010100', '2022'),
    reply(102, '0001FF00', '15000000 03000000 12000000'),
    reply(999, '03110001', '000008010726 003008010726'),
  ]
  const freeze = payloadOf(line.code, 7, [{ meter: 103, readAt: midnight, wrongByKwh: 0n }])
  const frames = [...dated, ...undated, ...framesOf(freeze)]
  const times = new Map(dated.map((frame) => [frame, now - 60_000]))
  const arrived = (redelivered: boolean) =>
    arrivedOf(line, freeze, { redelivered, read: () => ok({ batch: '7', frames, times, values: [] }) })

  const batcher = createUploadBatcher({ database, clock })
  batcher.push(arrived(false))
  batcher.push(arrived(true))
  await batcher.drained()
  const again = createUploadBatcher({ database, clock })
  again.push(arrived(false))
  await again.drained()

  t.match(await reader.query('select meter_id, slot_start, slot_end, values_e4 from interval_piece'), [
    {
      meter_id: 101n,
      slot_start: midnight,
      slot_end: midnight + 15 * minuteMs,
      values_e4: [10_000n, 10_000n, 10_000n, 10_000n],
    },
  ])
  t.match(await reader.query('select meter_id, kind, occurred_at from end_device_event'), [
    { meter_id: 101n, kind: 'mains_lost', occurred_at: midnight - 16 * hourMs },
  ])
  t.match(await reader.query('select meter_id, settled_at, total_e4 from settlement_reading'), [
    { meter_id: 100n, settled_at: midnight - dayMs, total_e4: 1500n },
  ])
  t.match(await reader.query('select meter_id, read_at, relay_open from relay_status'), [
    { meter_id: 100n, read_at: now - 60_000, relay_open: true },
  ])
  t.same(await reader.query('select meter_id from reading'), [{ meter_id: 103n }])
  const evidence = await owner.query<{ readonly bytes: Buffer }>(
    `select substring(f.response from e.frame_offset + 1 for e.frame_length) as bytes
       from end_device_event e join frame f
         on (f.line_id, f.line_sequence, f.received_at) = (e.line_id, e.line_sequence, e.frame_received_at)`,
  )
  t.same(
    evidence.map(({ bytes }) => bytes),
    [undated[1]],
    'the slice is the reply of that meter alone',
  )
  t.same(await reader.query('select reason, count(*)::integer as n from quarantine group by 1 order by 1'), [
    { reason: 'undated', n: 1 },
    { reason: 'unknown_item', n: 2 },
    { reason: 'unknown_meter', n: 1 },
  ])
  t.equal((await reader.query('select from line_statistics')).length, 1, 'one upload, however often it comes')
})

await t.test('a batcher that is full says so, and when there is room again', async (t) => {
  const { database, lines } = await open(t)
  const [line = null] = lines
  const limits = { ...usualLimits, batchMessages: 2, fullMessages: 5 }
  const batcher = createUploadBatcher({ database, clock, limits })
  const uploads = metersOf(1).map((meter, batch) =>
    payloadOf('c1', batch, [{ meter, readAt: midnight, wrongByKwh: 0n }]),
  )
  const full = uploads.slice(0, 5).map((payload) => {
    batcher.push(arrivedOf(line, payload))
    return batcher.isFull()
  })
  t.same(full, [false, false, false, false, true])
  await batcher.whenRoom()
  t.equal(batcher.isFull(), false)
  await batcher.drained()
  t.equal(batcher.pending(), 0)
  const byBytes = createUploadBatcher({ database, clock, limits: { ...usualLimits, fullBytes: 100 } })
  byBytes.push(arrivedOf(line, payloadOf('c1', 1, [])))
  t.equal(byBytes.isFull(), false)
  byBytes.push(arrivedOf(line, uploads[0] ?? Buffer.alloc(0)))
  t.ok(byBytes.isFull())
  await byBytes.close()
  t.equal(await byBytes.whenRoom(), undefined, 'closing lets everybody go')
})

await t.test('a batcher that is closed while the database is away ends at once and confirms nothing', async (t) => {
  const { owner, database, lines } = await open(t)
  await owner.execute('revoke insert on frame from shuangwu_headend')
  const batcher = createUploadBatcher({ database, clock })
  const [line = null] = lines
  let confirmed = 0
  const confirm = async (): Promise<void> => void confirmed++
  batcher.push(arrivedOf(line, payloadOf('c1', 1, [{ meter: 100, readAt: midnight, wrongByKwh: 0n }]), { confirm }))
  while (batcher.lastError() === null) await clock.sleep(10)
  t.match(batcher.lastError(), /frame/)
  await batcher.close()
  t.equal(confirmed, 0)
  t.equal(batcher.pending(), 1)
})

await t.test('each transaction is told once: what was new, what repeated, what was kept aside and why', async (t) => {
  const { database, lines } = await open(t)
  const batches: UploadsCommitted[] = []
  const batcher = createUploadBatcher({ database, clock, onCommitted: (batch) => void batches.push(batch) })
  const [line] = lines
  const payload = payloadOf('c1', 1, [{ meter: 100, readAt: midnight, wrongByKwh: 0n }])
  batcher.push(arrivedOf(present(line, 'a line'), payload))
  await batcher.drained()
  batcher.push(arrivedOf(present(line, 'a line'), payload))
  batcher.push(arrivedOf(present(line, 'a line'), Buffer.from('{')))
  batcher.push(arrivedOf(null, Buffer.from('nobody')))
  await batcher.drained()
  await batcher.close()
  const told = (pick: (batch: UploadsCommitted) => number) => batches.reduce((sum, batch) => sum + pick(batch), 0)
  t.equal(
    told(({ messages }) => messages),
    4,
  )
  t.equal(
    told(({ repeated }) => repeated),
    1,
  )
  t.equal(
    told(({ stored }) => stored),
    1,
  )
  t.equal(
    told(({ frames }) => frames),
    1,
  )
  t.equal(
    told(({ quarantined }) => [...quarantined.values()].reduce((sum, count) => sum + count, 0)),
    2,
  )
  t.ok(batches.some(({ quarantined }) => quarantined.get('unknown_line') === 1))
})
