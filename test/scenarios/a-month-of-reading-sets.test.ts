import t from 'tap'
import { usualClockLimits } from '../../domain/clock-limits.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { present } from '../../domain/result.js'
import { addDays, beijing, dayMs, hourMs, type Instant, minuteMs, secondMs } from '../../domain/time.js'
import type { SetMeter } from '../../headend/reading-sets/ask-item.js'
import type { EventKind } from '../../headend/reading-sets/event-kinds.js'
import { observeLine } from '../../headend/reading-sets/exchange-statistics.js'
import { readClock } from '../../headend/reading-sets/read-clock.js'
import { readCurve } from '../../headend/reading-sets/read-curve.js'
import { readEvents } from '../../headend/reading-sets/read-events.js'
import { type MonthlySet, readMonthlySet } from '../../headend/reading-sets/read-monthly-set.js'
import { type SetOutcome, unreadableOf } from '../../headend/reading-sets/set-outcome.js'
import { openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import type { MeterDescription } from '../../simulators/meter/description.js'
import { startRs485Line } from '../../simulators/rs485-line.js'
import { openDatabase } from '../../storage/database.js'
import { selectDriftBase } from '../../storage/headend/clock-checks.js'
import { selectCurveCompleteness, selectMissingSlots } from '../../storage/headend/curves.js'
import { selectEvents, selectKnownEvents } from '../../storage/headend/events.js'
import { communicationByMeter, insertMeterStatistics } from '../../storage/headend/meter-statistics.js'
import { takeLineLease } from '../../storage/headend/line-lease.js'
import { type ReadingSetBatch, storeReadingSet } from '../../storage/headend/store-reading-set.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import { withDatabase } from '../support/database.js'
import { createWorld, local, plantRegistry, simulatedMeter } from '../support/field-world.js'
import { setMeter } from '../support/set-line.js'
import { greatestQuarter, unevenEnergy, unevenLoad, unevenRegisters } from '../support/uneven-load.js'

const firstDay = '2026-07-01'
const days = 31
const july = beijing.startOfDay(firstDay)
const august = july + days * dayMs
const slotMs = 15 * minuteMs
const baud = 2400
const exchangedAt = july + 14 * dayMs + 10 * hourMs
const batteryLostAt = july + 9 * dayMs + 3 * hourMs
/** While the head-end looks at the events of meter 1. */
const lossWhilePolling = {
  kind: '031100',
  from: july + 20 * dayMs + hourMs + 2_000,
  to: july + 20 * dayMs + hourMs + 9_000,
}

const ordinary = 1
const exchanged = 2
const successor = 3
const gaining = 4
const lost = 5
const older = 6
const eventKinds = ['mains_lost', 'cover_opened', 'clock_set', 'relay_opened'] as const
const meters = [ordinary, exchanged, successor, gaining, lost, older]

const descriptions: Readonly<Record<number, Partial<MeterDescription>>> = {
  [ordinary]: {
    habits: {
      happenings: [
        { kind: '031100', from: july + 4 * dayMs, to: july + 4 * dayMs + hourMs },
        { kind: '03300D', from: july + 8 * dayMs, to: july + 8 * dayMs + minuteMs },
        lossWhilePolling,
      ],
    },
  },
  // Set right on 1 July, it gains half a minute a day.
  [gaining]: { energisedFrom: july - hourMs, habits: { clock: { gainMsPerDay: 30 * secondMs } } },
  [lost]: { habits: { clock: { batteryLostAt } } },
  [older]: { habits: { edition: '1997' } },
}

/** The time a meter hangs on the line. */
function stayOf(ordinal: number): { readonly from: Instant; readonly to: Instant | null } {
  if (ordinal === exchanged) return { from: Number.NEGATIVE_INFINITY, to: exchangedAt }
  return ordinal === successor ? { from: exchangedAt, to: null } : { from: Number.NEGATIVE_INFINITY, to: null }
}

function asked(ordinal: number): SetMeter {
  return setMeter(ordinal, ordinal === older ? '1997' : '2007')
}

/** Three nights without the serial server, noise on every fiftieth reply. */
const outages = [{ from: july + 5 * dayMs, to: july + 8 * dayMs }]

async function tellMonth(t: Parameters<typeof withDatabase>[0]) {
  const { clock, network } = createWorld(july - hourMs)
  const testDatabase = await withDatabase(t)
  const owner = testDatabase.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'L', kind: 'dlt645_tcp', settings: {}, meters }])
  await ensureTimePartitions(owner, july - 60 * dayMs, august + 30 * dayMs)
  const headend = openDatabase({ url: testDatabase.url('headend'), clock })
  const bus = await startRs485Line(
    {
      name: 'line',
      endpoint: local,
      baud,
      meters: meters.map((ordinal) => ({
        meter: simulatedMeter(ordinal, { source: unevenLoad(ordinal), ...descriptions[ordinal] }),
        ...stayOf(ordinal),
      })),
      damagedPermille: 20,
      outages,
    },
    { clock, network, random: createSeededRandom(11) },
  )
  const settings = { baud, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 50 }
  const line = observeLine(openDlt645Line({ clock, connect: () => network.connect(bus.endpoint), settings }), clock)
  t.teardown(async () => {
    line.close()
    await headend.close()
    await bus.close()
    clock.close()
  })
  const wish = { lineId: 1n, owner: 'node', holdMs: dayMs }
  const { lease } = present(await takeLineLease(headend, wish), 'a lease')
  const store = async (set: SetOutcome, more: Pick<ReadingSetBatch, 'counts' | 'absent'> = {}): Promise<void> => {
    const batch = { lease, recordedAt: clock.now(), values: set.values, unreadable: unreadableOf(set), ...more }
    await storeReadingSet(headend, batch)
  }

  async function readMeter(ordinal: number, nightStart: Instant): Promise<void> {
    const meter = asked(ordinal)
    const { meterId } = meter
    const base = await selectDriftBase(headend, meterId, clock.now())
    const previous =
      base === null
        ? null
        : {
            at: base.checked_at,
            offsetMs: Number(base.offset_ms),
            uncertaintyMs: Number(base.uncertainty_ms),
          }
    await store(await readClock(line, clock, meter, { limits: usualClockLimits, baud, previous }))
    if (meter.edition === '1997') return
    const rows = await selectKnownEvents(headend, meterId, ['mains_lost', 'cover_opened'])
    const known = new Map(
      rows.map(({ kind, counted, is_open }) => [kind as EventKind, { counted, isOpen: is_open }] as const),
    )
    const events = await readEvents(line, clock, meter, { known, kinds: eventKinds })
    await store(events, { counts: events.counts })
    const from = Math.max(july, nightStart - 10 * dayMs)
    const span = { curve: 'load_energy', slotMs, from, to: Math.min(nightStart, august) } as const
    const missing = await selectMissingSlots(headend, meterId, span)
    const curve = await readCurve(line, clock, meter, { curve: 'load_energy', missing, until: nightStart + 5 * hourMs })
    await store(curve, { absent: curve.absent })
  }

  async function night(index: number): Promise<void> {
    const nightStart = july + index * dayMs
    await clock.sleep(Math.max(0, nightStart + hourMs - clock.now()))
    if (await line.ready(clock.now() + minuteMs))
      for (const ordinal of meters) {
        const { from, to } = stayOf(ordinal)
        if (from <= clock.now() && (to === null || clock.now() < to)) await readMeter(ordinal, nightStart)
      }
    const statistics = [...line.takeStatistics()].map(([address, each]) => ({
      meterId: BigInt(Number(address)),
      ...each,
    }))
    const window = { lineId: 1n, windowStart: nightStart, windowKey: 'night', recordedAt: clock.now() }
    await insertMeterStatistics(headend, statistics, window)
  }

  for (let index = 0; index <= days; index += 1) await night(index)
  await clock.sleep(Math.max(0, august + 9 * hourMs - clock.now()))
  const monthly = new Map<number, MonthlySet>()
  for (const ordinal of meters.filter((each) => each !== exchanged)) {
    // Noise may take an item; the set is read until it is whole.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const set = await readMonthlySet(line, clock, asked(ordinal), august)
      await store(set)
      monthly.set(ordinal, set)
      if (set.problems.length === 0 && set.fit === 'agrees') break
    }
  }
  return { clock, headend, owner, bus, monthly, night }
}

