import { present } from '../../domain/result.js'
import { builtInErrors } from './built-in-errors.js'
import type { EstimationPolicyDocument, MethodName, UsageClass } from './policy-document.js'

/** The errors of one method over gaps of one length, pooled over the points of a class. */
export interface ErrorClass {
  readonly days: number
  /** Mean size of the error in thousandths of the estimate; for interpolation in millionths of the usage of the gap. */
  readonly usual: bigint
  /** Errors in thousandths of the point's own spread: so many equally likely ones, in order. */
  readonly scores: readonly bigint[]
}

/** The class of the nearest length that was measured: the longest one that is no longer, else the shortest. */
export function errorClassOf(
  document: EstimationPolicyDocument,
  usageClass: UsageClass,
  method: MethodName,
  days: number,
): ErrorClass {
  const rows = document.errors?.[usageClass]?.[method] ?? builtInErrors[method]
  const row = rows.findLast((each) => each.days <= days) ?? present(rows[0], `errors of ${method}`)
  return { days: row.days, usual: BigInt(row.usual), scores: row.scores.map(BigInt) }
}
