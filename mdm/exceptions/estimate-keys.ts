import { liveToleranceMs } from '../../domain/reading.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type EstimablePoint, type EstimateRow, findAskedPoints } from '../../storage/mdm/estimation.js'
import { estimateRegisters } from '../estimation/estimate-registers.js'
import { toEstimateRow } from '../estimation/estimate-row.js'
import type { Estimate, NotEstimableReason } from '../estimation/estimation-context.js'
import { estimationPolicyInForce } from '../estimation/policy-in-force.js'
import { readContexts } from '../estimation/read-contexts.js'

export interface AskedEstimate {
  readonly estimate: Estimate
  /** Goes in beside the decision that takes the value. */
  readonly row: EstimateRow
}
export interface NotEstimableRefused {
  readonly kind: NotEstimableReason | 'other_quantity'
}
export type EstimateResult = Result<AskedEstimate, NotEstimableRefused>

/**
 * What a person gets who asks for estimates: the methods, ranks and limits of the policy in force as without asking, but for the hours
 * that it waits for a later reading. In the order of `exceptionKeys`.
 */
export async function estimateKeys(
  client: Queryable,
  exceptionKeys: readonly string[],
  now: Instant,
): Promise<readonly EstimateResult[]> {
  if (exceptionKeys.length === 0) return []
  const policy = await estimationPolicyInForce(client, now)
  const points = await findAskedPoints(client, exceptionKeys)
  const asked = points.filter((point): point is EstimablePoint => point !== null)
  const contexts = await readContexts(client, asked, { policy, now, liveToleranceMs, asked: true })
  const results = new Map<EstimablePoint, EstimateResult>()
  for (const [place, point] of asked.entries()) {
    const context = present(contexts[place], 'the context of a point')
    const result = estimateRegisters(context, policy)
    if (!result.ok) results.set(point, err(result.error))
    else {
      const row = toEstimateRow(point, result.value, { boundary: context.boundary, policy, now })
      results.set(point, ok({ estimate: result.value, row }))
    }
  }
  return points.map((point) => (point === null ? undefined : results.get(point)) ?? err({ kind: 'other_quantity' }))
}
