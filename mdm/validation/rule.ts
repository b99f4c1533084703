import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { RegisterWidth } from '../../domain/register-width.js'
import type { Instant } from '../../domain/time.js'
import type { UsageClass } from '../../domain/usage-class.js'
import type { RuleLimits } from './policy.js'
import type { UsageHistory } from './usage-history.js'

export interface MeterFacts extends RegisterWidth {
  readonly meterId: MeterId
  readonly model: string
}
/** What the registry says of the place where the meter hangs, as of the key's instant. */
export interface SupplyFacts {
  readonly usageClass: UsageClass
  /** Meters of one transformer area are judged together; they are each other's peers. */
  readonly areaId: bigint
  /** CT × PT; for plausibility only. */
  readonly multiplier: bigint
  readonly contractCapacityKva: bigint | null
  /** When this meter was hung here. */
  readonly installedAt: Instant
  /** Whether energy may be fed into the grid here. */
  readonly exportAgreed: boolean
}
/** One thing that was said of a key. */
export interface Claim {
  readonly registers: RegisterSet
  readonly source: ReadingSource
}
/** The last accepted value of the meter before the key. */
export interface PreviousValue {
  readonly readAt: Instant
  readonly registers: RegisterSet
  /** The rules that spoke of it all the same. */
  readonly rules?: readonly string[]
}
/** What the meter's clock was worth over the key's midnight; the checks before and after it tell (view clock_doubt). */
export type ClockState = 'trusted' | 'out_of_limit' | 'absurd'

/** What other meters of the area said at the same instant. */
export interface Neighbours {
  /**
   * Usage of the day against each meter's own usual day, in thousandths: the median over the area's meters of the class. Null where too
   * few of them have a history.
   */
  readonly trendPermille: bigint | null
  /** A meter with which this one seems to have changed places: each one's value continues the other one's series. */
  readonly swappedWith: MeterId | null
  /** A meter that shows the same registers. */
  readonly sameAs: MeterId | null
}

export interface Candidate {
  readonly meter: MeterFacts
  /** Stored number of the quantity, see domain/quantities.ts. */
  readonly quantity: number
  readonly readAt: Instant
  /** In order of trust, without repetitions; never empty. */
  readonly claims: readonly Claim[]
  /** The claim that would be taken: a field read before all others (billing-rules 2.3), else the most trusted. */
  readonly chosen: Claim
  readonly previous: PreviousValue | null
  /** The last due point within the day before the key; looked up for live reads only. */
  readonly dueAt: Instant | null
  /** Null where no usage point had the meter at that instant. */
  readonly supply: SupplyFacts | null
  readonly history: UsageHistory
  readonly neighbours: Neighbours
  readonly clock: ClockState
  /** Maximum demand that the meter closed at this instant, kW e4 before the multiplier. */
  readonly demandE4: bigint | null
}

/** `null` when the rule has nothing to say, otherwise why it doubts the candidate. */
export type ValidationRule = (candidate: Candidate, limits: RuleLimits) => string | null
