import t from 'tap'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { selectDriftBase, selectLastClockChecks } from '../../../storage/headend/clock-checks.js'
import type { CollectedValue, Evidence } from '../../../storage/headend/collected-values.js'
import { insertAbsentSlots, selectCurveCompleteness, selectMissingSlots } from '../../../storage/headend/curves.js'
import { insertEventCounts, selectEvents, selectKnownEvents } from '../../../storage/headend/events.js'
import { selectFrameTrace } from '../../../storage/headend/frame-trace.js'
import {
  communicationByLine,
  communicationByMeter,
  insertMeterStatistics,
  type MeterStatistics,
} from '../../../storage/headend/meter-statistics.js'
import { insertValues } from '../../../storage/headend/store-values.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'

const day = beijing.startOfDay('2026-07-01')
const next = day + dayMs
const slotMs = 15 * minuteMs
const recordedAt = next + hourMs

function evidence(text: string, receivedAt: Instant): Evidence {
  return {
    frame: { protocol: 'dlt645_2007', request: null, response: Buffer.from(text), receivedAt },
    slice: null,
  }
}

async function open(t: Parameters<typeof withDatabase>[0]) {
  const database = await withDatabase(t)
  const owner = database.as('owner')
  await plantRegistry(owner, [
    { lineId: 1, code: 'L1', kind: 'dlt645_tcp', settings: {}, meters: [1, 2] },
    { lineId: 2, code: 'C2', kind: 'mqtt_concentrator', settings: {}, meters: [3] },
  ])
  await ensureTimePartitions(owner, day - 30 * dayMs, day + 30 * dayMs)
  const headend = database.as('headend')
  return {
    headend,
    owner,
    reader: database.as('reader'),
    store: async (values: readonly CollectedValue[]): Promise<void> => {
      await headend.transaction((tx) => insertValues(tx, values, { lineId: 1n, recordedAt }))
    },
  }
}

function piece(meterId: bigint, slotStart: Instant, valueE4 = 1n): CollectedValue {
  const slot = { slotStart, slotEnd: slotStart + slotMs, valuesE4: [valueE4, 0n, 0n, 0n] }
  const proof = evidence(`${meterId} ${slotStart} ${valueE4}`, next)
  return { kind: 'interval', meterId, curve: 'load_energy', ...slot, evidence: proof }
}

t.test('gaps are found, absences are not asked for again, and completeness adds up in one query', async (t) => {
  const { headend, store, reader } = await open(t)
  const slots = Array.from({ length: 96 }, (_, index) => day + index * slotMs)
  const span = { curve: 'load_energy', slotMs, from: day, to: next } as const
  await store([
    ...slots.filter((_, index) => index % 3 !== 0).map((start) => piece(1n, start)),
    piece(1n, slots[1] ?? 0, 2n),
    piece(1n, day - slotMs),
    piece(1n, next),
  ])
  t.same(
    await selectMissingSlots(headend, 1n, span),
    slots.filter((_, index) => index % 3 === 0),
  )
  const absent = { meterId: 1n, curve: 'load_energy', slotStarts: slots.slice(0, 7), foundAt: next } as const
  t.equal(await insertAbsentSlots(headend, absent, recordedAt), 7)
  t.equal(await insertAbsentSlots(headend, absent, recordedAt), 0)
  t.same(
    await selectMissingSlots(headend, 1n, span),
    slots.filter((_, index) => index % 3 === 0 && index >= 7),
  )
  const figures = {
    meterTime: null,
    offsetMs: null,
    uncertaintyMs: null,
    driftMsPerDay: null,
    class: 'absurd',
  } as const
  await store([{ kind: 'clock', meterId: 2n, checkedAt: next, ...figures, evidence: evidence('no time', next) }])
  t.equal(await insertAbsentSlots(headend, { ...absent, meterId: 2n }, recordedAt), 0, 'by a clock that dates nothing')
  t.same(await selectCurveCompleteness(reader, [1n, 2n], span), [
    { meterId: 1n, expected: 96, stored: 64, disputed: 1, absent: 3, missing: 29 },
    { meterId: 2n, expected: 96, stored: 0, disputed: 0, absent: 0, missing: 96 },
  ])
})

