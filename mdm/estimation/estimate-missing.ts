import { quantities } from '../../domain/quantities.js'
import { defaultReadLadder } from '../../domain/read-ladder.js'
import { liveToleranceMs, type MeterId, type RegisterSet } from '../../domain/reading.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { calendarFor, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type EstimablePoint, findEstimablePoints } from '../../storage/mdm/open-points.js'
import { insertDecisions } from '../../storage/mdm/validation.js'
import { fromRegisters } from '../../storage/register-columns.js'
import { resolutionE4 } from '../../domain/register-width.js'
import { interpolate } from './interpolate.js'

export interface EstimationPolicy {
  /** How long a due point must have been open: longer than every remote step takes. */
  readonly deadlineMs: number
  readonly liveToleranceMs: number
}
export const defaultEstimationPolicy: EstimationPolicy = {
  deadlineMs: defaultReadLadder.estimateMs,
  liveToleranceMs,
}

export type NotEstimable = 'billing_boundary' | 'no_earlier_value' | 'no_later_value' | 'registers_disagree'
export interface EstimationReport {
  readonly estimated: readonly { readonly meterId: MeterId; readonly readAt: Instant }[]
  /** Open due points past the deadline that wait for a person, and why. */
  readonly notEstimable: readonly {
    readonly meterId: MeterId
    readonly readAt: Instant
    readonly reason: NotEstimable
  }[]
}

/** Fills open due points of [from, to) that are past the deadline. What it writes says `estimated` and can never pass for a reading. */
export async function estimateMissing(
  database: Database,
  input: { readonly from: Instant; readonly to: Instant; readonly now: Instant; readonly policy?: EstimationPolicy },
): Promise<EstimationReport> {
  const policy = input.policy ?? defaultEstimationPolicy
  const to = Math.min(input.to, input.now - policy.deadlineMs + 1)
  return database.transaction(async (tx) => {
    const points = await findEstimablePoints(tx, { from: input.from, to, liveToleranceMs: policy.liveToleranceMs })
    const results = points.map((point) => ({ point, result: estimate(point) }))
    const rows = results.flatMap(({ point, result }) => (result.ok ? [toRow(point, result.value, input.now)] : []))
    await insertDecisions(tx, rows)
    return {
      estimated: results.filter(({ result }) => result.ok).map(({ point }) => keyOf(point)),
      notEstimable: results.flatMap(({ point, result }) =>
        result.ok ? [] : [{ ...keyOf(point), reason: result.error.kind }],
      ),
    }
  })
}

/** A bill never begins or ends on an estimate: first of a month, or an agreement's own boundary. */
export function estimate(point: EstimablePoint): Result<RegisterSet, { readonly kind: NotEstimable }> {
  const calendar = calendarFor(point.timeZone)
  if (point.agreementBoundary || calendar.dateAt(point.readAt).endsWith('-01')) return err({ kind: 'billing_boundary' })
  if (point.before === null) return err({ kind: 'no_earlier_value' })
  if (point.after === null) return err({ kind: 'no_later_value' })
  const registers = interpolate(point.before, point.after, point.readAt, resolutionE4(point))
  return registers === null ? err({ kind: 'registers_disagree' }) : ok(registers)
}

function keyOf({ meterId, readAt }: EstimablePoint) {
  return { meterId, readAt }
}

function toRow(point: EstimablePoint, registers: RegisterSet, now: Instant) {
  const [before, after] = [present(point.before, 'value before'), present(point.after, 'value after')]
  return {
    meter_id: point.meterId,
    quantity: quantities.forward_active_energy.code,
    read_at: point.readAt,
    revision: 1,
    verdict: 'estimated',
    ...fromRegisters(registers),
    source: null,
    rules: ['interpolation'],
    reason: `between ${new Date(before.readAt).toISOString()} and ${new Date(after.readAt).toISOString()}`,
    recorded_at: now,
  }
}
