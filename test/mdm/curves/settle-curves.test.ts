import t from 'tap'
import { slotQualities } from '../../../domain/interval-day.js'
import { addDays, beijing, dayMs, hourMs, minuteMs } from '../../../domain/time.js'
import { settleCurves } from '../../../mdm/curves/settle-curves.js'
import type { Database } from '../../../storage/database.js'
import { selectIntervalDays } from '../../../storage/mdm/interval-day-reads.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { type Piece, piecesOf } from '../../support/curve-columns.js'
import { acceptRegisters, plantCurveTown, storePieces, type TownMeter } from '../../support/curve-town.js'
import { withDatabase } from '../../support/database.js'

const from = '2026-07-01'
const start = beijing.startOfDay(from)
const slotMs = 15 * minuteMs
const now = start + 60 * dayMs

async function arrange(t: Parameters<typeof withDatabase>[0], meters: readonly TownMeter[] = [{ meterId: 1 }]) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantCurveTown(owner, 'Asia/Shanghai', meters)
  await ensureTimePartitions(owner, start - 40 * dayMs, start + 40 * dayMs)
  const mdm = databases.as('mdm')
  return {
    databases,
    owner,
    mdm,
    settle: (days = 3, first = from) => settleCurves(mdm, { from: first, to: addDays(first, days), now }),
    days: (meterId = 1) => daysOf(databases.as('reader'), meterId),
  }
}

function daysOf(reader: Database, meterId: number) {
  return selectIntervalDays(reader, BigInt(meterId), { from: start - 40 * dayMs, to: start + 40 * dayMs })
}

/** Quarters of an hour from the register before 1 July on, with more by day and in the evening. */
function quarters(days: number, without: (slot: number) => boolean = () => false): readonly Piece[] {
  const energies = Array.from({ length: days * 96 + 1 }, (_, slot) =>
    BigInt(1000 + ((slot + 95) % 96 > 70 ? 1500 : 0) + (slot % 7) * 10),
  )
  return piecesOf(start - slotMs, 15, 100_0000n, energies).filter(({ end }) => !without((end - start) / slotMs - 1))
}

await t.test('days are stored once, however often they are settled, and a view unpacks their slots', async (t) => {
  const { owner, settle, days } = await arrange(t)
  await storePieces(
    owner,
    1,
    quarters(3, (slot) => slot === 130),
  )
  t.match(await settle(), {
    meters: 1,
    days: { complete: 2, filled: 1, held: 0 },
    open: 0,
    written: 3,
    rules: { missing_intervals: 1 },
  })
  t.match(await settle(), { days: { complete: 2, filled: 1 }, written: 0 })
  const stored = await days()
  t.match(
    stored.map(({ serviceDate, revision, verdict, differenceE4 }) => [serviceDate, revision, verdict, differenceE4]),
    [
      ['2026-07-01', 1, 'complete', 0n],
      ['2026-07-02', 1, 'filled', 0n],
      ['2026-07-03', 1, 'complete', 0n],
    ],
  )
  const slots = await owner.query<{ readonly value_e4: number; readonly quality: number; readonly slot_end: number }>(
    `select value_e4, quality, slot_end from interval_slot where meter_id = 1 and service_date = '2026-07-02' order by slot_start`,
  )
  t.same(
    slots.map(({ value_e4 }) => BigInt(value_e4)),
    [...stored[1]!.energiesE4],
  )
  t.same(
    slots.flatMap(({ quality }, slot) => (quality === slotQualities.estimated ? [slot] : [])),
    [34, 35],
  )
  t.equal(slots.at(-1)?.slot_end, start + 2 * dayMs)
})

await t.test('a late piece makes a revision, and the one before stays', async (t) => {
  const { owner, settle, days } = await arrange(t)
  const late = quarters(3).filter((_, index) => index === 131)
  await storePieces(
    owner,
    1,
    quarters(3, (slot) => slot === 130),
  )
  await settle()
  await storePieces(owner, 1, late)
  t.match(await settle(), { days: { complete: 3 }, written: 1 })
  t.match((await days())[1], { revision: 2, verdict: 'complete', rules: [], fills: [] })
  t.same(
    await owner.query('select revision, verdict from interval_day where service_date = $1 order by 1', ['2026-07-02']),
    [
      { revision: 1, verdict: 'filled' },
      { revision: 2, verdict: 'complete' },
    ],
  )
})

await t.test('two processes that settle the same days write them once', async (t) => {
  const { owner, settle } = await arrange(t)
  await storePieces(owner, 1, quarters(3))
  const reports = await Promise.all([settle(), settle()])
  t.equal(reports[0].written + reports[1].written, 3)
  t.same(await owner.query('select distinct revision from interval_day'), [{ revision: 1 }])
})

await t.test('the order in which pieces come makes no difference, nor does a dispute', async (t) => {
  const { owner, settle, days } = await arrange(t, [{ meterId: 1 }, { meterId: 2 }])
  const pieces = quarters(3, (slot) => slot % 50 === 30)
  const second = { ...pieces[60]!, registerE4: pieces[60]!.registerE4 + 300n }
  await storePieces(owner, 1, [...pieces, second])
  await storePieces(owner, 2, [second, ...pieces.toReversed()])
  await settle()
  const [one, two] = [await days(1), await days(2)]
  t.same(two, one)
  t.match(one[0], { verdict: 'held', rules: ['disputed_slot', 'missing_intervals'] })
  t.match(one.slice(1), [{ verdict: 'filled' }, { verdict: 'filled' }])
})

