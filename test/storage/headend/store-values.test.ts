import t from 'tap'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import type {
  CollectedClockCheck,
  CollectedDemand,
  CollectedEvent,
  CollectedInterval,
  CollectedRelayStatus,
  CollectedSettlement,
  CollectedValue,
  ValueFrame,
} from '../../../storage/headend/collected-values.js'
import { insertValues } from '../../../storage/headend/store-values.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'

const settledAt = beijing.startOfDay('2026-07-01')
const receivedAt = settledAt + 9 * hourMs
const lineId = 1n

function frame(text: string, at: Instant = receivedAt): ValueFrame {
  return { protocol: 'dlt645_2007', request: Buffer.from('ask'), response: Buffer.from(text), receivedAt: at }
}

function evidence(text: string) {
  return { frame: frame(text), slice: null }
}

function settlement(totalE4: bigint, text = `settlement ${totalE4}`): CollectedSettlement {
  const registers = { totalE4, touE4: [null, totalE4, null, null] } as const
  return {
    kind: 'settlement',
    meterId: 1n,
    quantity: 'forward_active_energy',
    settledAt,
    registers,
    evidence: evidence(text),
  }
}

function demand(valueE4: bigint): CollectedDemand {
  const total = { valueE4, occurredAt: settledAt - dayMs }
  const demands = { total, tou: [null, total, null, null] } as const
  const key = { meterId: 1n, quantity: 'forward_active_demand', settledAt } as const
  return { kind: 'demand', ...key, demands, evidence: evidence(`demand ${valueE4}`) }
}

function interval(valueE4: bigint, slotStart = settledAt): CollectedInterval {
  return {
    kind: 'interval',
    meterId: 1n,
    curve: 'load_energy',
    slotStart,
    slotEnd: slotStart + 15 * minuteMs,
    valuesE4: [valueE4, null, -5n, 0n],
    evidence: evidence(`piece ${valueE4}`),
  }
}

function event(endedAt: Instant | null, ordinal = 1): CollectedEvent {
  const head = { meterId: 1n, event: 'mains_lost', occurredAt: settledAt, ordinal, endedAt, operator: null }
  return { kind: 'event', ...head, detail: { a: '1' }, evidence: evidence(`event ${endedAt}`) }
}

function clockCheck(worth: CollectedClockCheck['class'], checkedAt = receivedAt): CollectedClockCheck {
  const figures = { meterTime: checkedAt, offsetMs: 0, uncertaintyMs: 600, driftMsPerDay: null }
  return { kind: 'clock', meterId: 1n, checkedAt, ...figures, class: worth, evidence: evidence(`clock ${checkedAt}`) }
}

const relay: CollectedRelayStatus = {
  kind: 'relay',
  meterId: 1n,
  readAt: receivedAt,
  statusWord: 0x50,
  relayOpen: true,
  commandOpen: true,
  dayTableSet: 1,
  zoneTable: 1,
  evidence: evidence('relay'),
}

async function open(t: Parameters<typeof withDatabase>[0]) {
  const database = await withDatabase(t)
  const owner = database.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'L', kind: 'dlt645_tcp', settings: {}, meters: [1, 2] }])
  await ensureTimePartitions(owner, settledAt - 60 * dayMs, settledAt + 60 * dayMs)
  const headend = database.as('headend')
  return {
    owner,
    database,
    store: (values: readonly CollectedValue[]) =>
      headend.transaction((tx) => insertValues(tx, values, { lineId, recordedAt: receivedAt + minuteMs })),
    rows: async (table: string) => (await owner.query<{ n: bigint }>(`select count(*) as n from ${table}`))[0]?.n,
  }
}

t.test('every kind of value is stored once, however often it comes', async (t) => {
  const { store, rows } = await open(t)
  const all = [settlement(10n), demand(20n), interval(30n), event(settledAt + hourMs), clockCheck('ok'), relay]
  t.same(await store(all), Array(6).fill('created'))
  t.same(await store(all), Array(6).fill('exists'))
  t.same(await store([settlement(10n, 'the same registers in another frame')]), ['exists'])
  t.equal(await rows('frame'), 6n)
  for (const table of [
    'settlement_reading',
    'demand_reading',
    'interval_piece',
    'end_device_event',
    'clock_check',
    'relay_status',
  ])
    t.equal(await rows(table), 1n, table)
})

t.test('another value under a known key is a claim of its own, in whichever order they come', async (t) => {
  for (const [first, second] of [
    [10n, 11n],
    [11n, 10n],
  ] as const) {
    const { store, owner } = await open(t)
    t.same(await store([settlement(first), demand(first), interval(first)]), Array(3).fill('created'))
    t.same(
      await store([settlement(second), demand(second), interval(second)]),
      Array(3).fill('exists_with_different_values'),
    )
    t.same(await store([settlement(first), demand(second), interval(first)]), Array(3).fill('exists'))
    t.same(await owner.query('select total_e4 from settlement_reading order by 1'), [
      { total_e4: 10n },
      { total_e4: 11n },
    ])
    t.same(await owner.query('select * from undisputed_interval_piece'), [])
  }
})

