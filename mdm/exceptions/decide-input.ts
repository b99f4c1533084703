import type { DecisionAction, OverrideCode } from '../../domain/exception-policy.js'
import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { ExceptionClaim } from '../../storage/mdm/exception-decisions.js'
import type { OpenExceptionFilter } from '../../storage/mdm/open-exceptions.js'
import type { NotDecidableReason } from './allowed-actions.js'

export interface DecideInput {
  readonly filter: OpenExceptionFilter
  readonly action: Exclude<DecisionAction, 'undo'>
  readonly reason: string
  readonly evidence: string
  readonly actor: string
  readonly now: Instant
  /** For `hold`. */
  readonly holdUntil?: Instant
  /** For `correct`: the registers of the one exception that is named. */
  readonly value?: RegisterSet
  /** For `correct`: why a value stands that the rules would hold. */
  readonly overrideCode?: OverrideCode
  /** For `accept`: which claim, the most trusted being 1. Where they disagree, it has to be named. */
  readonly claim?: number
  /** Freezes nothing and says what would be. */
  readonly dryRun?: boolean
}
export interface LeftOut {
  readonly exceptionKey: string
  readonly kind: NotDecidableReason
  /** What speaks against it, where rules do. */
  readonly detail?: string
  /** The claims that disagree, in the order of their numbers, where one of them has to be named. */
  readonly claims?: readonly ExceptionClaim[]
  /** In which they are told. */
  readonly timeZone?: string
}