await t.test('points every 60, 30 and 15 minutes, and hourly freezes', async (t) => {
  const { owner, settle, days } = await arrange(
    t,
    [1, 2, 3, 4].map((meterId) => ({ meterId })),
  )
  for (const [meterId, minutes, curve] of [
    [1, 60, 'load_energy'],
    [2, 30, 'load_energy'],
    [3, 15, 'load_energy'],
    [4, 60, 'hourly_energy'],
  ] as const) {
    const slots = (24 * 60) / minutes
    const pieces = piecesOf(start - minutes * minuteMs, minutes, 0n, Array(slots + 1).fill(100n))
    await storePieces(owner, meterId, pieces, curve)
  }
  await settle(1)
  for (const [meterId, slotMinutes] of [
    [1, 60],
    [2, 30],
    [3, 15],
    [4, 60],
  ] as const)
    t.match(await days(meterId), [{ slotMinutes, verdict: 'complete', differenceE4: 0n }], `${slotMinutes} minutes`)
})

await t.test('a day with an exchange has a row for either meter, each reconciled with its own registers', async (t) => {
  const exchangedAt = start + 10 * hourMs + 7 * minuteMs
  const { owner, settle, days } = await arrange(t, [
    { meterId: 1, to: exchangedAt },
    { meterId: 2, from: exchangedAt, usagePointId: 1 },
  ])
  const old = piecesOf(start - slotMs, 15, 500_0000n, Array(41).fill(1000n))
  await storePieces(owner, 1, old)
  await acceptRegisters(owner, 1, [{ readAt: exchangedAt, registerE4: 500_0000n + 41_000n + 470n, source: 6 }])
  await acceptRegisters(owner, 2, [{ readAt: exchangedAt, registerE4: 10n, source: 6 }])
  await storePieces(owner, 2, piecesOf(start + 10 * hourMs, 15, 10n, [530n, ...Array<bigint>(55).fill(1000n)]))
  await settle(1)
  const [one, two] = [await days(1), await days(2)]
  t.match(one, [{ verdict: 'complete', sumE4: 40_470n, differenceE4: 0n }])
  t.match(two, [{ verdict: 'complete', sumE4: 55_530n, differenceE4: 0n }])
  t.equal(one[0]!.sumE4 + two[0]!.sumE4, 96_000n, 'the slot of the exchange is shared, nothing is lost')
  t.same([...one[0]!.qualities.subarray(39, 43)], [0, 0, 3, 3])
  t.same([...two[0]!.qualities.subarray(38, 42)], [3, 3, 0, 0])
})

await t.test('a gap that ends behind the days that are asked for is filled like a gap inside them', async (t) => {
  const { owner, settle, days } = await arrange(t)
  await storePieces(
    owner,
    1,
    quarters(3, (slot) => slot > 80 && slot < 110),
  )
  await settle(1)
  t.match(await days(), [{ verdict: 'filled', endE4: null }])
  await settle(3)
  const [first, second] = await days()
  t.match([first, second], [{ revision: 1 }, { revision: 1, verdict: 'filled' }])
  const registers = quarters(2).map(({ registerE4 }) => registerE4)
  t.equal(first!.sumE4 + second!.sumE4, registers.at(-1)! - registers[0]!)
})

await t.test('days settled one by one come out as if settled at once', async (t) => {
  const { owner, settle, days } = await arrange(t, [{ meterId: 1 }, { meterId: 2 }])
  const pieces = quarters(14, (slot) => slot % 96 === 60 && slot > 96 * 8)
  await storePieces(owner, 1, pieces)
  for (let day = 0; day < 14; day++) await settle(1, addDays(from, day))
  await storePieces(owner, 2, pieces)
  await settle(14)
  const [one, two] = [await days(1), await days(2)]
  t.same(two, one)
  t.match(two[9]?.fills, [{ method: 'similar_days' }])
})

await t.test('an accepted reading at a midnight counts, a live one does not', async (t) => {
  const { owner, settle, days } = await arrange(t, [{ meterId: 1 }, { meterId: 2 }])
  const pieces = quarters(1)
  const end = { readAt: start + dayMs, registerE4: pieces.at(-1)!.registerE4 + 5_0000n }
  const begin = { readAt: start, registerE4: pieces[0]!.registerE4 }
  for (const meterId of [1, 2]) await storePieces(owner, meterId, pieces)
  await acceptRegisters(owner, 1, [begin, end])
  await acceptRegisters(owner, 2, [begin, { ...end, source: 4 }])
  await settle(1)
  t.match(await days(1), [
    { verdict: 'held', rules: ['interval_sum'], differenceE4: -5_0000n, reason: /differ by -5 kWh/ },
  ])
  t.match(await days(2), [{ verdict: 'complete', differenceE4: 0n }])
})

await t.test('meters without a curve, and channels that stand at zero, have no days', async (t) => {
  const { owner, settle, days } = await arrange(t, [{ meterId: 1 }, { meterId: 2 }])
  await storePieces(owner, 1, quarters(1))
  t.match(await settle(1), { meters: 1, written: 1 })
  t.same(
    (await days(1)).map(({ channel }) => channel),
    ['forward_active_energy'],
  )
  t.same(await days(2), [])
})

await t.test('a meter that fell silent has held days, not none', async (t) => {
  const { owner, settle, days } = await arrange(t)
  await storePieces(owner, 1, quarters(1))
  await settle(1, '2026-07-03')
  t.match(await days(), [{ serviceDate: '2026-07-03', verdict: 'held', rules: ['missing_intervals', 'gap_open'] }])
})
