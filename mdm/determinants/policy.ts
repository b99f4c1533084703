import { dayMs } from '../../domain/time.js'
import { defaultValidationPolicy } from '../validation/built-in-policy.js'
import type { MeterLimits } from '../validation/policy.js'

export interface DeterminantPolicy {
  readonly validation: MeterLimits
  /** After an exchange or a new multiplier usage per day may differ from before by this factor either way… */
  readonly historyFactor: bigint
  /** …or by this many kWh e4 a day, whichever allows more. */
  readonly historySlackE4PerDay: bigint
  /** Or this factor and this many kWh e4 a day where the lower usage lasts so long: a register in another unit. */
  readonly otherUnitFactor: bigint
  readonly otherUnitSlackE4PerDay: bigint
  readonly otherUnitMs: number
  /** By how many usual days a meter may have counted more between its note at an exchange and the reading beside it than days have begun. */
  readonly noteExtraDays: bigint
  /** How near a reading must be to a note to tell about it. */
  readonly noteReachMs: number
  /** From so long a time without a reading beside a note on at least so many percent of the usual use must have been counted in it. */
  readonly noteGapMs: number
  readonly notePercent: bigint
  /** So soon after the first bill with a new meter a jump throws doubt on it. */
  readonly newMeterJumpMs: number
  /** How far back and on a repeated value is followed to tell an old value from a load that rests. */
  readonly repeatBackMs: number
  readonly repeatOnMs: number
  /** A value that repeats was old when at least this share of a usual use follows at once, in percent. */
  readonly repeatPercent: bigint
  /** Whether the first bill with a new multiplier waits for a person (billing-rules 2.3). */
  readonly holdsNewMultiplier: boolean
  /** A day that jumped is borne out by another one that did within this time. */
  readonly jumpReachMs: number
  /** One that is not, makes up more than so many percent of a segment's usage and is so many times the days beside it holds the account. */
  readonly jumpPercent: bigint
  /** The same where it is above the fullest day as well. */
  readonly fullestPercent: bigint
  readonly jumpTimes: bigint
  /** At either end of a segment one that is so many times the days beside it does, however little it makes up. */
  readonly jumpTimesAtEnds: bigint
  /** How long after its end a lower value still throws doubt on a segment, and how near to either end several values for one key do. */
  readonly contradictionMs: number
  /** A curve of which more of the period's slots than this are estimates, in percent, is none to bill by. */
  readonly filledSlotsPercent: bigint
  /**
   * The registers by time of use of a meter whose tables nobody has read may differ from its complete curve by so many percent of the whole,
   * or by so many kWh e4 before the multiplier, whichever is more. Beyond that the account is held, or only marked.
   */
  readonly curveSplitPercent: bigint
  readonly curveSplitSlackE4: bigint
  readonly holdsCurveSplit: boolean
  /** k of the formula of transformer losses, tenths; see mdm/losses/transformer-loss.ts. */
  readonly loadShapeE1: bigint
}

export const defaultDeterminantPolicy: DeterminantPolicy = {
  validation: defaultValidationPolicy,
  historyFactor: 4n,
  historySlackE4PerDay: 30_0000n,
  otherUnitFactor: 6n,
  otherUnitSlackE4PerDay: 1_0000n,
  otherUnitMs: 3 * dayMs,
  noteExtraDays: 1n,
  noteReachMs: 10 * dayMs,
  noteGapMs: 1.25 * dayMs,
  notePercent: 50n,
  newMeterJumpMs: 4 * dayMs,
  repeatBackMs: 31 * dayMs,
  repeatOnMs: 10 * dayMs,
  repeatPercent: 42n,
  holdsNewMultiplier: true,
  jumpReachMs: 1.5 * dayMs,
  jumpPercent: 12n,
  fullestPercent: 9n,
  jumpTimes: 3n,
  jumpTimesAtEnds: 2n,
  contradictionMs: 5 * dayMs,
  // Our own assumption: a day and a half of a month.
  filledSlotsPercent: 5n,
  // A quarter of an hour of a steady day is one percent of it.
  curveSplitPercent: 1n,
  curveSplitSlackE4: 1_0000n,
  holdsCurveSplit: true,
  // Three shifts, the smallest of the customary factors: nobody is charged for a loss that is not sure.
  loadShapeE1: 12n,
}
