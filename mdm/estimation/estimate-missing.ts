import { quantities } from '../../domain/quantities.js'
import { liveToleranceMs, type MeterId } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { type EstimablePoint, findEstimablePoints, insertEstimates } from '../../storage/mdm/estimation.js'
import { insertDecisions } from '../../storage/mdm/validation.js'
import { fromRegisters } from '../../storage/register-columns.js'
import { defaultEstimationPolicy, type EstimationPolicy } from './default-policy.js'
import { estimateRegisters } from './estimate-registers.js'
import { toEstimateRow } from './estimate-row.js'
import type { Estimate, NotEstimableReason } from './estimation-context.js'
import { readContexts } from './read-contexts.js'
import { estimationPolicyInForce } from './policy-in-force.js'

/** Bounds memory: histories of this many points are held at once. */
const pointsPerChunk = 2000

export interface EstimationReport {
  readonly estimated: readonly { readonly meterId: MeterId; readonly readAt: Instant }[]
  /** Open due points old enough to be estimated that wait for a person, and why. */
  readonly notEstimable: readonly {
    readonly meterId: MeterId
    readonly readAt: Instant
    readonly reason: NotEstimableReason
  }[]
}

/**
 * Fills open due points of [from, to) that are old enough, and estimates anew what was estimated before a reading came beside it. What
 * it writes says `estimated`, names its method and its interval, and can never pass for a reading.
 */
export async function estimateMissing(
  database: Database,
  input: { readonly from: Instant; readonly to: Instant; readonly now: Instant; readonly policy?: EstimationPolicy },
): Promise<EstimationReport> {
  const { from, now } = input
  const policy = input.policy ?? (await estimationPolicyInForce(database, now))
  const to = Math.min(input.to, now - leastAgeMs(policy) + 1)
  const points = await findEstimablePoints(database, { from, to, liveToleranceMs })
  const reports: EstimationReport[] = []
  for (let start = 0; start < points.length; start += pointsPerChunk) {
    const chunk = points.slice(start, start + pointsPerChunk)
    reports.push(await database.transaction((tx) => estimateChunk(tx, chunk, policy, now)))
  }
  return {
    estimated: reports.flatMap(({ estimated }) => estimated),
    notEstimable: reports.flatMap(({ notEstimable }) => notEstimable),
  }
}

async function estimateChunk(
  tx: Transaction,
  points: readonly EstimablePoint[],
  policy: EstimationPolicy,
  now: Instant,
): Promise<EstimationReport> {
  const contexts = await readContexts(tx, points, { policy, now, liveToleranceMs })
  const results = points.map((point, place) => {
    const context = present(contexts[place], 'the context of a point')
    return { point, boundary: context.boundary, result: estimateRegisters(context, policy) }
  })
  const written = results.flatMap(({ point, boundary, result }) =>
    result.ok ? [{ point, boundary, estimate: result.value }] : [],
  )
  await insertDecisions(
    tx,
    written.map(({ point, estimate }) => toDecision(point, estimate, policy, now)),
  )
  await insertEstimates(
    tx,
    written.map(({ point, boundary, estimate }) => toEstimateRow(point, estimate, { boundary, policy, now })),
  )
  return {
    estimated: written.map(({ point }) => keyOf(point)),
    notEstimable: results.flatMap(({ point, result }) =>
      result.ok ? [] : [{ ...keyOf(point), reason: result.error.kind }],
    ),
  }
}

/** The age from which any method of any class may speak. */
function leastAgeMs({ document }: EstimationPolicy): number {
  const rules = Object.values(document.classes).flatMap(({ methods }) => methods)
  return Math.min(...rules.map(({ afterHours }) => afterHours)) * hourMs
}

function keyOf({ meterId, readAt }: EstimablePoint) {
  return { meterId, readAt }
}

const quantity = quantities.forward_active_energy.code

function toDecision(point: EstimablePoint, estimate: Estimate, { version }: EstimationPolicy, now: Instant) {
  const { after } = point
  const before = isoText(present(point.before, 'value before').readAt)
  return {
    meter_id: point.meterId,
    quantity,
    read_at: point.readAt,
    revision: point.revision + 1,
    verdict: 'estimated',
    ...fromRegisters(estimate.registers),
    source: null,
    rules: [estimate.method],
    reason: after === null ? `after ${before}` : `between ${before} and ${isoText(after.readAt)}`,
    recorded_at: now,
    policy_version: version === defaultEstimationPolicy.version ? null : version,
    decided_by: point.decidedBy,
  }
}

function isoText(instant: Instant): string {
  return new Date(instant).toISOString()
}
