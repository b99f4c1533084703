import type { FaultName } from '../../simulators/histories/fault-names.js'
import type { PointHistory } from '../../simulators/histories/history.js'

/** What a billing system answered for one point: energies kWh e4 (total, tou1…tou4), or the code of a hold. */
export type Answer = { readonly released: readonly bigint[] } | { readonly held: string }

/**
 * - `true`: released, and every register is the truth to the last e4.
 * - `by_meter`: the same, of a meter that was tampered with or whose clock was off: its own registers are billed, what they cannot know is not.
 * - `hidden`: wrong by no more than two of the point's fullest days and two steps of its display, or by 3 kWh, by a fault that shows nowhere else; see `hideable`.
 * - `wrong`: released and not the truth. Must not happen.
 * - `held`: held, and something was planted that asks for it. `demanded_hold`: held because a policy wants a person to look, whoever is right.
 * - `false_hold`: held although nothing asked for it.
 */
export const verdicts = ['true', 'by_meter', 'held', 'demanded_hold', 'false_hold', 'hidden', 'wrong'] as const
export type Verdict = (typeof verdicts)[number]

/** Faults that a billing system may not ask anybody about: with them every value that counts is there and right. */
const harmless: ReadonlySet<FaultName> = new Set(['gap', 'late_back_fill', 'duplicate', 'field_read_settles'])

/** The meter itself is deceived, so that its registers are all there is. */
const ofTheMeter: ReadonlySet<FaultName> = new Set(['bypass', 'magnet', 'reverse_running', 'clock_drift', 'clock_jump'])

/** What cannot mislead: values that are missing or doubled, what a policy always asks about, and meters that are billed as they count. */
const plain: ReadonlySet<FaultName> = new Set([
  ...harmless,
  'gap_at_boundary',
  'estimate_at_boundary',
  'live_read_too_late',
  'mistyped_multiplier',
  'bypass',
  'magnet',
  'reverse_running',
  'clock_drift',
])

/** Whether something is planted that may lead to a wrong value by itself; everything else can only be held for nothing. */
export function mayDeceive(faults: readonly FaultName[]): boolean {
  return faults.some((name) => !plain.has(name))
}

/** Faults in a value that no second reading tells of: the last note of a meter, or a digit of a register that nothing adds up with. */
const hideable: ReadonlySet<FaultName> = new Set([
  'wrong_note',
  'notes_swapped',
  'start_note_zero',
  'damaged_register',
  'unit_slip',
  'usage_as_register',
  'unnoted_exchange',
  'meters_swapped',
])
const hiddenDays = 2n
const hiddenSteps = 2n
const hiddenLeastE4 = 3_0000n
const repeating: ReadonlySet<FaultName> = new Set(['stale_repeat', 'second_value', 'clock_other_day', 'reversed_order'])
/** Two of these at one point can hide each other: the value that comes again may never have come before. */
const losing: ReadonlySet<FaultName> = new Set([
  ...repeating,
  'gap',
  'gap_at_boundary',
  'estimate_at_boundary',
  'field_read_settles',
])

/** A load that uses less than 1 kWh or ten steps of its display on some days may as well rest for one: an old value looks like that. */
const restingDayE4 = 1_0000n
const restingSteps = 10n

/** Holds that a policy asks for whoever is right: the first bill after an exchange or a new multiplier. */
const demanded: ReadonlySet<string> = new Set(['usage_unlike_history', 'new_multiplier', 'note_unlike_readings'])

/** Compares an answer with the truth. Knows nothing of how the answer came about. */
export function judge(point: PointHistory, answer: Answer): Verdict {
  const has = (names: ReadonlySet<FaultName>) => point.planted.some(({ name }) => names.has(name))
  if ('held' in answer) {
    if (point.planted.some(({ name }) => !harmless.has(name))) return 'held'
    return demanded.has(answer.held) ? 'demanded_hold' : 'false_hold'
  }
  if (largestErrorE4(point, answer.released) === 0n) return has(ofTheMeter) ? 'by_meter' : 'true'
  const isSmall = largestErrorE4(point, answer.released) <= hiddenMostE4(point)
  const mayRest = point.emptiestDayE4 < restingDayE4 || point.emptiestDayE4 < point.stepE4 * restingSteps
  const hideEachOther = point.planted.filter(({ name }) => losing.has(name)).length > 1
  return isSmall && (has(hideable) || (has(repeating) && (mayRest || hideEachOther))) ? 'hidden' : 'wrong'
}

/** The faults of a point by which a wrong value can be hidden. */
export function hidersOf({ planted }: PointHistory): readonly FaultName[] {
  return planted.map(({ name }) => name).filter((name) => hideable.has(name) || repeating.has(name))
}

function hiddenMostE4({ fullestDayE4, stepE4 }: PointHistory): bigint {
  const most = fullestDayE4 * hiddenDays + stepE4 * hiddenSteps
  return most > hiddenLeastE4 ? most : hiddenLeastE4
}

/** By how much the register is wrong that is wrong by most, kWh e4. */
export function largestErrorE4({ truth }: PointHistory, released: readonly bigint[]): bigint {
  return truth.reduce((most, energy, register) => {
    const error = energy - (released[register] ?? 0n)
    const size = error < 0n ? -error : error
    return size > most ? size : most
  }, 0n)
}
