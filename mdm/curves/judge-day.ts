import type { IntervalDay, SlotFill } from '../../domain/interval-day.js'
import { slotQualities } from '../../domain/interval-day.js'
import type { LocalDay } from './local-days.js'
import type { CurvePolicy } from './policy.js'
import { endRegisters, reconcile, sumOf } from './reconcile.js'
import type { CurveDay, CurveRule, CurveRuleName, DaySlots, FillProblem } from './rule.js'
import { disputedSlot } from './rules/disputed-slot.js'
import { intervalSum } from './rules/interval-sum.js'
import { missingIntervals } from './rules/missing-intervals.js'
import { offGrid } from './rules/off-grid.js'
import { registerDecreased } from './rules/register-decreased.js'
import { spike } from './rules/spike.js'
import { tooManyIntervals } from './rules/too-many-intervals.js'
import { zeroRun } from './rules/zero-run.js'

interface NamedRule {
  readonly name: CurveRuleName
  readonly rule: CurveRule
}

/** Asked of the slots as they came. */
const rulesOfMeasured: readonly NamedRule[] = [
  { name: 'too_many_intervals', rule: tooManyIntervals },
  { name: 'off_grid', rule: offGrid },
  { name: 'disputed_slot', rule: disputedSlot },
  { name: 'missing_intervals', rule: missingIntervals },
  { name: 'register_decreased', rule: registerDecreased },
  { name: 'zero_run', rule: zeroRun },
]

/** Asked of the day with what was filled. */
const rulesOfFilled: readonly NamedRule[] = [
  { name: 'spike', rule: spike },
  { name: 'interval_sum', rule: intervalSum },
]

/** Why stretches stay as they are, in words. */
const gapReasons: Readonly<Record<FillProblem, string>> = {
  gap_open: 'a gap has no known register on one of its sides',
  gap_too_long: 'a gap is longer than may be filled',
  gap_above_peak: 'filling a gap would make a peak above what was measured',
}

/** What came of the day's gaps. */
export interface DayFill {
  readonly slots: DaySlots
  readonly fills: readonly SlotFill[]
  readonly problems: readonly FillProblem[]
}

/** The day as decided: held when a rule that holds spoke, otherwise filled when a slot is estimated, otherwise complete. */
export function judgeDay(
  localDay: LocalDay,
  day: CurveDay,
  measured: DaySlots,
  { slots, fills, problems }: DayFill,
  policy: CurvePolicy,
): IntervalDay {
  const spoken = [
    ...heard(rulesOfMeasured, day, measured, policy),
    ...[...new Set(problems)].map((name) => ({ name, reason: gapReasons[name] })),
    ...heard(rulesOfFilled, day, slots, policy),
  ]
  const held = spoken.some(({ name }) => !policy.notes.includes(name))
  return {
    dayStart: localDay.start,
    serviceDate: localDay.date,
    slotMinutes: day.slotMinutes,
    energiesE4: slots.energiesE4,
    qualities: slots.qualities,
    ...endRegisters(day),
    sumE4: sumOf(slots.energiesE4),
    differenceE4: reconcile(day, slots),
    verdict: held ? 'held' : slots.qualities.includes(slotQualities.estimated) ? 'filled' : 'complete',
    rules: spoken.map(({ name }) => name),
    reason: spoken.map(({ reason }) => reason).join('; '),
    fills,
  }
}

function heard(rules: readonly NamedRule[], day: CurveDay, slots: DaySlots, policy: CurvePolicy) {
  const spoken: { readonly name: CurveRuleName; readonly reason: string }[] = []
  for (const { name, rule } of rules) {
    const reason = rule(day, slots, policy)
    if (reason !== null) spoken.push({ name, reason })
  }
  return spoken
}
