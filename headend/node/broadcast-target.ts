import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectLastClockChecks } from '../../storage/headend/clock-checks.js'
import { metersOnLine } from '../../storage/headend/set-due-reads.js'
import type { Line } from '../line-settings.js'
import type { BroadcastLine } from '../orders/may-broadcast.js'

/** A line with the latest clock check of each of its meters. One that showed no time at all is further off than any step. */
export async function broadcastTarget(
  queryable: Queryable,
  { lineId, code, calendar }: Pick<Line, 'lineId' | 'code' | 'calendar'>,
  now: Instant,
): Promise<BroadcastLine> {
  const meters = await metersOnLine(queryable, lineId, now)
  const meterIds = meters.map(({ meterId }) => meterId)
  const checks = await selectLastClockChecks(queryable, meterIds, now)
  const clocks = checks.map((check) => ({
    meterId: check.meter_id,
    checkedAt: check.checked_at,
    offsetMs: check.offset_ms === null ? Number.MAX_SAFE_INTEGER : Number(check.offset_ms),
    uncertaintyMs: Number(check.uncertainty_ms ?? 0n),
  }))
  return { lineId, code, calendar, clocks }
}
