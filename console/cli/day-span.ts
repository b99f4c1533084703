import { UserError } from '../../domain/errors.js'
import { addDays, beijing, type Instant, isLocalDate, type LocalDate } from '../../domain/time.js'

/** The midnights of `--from` through `--to`, as [from, to). */
export interface DaySpan {
  readonly from: Instant
  readonly to: Instant
}

/** @throws UserError bad_usage for what is no day, and for an end before its beginning. */
export function daySpan(flags: { readonly from: string; readonly to: string }): DaySpan {
  const [first, last] = [dateOf('--from', flags.from), dateOf('--to', flags.to)]
  if (last < first) throw new UserError('bad_usage', `--to ${last}: expected ${first} or later`)
  return { from: beijing.startOfDay(first), to: beijing.startOfDay(addDays(last, 1)) }
}

function dateOf(flag: string, text: string): LocalDate {
  if (!isLocalDate(text)) throw new UserError('bad_usage', `${flag} ${text}: expected a day such as 2026-07-05`)
  return text
}
