import { UserError } from '../../domain/errors.js'
import { addDays, beijing, type Instant, isLocalDate } from '../../domain/time.js'

/** A calendar month `YYYY-MM` from its first midnight to that of the next one. */
export function monthPeriod(month: string): { readonly periodStart: Instant; readonly periodEnd: Instant } {
  const first = `${month}-01`
  if (!isLocalDate(first)) throw new UserError('bad_input', `${month}: 应为月份 expected a month written YYYY-MM`)
  const next = `${addDays(`${month}-28`, 4).slice(0, 7)}-01`
  return { periodStart: beijing.startOfDay(first), periodEnd: beijing.startOfDay(next) }
}
