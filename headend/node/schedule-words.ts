import type { Instant } from '../../domain/time.js'
import type { Fired } from '../plan/dispatch.js'
import type { ForetoldAhead } from '../plan/foretell-ahead.js'
import { foretoldFields } from '../schedule/foretold-fields.js'
import type { LogEvent } from './log.js'

/** A schedule has fallen due. */
export function sayFired(log: LogEvent, { dropped, ...fired }: Fired): void {
  const instants = { dueAt: iso(fired.dueAt), start: iso(fired.start), recordedAt: iso(fired.recordedAt) }
  log('info', 'windows_scheduled', { ...fired, ...instants })
  if (dropped.length === 0) return
  const reason =
    '停运过久，这些天未建应抄点；backfill 可补建 missed too long ago: not laid down; backfill --days lays them down'
  log('warn', 'days_not_laid', { days: dropped.length, from: dropped[0], through: dropped.at(-1), reason })
}

/** What a window to come will hold. */
export function sayForetold(log: LogEvent, { schedule, line, opensAt, forecast }: ForetoldAhead): void {
  const { unfit, missingMs } = forecast
  const window = { schedule, line: line.code, opensAt: iso(opensAt) }
  log('info', 'window_foretold', { ...window, ...foretoldFields(forecast, opensAt) })
  if (unfit.length === 0) return
  const missing = { unfitJobs: unfit.length, missingMs: Math.ceil(missingMs) }
  log('warn', 'window_infeasible', { ...window, reason: '窗口排不下 the window does not hold it all', ...missing })
}

export function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}