t.test('a monthly set and a day of a curve serve their due points', async (t) => {
  const { reader, store, owner } = await open(t)
  const due = (meterId: number, template: string, readAt: Instant) =>
    owner.execute(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at) values ($1, $2, $3, $1, 1, $3)`,
      [meterId, template, new Date(readAt).toISOString()],
    )
  const served = () =>
    reader.query<object>(
      `select d.meter_id, d.template, s.source from due_read d join served_read s using (meter_id, template, read_at)
        order by d.template, d.meter_id, s.source`,
    )
  const registers = { totalE4: 1n, touE4: [null, null, null, null] } as const
  const settlement = (meterId: bigint, settledAt: Instant, receivedAt: Instant): CollectedValue => {
    const proof = evidence(`settlement ${meterId}`, receivedAt)
    return { kind: 'settlement', meterId, quantity: 'forward_active_energy', settledAt, registers, evidence: proof }
  }
  for (const meterId of [1, 2, 3]) await due(meterId, 'monthly_set', day)
  await due(1, 'curve_day', next)
  await store([settlement(1n, day, day + 9 * hourMs), settlement(2n, day - 10 * dayMs, day + 9 * hourMs)])
  const slots = Array.from({ length: 96 }, (_, index) => day + index * slotMs)
  await store(slots.slice(1).map((start) => piece(1n, start)))
  t.same(await served(), [{ meter_id: 1n, template: 'monthly_set', source: 1 }])

  await store([piece(1n, day)])
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values (2, 1, $1, 5, 2, $1), (3, 1, $1, 5, 1, $1)`,
    [new Date(day).toISOString()],
  )
  t.same(
    await served(),
    [
      { meter_id: 1n, template: 'curve_day', source: 1 },
      { meter_id: 1n, template: 'monthly_set', source: 1 },
      { meter_id: 2n, template: 'monthly_set', source: 2 },
    ],
    'the meter that settles elsewhen by its daily freeze; one that has not been asked is still open',
  )
})

t.test('the next reading of events begins where the last one ended', async (t) => {
  const { headend, store, reader } = await open(t)
  t.same(await selectKnownEvents(headend, 1n, ['mains_lost']), [])
  const loss = (ordinal: number, endedAt: Instant | null): CollectedValue => ({
    kind: 'event',
    meterId: 1n,
    event: 'mains_lost',
    occurredAt: day,
    ordinal,
    endedAt,
    operator: null,
    detail: {},
    evidence: evidence(`loss ${ordinal} ${endedAt}`, next),
  })
  await store([loss(1, day + hourMs), loss(2, null)])
  const count = (counted: number, countedAt: Instant, event = 'mains_lost') => ({
    meterId: 1n,
    event,
    countedAt,
    counted,
  })
  const counts = [count(1, day), count(2, next), count(5, next, 'programmed')]
  t.equal(await insertEventCounts(headend, counts, recordedAt), 3)
  t.equal(await insertEventCounts(headend, counts, recordedAt), 0)
  t.same(await selectKnownEvents(headend, 1n, ['mains_lost']), [
    { kind: 'mains_lost', counted: 2, is_open: true },
    { kind: 'programmed', counted: 5, is_open: false },
  ])
  await store([loss(2, day + 2 * hourMs)])
  t.match(await selectKnownEvents(headend, 1n, ['mains_lost']), [{ is_open: false }, {}])
  t.match(await selectEvents(reader, 1n, { from: day, to: next }), [
    { ordinal: 2, ended_at: day + 2 * hourMs },
    { ordinal: 1, ended_at: day + hourMs },
  ])
})

t.test('drift is told from the last check, unless the clock was set since', async (t) => {
  const { headend, store } = await open(t)
  const check = (checkedAt: Instant, offsetMs: number): CollectedValue => ({
    kind: 'clock',
    meterId: 1n,
    checkedAt,
    meterTime: checkedAt,
    offsetMs,
    uncertaintyMs: 600,
    driftMsPerDay: null,
    class: 'ok',
    evidence: evidence(`clock ${checkedAt}`, checkedAt),
  })
  await store([check(day, 10), check(day + hourMs, 20)])
  t.match(await selectLastClockChecks(headend, [1n, 2n], day + minuteMs), [{ meter_id: 1n, offset_ms: 10n }])
  t.match(await selectDriftBase(headend, 1n, next), { offset_ms: 20n, checked_at: day + hourMs })
  t.equal(await selectDriftBase(headend, 2n, next), null)
  const set = { kind: 'event', meterId: 1n, event: 'clock_set', occurredAt: day, ordinal: 1, endedAt: null } as const
  await store([{ ...set, operator: null, detail: {}, evidence: evidence('set', day + 2 * hourMs) }])
  t.equal(await selectDriftBase(headend, 1n, next), null)
})