t.test('a month with settlement, exchange, outage and broken clocks is what the meters counted', async (t) => {
  const { headend, owner, bus, monthly, night } = await tellMonth(t)
  const dayOf = (index: number) => beijing.startOfDay(addDays(firstDay, index))

  for (const ordinal of [ordinary, gaining]) {
    const span = { curve: 'load_energy', slotMs, from: july, to: august } as const
    t.same(
      await selectCurveCompleteness(headend, [BigInt(ordinal)], span),
      [{ meterId: BigInt(ordinal), expected: 31 * 96, stored: 31 * 96, disputed: 0, absent: 0, missing: 0 }],
      `the curve of ${ordinal} is whole, the nights of the outage included`,
    )
  }
  const slots = await owner.query<{ readonly slot_start: Instant; readonly forward_e4: bigint | null }>(
    'select slot_start, forward_e4 from interval_energy where meter_id = $1 order by 1',
    [ordinary],
  )
  t.equal(slots[0]?.forward_e4, null, 'the register before the first slot is not there')
  t.same(
    slots.slice(1).map(({ forward_e4 }) => forward_e4),
    slots.slice(1).map(({ slot_start }) => unevenEnergy(ordinary, slot_start)),
    'each slot has the energy that the meter counted',
  )
  const stays = await owner.query<{ readonly meter_id: bigint; readonly first: Instant; readonly last: Instant }>(
    `select meter_id, min(slot_start) as first, max(slot_end) as last from interval_piece
      where meter_id in ($1, $2) group by 1 order by 1`,
    [exchanged, successor],
  )
  t.match(stays, [
    { meter_id: BigInt(exchanged), last: dayOf(14) },
    { meter_id: BigInt(successor), last: august },
  ])

  for (const ordinal of [ordinary, successor, older]) {
    const set = monthly.get(ordinal)
    t.equal(set?.fit, 'agrees')
    t.same(set?.problems, [], `${ordinal}`)
  }
  const settled = await owner.query(
    `select meter_id, settled_at, total_e4 from settlement_reading where quantity = 1 and meter_id <> $1 order by 1`,
    [gaining],
  )
  t.same(
    settled,
    [ordinary, successor, older].map((ordinal) => ({
      meter_id: BigInt(ordinal),
      settled_at: august,
      total_e4: unevenRegisters(ordinal, august).totalE4,
    })),
    'nothing of the meter whose clock dates nothing',
  )
  const demands = await owner.query(
    'select meter_id, total_e4, total_at from demand_reading where meter_id <> $1 order by 1',
    [gaining],
  )
  t.match(
    demands,
    [ordinary, successor, older].map((ordinal) => {
      const { valueE4, occurredAt } = greatestQuarter(ordinal, july, august)
      return { meter_id: BigInt(ordinal), total_e4: valueE4, total_at: occurredAt }
    }),
  )

  const happened = descriptions[ordinary]?.habits?.happenings ?? []
  t.same(
    (await selectEvents(headend, BigInt(ordinary), { from: july - dayMs, to: august })).map(
      ({ occurred_at, ended_at }) => [occurred_at, ended_at],
    ),
    happened
      .map(({ from, to }) => [from, to])
      .toSorted(([left = 0], [right = 0]) => right - left)
      .map(([from, to]) => [from, to]),
    'each event once, with its end, the one during the polling too',
  )

  const classes = await owner.query<{ readonly meter_id: bigint; readonly classes: readonly string[] }>(
    `select meter_id, array_agg(class order by checked_at) as classes from clock_check group by 1 order by 1`,
  )
  const classesOf = (ordinal: number) => classes.find(({ meter_id }) => meter_id === BigInt(ordinal))?.classes ?? []
  t.same(new Set(classesOf(ordinary)), new Set(['ok']))
  t.same(new Set(classesOf(gaining)), new Set(['ok', 'drifting', 'out_of_limit']))
  t.equal(classesOf(gaining).at(-1), 'out_of_limit', 'fifteen minutes by the end of the month')
  t.equal(classesOf(lost).at(-1), 'absurd')
  t.same(new Set(classesOf(older)), new Set(['ok']))
  const [last] = await owner.query<{ readonly slot_end: Instant }>(
    'select max(slot_end) as slot_end from interval_piece where meter_id = $1',
    [lost],
  )
  t.ok(last !== undefined && last.slot_end <= batteryLostAt, 'nothing is dated by a clock that is years off')

  const requests = (await communicationByMeter(headend, { from: july, to: august + dayMs })).reduce(
    (sum, { attempts }) => sum + Number(attempts),
    0,
  )
  t.ok(requests > 2000 && requests <= bus.counters().requests, `${requests} exchanges`)

  const before = await tableCounts(owner)
  await night(days)
  t.same(await tableCounts(owner), before, 'another look adds nothing')
})

const countedTables = [
  'settlement_reading',
  'demand_reading',
  'interval_piece',
  'end_device_event',
  'event_count',
] as const

async function tableCounts(owner: ReturnType<Awaited<ReturnType<typeof withDatabase>>['as']>) {
  const counts: Record<string, bigint> = {}
  for (const table of countedTables) {
    const [row] = await owner.query<{ readonly n: bigint }>(`select count(*) as n from ${table}`)
    counts[table] = row?.n ?? 0n
  }
  return counts
}