t.test('two values for one key in one batch dispute it at once', async (t) => {
  const { store } = await open(t)
  t.same(await store([interval(1n), interval(1n), interval(2n)]), [
    'exists_with_different_values',
    'exists',
    'exists_with_different_values',
  ])
})

t.test('values of one frame share its row, and name the slice that is theirs', async (t) => {
  const { store, owner } = await open(t)
  const whole = frame('both')
  const second = { ...settlement(2n), quantity: 'reverse_active_energy' } as const
  await store([
    { ...settlement(1n), evidence: { frame: whole, slice: { offset: 0, length: 2 } } },
    { ...second, meterId: 2n, evidence: { frame: whole, slice: { offset: 2, length: 2 } } },
  ])
  t.match(await owner.query('select meter_id, response from frame'), [
    { meter_id: null, response: Buffer.from('both') },
  ])
  t.same(
    await owner.query(
      `select r.meter_id, convert_from(substring(f.response from r.frame_offset + 1 for r.frame_length), 'UTF8') as bytes
         from settlement_reading r join frame f on (f.line_id, f.line_sequence, f.received_at) = (r.line_id, r.line_sequence, r.frame_received_at)
        order by 1`,
    ),
    [
      { meter_id: 1n, bytes: 'bo' },
      { meter_id: 2n, bytes: 'th' },
    ],
  )
})

t.test('an event that ended is one event, with its end', async (t) => {
  const { store, owner } = await open(t)
  await store([event(null), event(null, 2)])
  t.same(await store([event(settledAt + hourMs)]), ['exists_with_different_values'])
  t.same(await owner.query('select ordinal, ended_at from end_device_event_latest order by 1'), [
    { ordinal: 1, ended_at: settledAt + hourMs },
    { ordinal: 2, ended_at: null },
  ])
})

t.test('what an absurd clock dated is set aside with its bytes, what we dated is not', async (t) => {
  const { store, rows, owner } = await open(t)
  t.same(await store([clockCheck('absurd', receivedAt - hourMs)]), ['created'])
  t.same(await store([demand(1n), interval(1n), event(null), relay, clockCheck('absurd')]), [
    'quarantined',
    'quarantined',
    'quarantined',
    'created',
    'created',
  ])
  t.same(await owner.query('select distinct reason from quarantine'), [{ reason: 'clock_absurd' }])
  t.equal(await rows('quarantine'), 3n)
  t.same(
    await store([clockCheck('ok', receivedAt + 30_000), demand(1n)]),
    ['created', 'created'],
    'once it is right again',
  )
})

t.test('stamps outside of the time that is kept are set aside, old ones within get their partition', async (t) => {
  const { store, owner } = await open(t)
  const stamps = [-500 * dayMs, -300 * dayMs, 3 * dayMs].map((distance) => interval(1n, settledAt + distance))
  t.same(await store(stamps), ['quarantined', 'created', 'quarantined'])
  t.same(await owner.query('select distinct reason from quarantine'), [{ reason: 'stamp_out_of_range' }])
})

t.test('a clock out of order casts doubt back to the check before it', async (t) => {
  const { store, owner } = await open(t)
  const [before, wrong, after] = [settledAt - 2 * dayMs, settledAt - dayMs, settledAt]
  await store([clockCheck('ok', before), clockCheck('out_of_limit', wrong), clockCheck('ok', after)])
  t.same(await owner.query('select class, doubt_from, doubt_to from clock_doubt'), [
    { class: 'out_of_limit', doubt_from: before, doubt_to: after },
  ])
})

t.test(
  'interval energy is the difference of registers at consecutive stamps, and nothing where one is missing',
  async (t) => {
    const { store, owner } = await open(t)
    const slotMs = 15 * minuteMs
    await store([0, 1, 2, 4].map((index) => interval(BigInt(100 * index * index), settledAt + index * slotMs)))
    t.same(await owner.query('select slot_start, forward_e4 from interval_energy order by 1'), [
      { slot_start: settledAt, forward_e4: null },
      { slot_start: settledAt + slotMs, forward_e4: 100n },
      { slot_start: settledAt + 2 * slotMs, forward_e4: 300n },
      { slot_start: settledAt + 4 * slotMs, forward_e4: null },
    ])
  },
)

t.test('nobody but the head-end writes, and nobody changes', async (t) => {
  const { database, store } = await open(t)
  await store([interval(1n)])
  for (const role of ['mdm', 'reader', 'console'] as const) {
    t.equal((await database.as(role).query('select * from interval_piece')).length, 1)
    await t.rejects(
      database.as(role).execute('insert into interval_piece select * from interval_piece'),
      { code: '42501' },
      role,
    )
  }
  await t.rejects(database.as('headend').execute('delete from interval_piece'), { code: '42501' })
  await t.rejects(database.as('headend').execute(`update clock_check set class = 'ok'`), { code: '42501' })
})
