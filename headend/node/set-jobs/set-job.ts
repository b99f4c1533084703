import type { MeterQuirks } from '../../../domain/meter-quirks.js'
import type { MeterId } from '../../../domain/reading.js'
import type { Clock } from '../../../domain/runtime.js'
import type { Instant } from '../../../domain/time.js'
import type { Queryable } from '../../../storage/database.js'
import type { CollectedReading, QuarantinedMessage } from '../../../storage/headend/collected.js'
import type { AbsentSlots, CollectedValue, CountedEvents } from '../../../storage/headend/collected-values.js'
import type { MeterOnLine } from '../../../storage/headend/set-due-reads.js'
import type { FailureCause } from '../../acquisition/failure-cause.js'
import type { Line } from '../../line-settings.js'
import type { CollectionPlan, PlanTemplate } from '../../plan/plan-document.js'
import type { SetItemCause } from '../../reading-sets/ask-item.js'
import type { PlannedSet } from '../../reading-sets/set-airtime.js'
import type { Dlt645Line } from '../../sessions/dlt645-line.js'

/** A set of one meter that a window wants. */
export interface SetJob {
  readonly key: string
  readonly meterId: MeterId
  readonly quirks: MeterQuirks
  /** As the meter is called. */
  readonly address: string
  /** What it costs. */
  readonly planned: PlannedSet
  /** Under what a failure is recorded. */
  readonly template: string
  readonly readAt: Instant
  readonly read: (line: Dlt645Line) => Promise<SetBrought>
}

/** Why a set is not whole. */
export type SetCause =
  | FailureCause
  | SetItemCause
  /** The meter has no settlement day 1. */
  | 'settlement_unused'
  /** A settlement was too near to tell which one the set is of. */
  | 'settlement_at_hand'
  /** The settlement day could not be read. */
  | 'settlement_unknown'

export interface SetBrought {
  readonly values: readonly CollectedValue[]
  readonly readings: readonly CollectedReading[]
  readonly unreadable: readonly QuarantinedMessage[]
  readonly counts: readonly CountedEvents[]
  readonly absent: AbsentSlots | null
  /** Null for a set that brought all that the meter has. */
  readonly cause: SetCause | null
  /** The meter or its line is gone: it is not asked for more in this pass. */
  readonly isGone: boolean
}

export interface SetJobsOptions {
  readonly database: Queryable
  readonly clock: Clock
  readonly plan: CollectionPlan
  readonly line: Line
  readonly template: PlanTemplate
  readonly meters: readonly MeterOnLine[]
  /** Names the window in the statistics of its passes. */
  readonly windowName: string
  readonly dueAt: Instant
  readonly end: Instant
}
