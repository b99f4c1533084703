import t from 'tap'
import { boundaryStates } from '../../../domain/boundary-columns.js'
import { builtInCurvePolicy } from '../../../mdm/curves/policy.js'
import type { CurveDay, CurveRule } from '../../../mdm/curves/rule.js'
import { disputedSlot } from '../../../mdm/curves/rules/disputed-slot.js'
import { intervalSum } from '../../../mdm/curves/rules/interval-sum.js'
import { missingIntervals } from '../../../mdm/curves/rules/missing-intervals.js'
import { offGrid } from '../../../mdm/curves/rules/off-grid.js'
import { registerDecreased } from '../../../mdm/curves/rules/register-decreased.js'
import { spike } from '../../../mdm/curves/rules/spike.js'
import { tooManyIntervals } from '../../../mdm/curves/rules/too-many-intervals.js'
import { zeroRun } from '../../../mdm/curves/rules/zero-run.js'
import { slotEnergies } from '../../../mdm/curves/slot-energies.js'

const { unknown, piece, disputed } = boundaryStates

/** A day of hours; `registers` are those at its 25 boundaries, null where none came. */
function dayOf(registers: readonly (bigint | null)[], more: Partial<CurveDay> = {}): CurveDay {
  return {
    meter: { registerDigits: 6, registerDecimals: 2 },
    slotMinutes: 60,
    slotCount: registers.length - 1,
    registersE4: BigInt64Array.from(registers.map((register) => register ?? 0n)),
    states: Uint8Array.from(registers.map((register) => (register === null ? unknown : piece))),
    installed: { from: 0, to: registers.length - 1 },
    offGrid: 0,
    secondValues: 0,
    startE4: null,
    endE4: null,
    ...more,
  }
}

/** 24 hours of 0.5 kWh from 100 kWh on, changed at some boundaries. */
function steady(changed: Readonly<Record<number, bigint | null>> = {}): readonly (bigint | null)[] {
  return Array.from({ length: 25 }, (_, hour) => (hour in changed ? changed[hour]! : 100_0000n + BigInt(hour) * 5000n))
}

function still(from: number, to: number): readonly bigint[] {
  return Array.from(
    { length: 25 },
    (_, hour) => 100_0000n + BigInt(hour <= from ? hour : Math.max(from, hour - to + from)) * 5000n,
  )
}

const states = (day: CurveDay, at: number, state: number) => ({ ...day, states: day.states.with(at, state) })
const lastTenth = 999_999_0000n
const turned = [lastTenth, ...Array.from({ length: 24 }, (_, hour) => BigInt(hour) * 5000n)]

const cases: readonly (readonly [title: string, rule: CurveRule, day: CurveDay, expected: RegExp | null])[] = [
  ['24 intervals', tooManyIntervals, dayOf(steady()), null],
  ['25 intervals', tooManyIntervals, dayOf(steady(), { offGrid: 1 }), /25 intervals, the day has 24/],
  ['a slot that came twice', tooManyIntervals, dayOf(steady(), { secondValues: 1 }), /25 intervals/],
  ['one too many and one missing', tooManyIntervals, dayOf(steady({ 7: null }), { secondValues: 1 }), null],
  ['all on the grid', offGrid, dayOf(steady()), null],
  ['ends within slots', offGrid, dayOf(steady(), { offGrid: 3 }), /3 intervals/],
  ['one value a slot', disputedSlot, dayOf(steady()), null],
  [
    'two values in a slot',
    disputedSlot,
    states(dayOf(steady(), { secondValues: 1 }), 9, disputed),
    /1 slots with more/,
  ],
  ['a dispute that a reading settled', disputedSlot, dayOf(steady(), { secondValues: 1 }), null],
  ['nothing missing', missingIntervals, dayOf(steady()), null],
  ['a piece missing leaves two slots open', missingIntervals, dayOf(steady({ 7: null })), /2 of 24/],
  ['slots before the meter came', missingIntervals, dayOf(steady(), { installed: { from: 9, to: 24 } }), null],
  ['a rising register', registerDecreased, dayOf(steady()), null],
  ['a fall', registerDecreased, dayOf(steady({ 7: 0n })), /fell from 103 to 0 in slot 7/],
  ['a turnover', registerDecreased, dayOf(turned), null],
  ['an everyday slot', spike, dayOf(steady()), null],
  ['exactly the most', spike, dayOf(steady({ 24: 100_0000n + 23n * 5000n + 66_0100n })), null],
  [
    'one unit more',
    spike,
    dayOf(steady({ 24: 100_0000n + 23n * 5000n + 66_0101n })),
    /66.0101 kWh in slot 24, at most 66.01/,
  ],
  ['more than a slot can store', spike, dayOf(steady({ 24: 900_000_0000n })), /slot 24/],
  ['no still hours', zeroRun, dayOf(steady()), null],
  ['five still hours', zeroRun, dayOf(still(8, 13)), null],
  ['six still hours', zeroRun, dayOf(still(8, 14)), /6 h without energy/],
  ['a still day', zeroRun, dayOf(steady().map(() => 100_0000n)), null],
  ['no registers but its own', intervalSum, dayOf(steady()), null],
  ['registers that agree', intervalSum, dayOf(steady(), { startE4: 100_0000n, endE4: 112_0000n }), null],
  ['two hundredths off', intervalSum, dayOf(steady(), { startE4: 100_0000n, endE4: 112_0200n }), null],
  ['a unit more', intervalSum, dayOf(steady(), { startE4: 100_0000n, endE4: 112_0201n }), /differ by -0.0201 kWh/],
  ['more in the slots than in the registers', intervalSum, dayOf(steady(), { endE4: 111_9799n }), /differ by 0.0201/],
  [
    'a coarse display',
    intervalSum,
    dayOf(steady(), { meter: { registerDigits: 6, registerDecimals: 1 }, endE4: 112_2000n }),
    null,
  ],
  ['a slot is missing', intervalSum, dayOf(steady({ 7: null }), { endE4: 999_0000n }), null],
]

t.test('each rule speaks of what it is for', async (t) => {
  for (const [title, rule, day, expected] of cases) {
    const reason = rule(day, slotEnergies(day), builtInCurvePolicy)
    if (expected === null) t.equal(reason, null, title)
    else t.match(reason, expected, title)
  }
})
