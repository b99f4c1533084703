import { quantities } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { EstimablePoint, EstimateRow } from '../../storage/mdm/estimation.js'
import type { EstimationPolicy } from './default-policy.js'
import type { Estimate } from './estimation-context.js'

/** How a value was estimated and how sure that is, under the revision of its decision. */
export function toEstimateRow(
  point: EstimablePoint,
  { method, lowE4, highE4, historyDays, peers }: Estimate,
  { boundary, policy, now }: { readonly boundary: boolean; readonly policy: EstimationPolicy; readonly now: Instant },
): EstimateRow {
  const { meterId, readAt, revision } = point
  const beforeAt = present(point.before, 'value before').readAt
  const basis = { beforeAt, afterAt: point.after?.readAt ?? null, historyDays, peers, boundary }
  const key = { meterId, quantity: quantities.forward_active_energy.code, readAt, revision: revision + 1 }
  return { ...key, method, lowE4, highE4, ...basis, policyVersion: policy.version, recordedAt: now }
}
