import { dayMs, hourMs } from '../../domain/time.js'

/** How long after a due point its window is over, by what is wanted, in milliseconds. Only what is stored by then was read at the first pass. */
export interface DueWindows {
  readonly daily_freeze: number
  readonly noted_registers: number
  readonly monthly_set: number
  readonly curve_day: number
}

/** Where no plan says otherwise: the night, and a day for what is read behind it. */
export const usualWindows: DueWindows = {
  daily_freeze: 6 * hourMs,
  noted_registers: 6 * hourMs,
  monthly_set: dayMs,
  curve_day: dayMs,
}

/** As a parameter. */
export function toWindowsJson(windows: DueWindows): string {
  return JSON.stringify(windows)
}

/** End of the window of a point, of which `template` and `readAt` are expressions; $6 are the windows. */
export function windowEndSql(template: string, readAt: string): string {
  return `(${readAt} + ($6::jsonb ->> ${template})::double precision * interval '1 millisecond')`
}
