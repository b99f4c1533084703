import type { RegisterSet } from '../../domain/reading.js'
import type { Result } from '../../domain/result.js'
import type { DaySeries } from './day-series.js'
import type { EstimationContext, KnownRegisters, NotEstimableReason } from './estimation-context.js'
import type { EstimationPolicyDocument, MethodRule } from './policy-document.js'

export interface MethodInput {
  readonly context: EstimationContext
  readonly before: KnownRegisters
  readonly series: DaySeries
  /** Whole days that the gap touches up to the point. */
  readonly ahead: number
  readonly rule: MethodRule
  readonly document: EstimationPolicyDocument
}

export interface MethodResult {
  readonly registers: RegisterSet
  /** By how much the total may be too high (as a negative number) and too low, nine times in ten; kWh e4. */
  readonly belowE4: bigint
  readonly aboveE4: bigint
  readonly historyDays: number
  readonly peers: number
}

export type EstimationMethod = (input: MethodInput) => Result<MethodResult, { readonly kind: NotEstimableReason }>