function exchanges(meterId: bigint, replies: number, timeouts: number, lastContactAt: Instant | null): MeterStatistics {
  const roundTrips = [0, 0, replies, 0, 0, 0, 0, 0, 0, 0]
  return { meterId, attempts: replies + timeouts, replies, timeouts, damaged: 0, refused: 0, roundTrips, lastContactAt }
}

t.test('communication adds up by meter and by line, with the windows of silence', async (t) => {
  const { headend, reader } = await open(t)
  const window = (lineId: bigint, index: number, key = 'first') => ({
    lineId,
    windowStart: day + index * hourMs,
    windowKey: key,
    recordedAt,
  })
  await insertMeterStatistics(headend, [exchanges(1n, 3, 0, day), exchanges(2n, 1, 1, day)], window(1n, 0))
  await insertMeterStatistics(headend, [exchanges(1n, 2, 1, day + hourMs), exchanges(2n, 0, 2, null)], window(1n, 1))
  await insertMeterStatistics(
    headend,
    [exchanges(1n, 4, 0, day + 2 * hourMs), exchanges(2n, 0, 2, null)],
    window(1n, 2),
  )
  await insertMeterStatistics(headend, [exchanges(1n, 4, 0, day + 2 * hourMs)], window(1n, 2))
  await insertMeterStatistics(headend, [exchanges(3n, 0, 5, null)], window(2n, 2))
  const span = { from: day, to: next }
  t.match(await communicationByMeter(reader, { ...span, lineId: 1n }), [
    { code: 'meter-1', attempts: 10n, replies: 9n, timeouts: 1n, silent_windows: 0, last_contact_at: day + 2 * hourMs },
    { code: 'meter-2', attempts: 6n, replies: 1n, timeouts: 5n, silent_windows: 2, last_contact_at: day },
  ])
  t.match(await communicationByLine(reader, span), [
    { code: 'C2', attempts: 5n, replies: 0n, silent_windows: 1, last_contact_at: null },
    {
      code: 'L1',
      attempts: 16n,
      replies: 10n,
      silent_windows: 0,
      round_trips: [0n, 0n, 10n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
  ])
})

t.test('the trace of a meter shows its own bytes of a day, in order, and what failed', async (t) => {
  const { reader, store, owner } = await open(t)
  const relay = (meterId: bigint, readAt: Instant, proof: Evidence): CollectedValue => {
    const state = { statusWord: 0, relayOpen: false, commandOpen: false, dayTableSet: 1, zoneTable: 1 } as const
    return { kind: 'relay', meterId, readAt, ...state, evidence: proof }
  }
  const shared = evidence('onetwo', day + 2 * hourMs).frame
  await store([
    relay(1n, day + hourMs, evidence('first', day + hourMs)),
    relay(1n, day + 2 * hourMs, { frame: shared, slice: { offset: 0, length: 3 } }),
    relay(2n, day + 2 * hourMs, { frame: shared, slice: { offset: 3, length: 3 } }),
    relay(1n, next, evidence('another day', next)),
  ])
  await owner.execute(`insert into failed_read values (1, $1, 1, 'no_reply', $2), (1, $1, 2, 'damaged', $3)`, [
    new Date(day).toISOString(),
    new Date(day + 3 * hourMs).toISOString(),
    new Date(next).toISOString(),
  ])
  const trace = await selectFrameTrace(reader, 1n, { from: day, to: next })
  t.match(
    trace.frames.map(({ response, line_code }) => [response.toString(), line_code]),
    [
      ['first', 'L1'],
      ['one', 'L1'],
    ],
  )
  t.match(trace.attempts, [{ cause: 'no_reply', failed_at: day + 3 * hourMs }])
  t.equal(trace.attempts.length, 1)
})
