import { UserError } from '../../domain/errors.js'
import { addDays, beijing, type Instant, isLocalDate, type LocalDate } from '../../domain/time.js'

/** The local days of `--from` through `--to`, as [from, to). @throws UserError bad_usage for what is no day, and for an end before its beginning. */
export function dayRange(flags: { readonly from: string; readonly to: string }): {
  readonly from: LocalDate
  readonly to: LocalDate
} {
  const [first, last] = [parseDay('--from', flags.from), parseDay('--to', flags.to)]
  if (last < first) throw new UserError('bad_usage', `--to ${last}: 早于 --from is before ${first}`)
  return { from: first, to: addDays(last, 1) }
}

/** The midnights of `--from` through `--to`, as [from, to). */
export interface DaySpan {
  readonly from: Instant
  readonly to: Instant
}

/** @throws UserError as `dayRange`. */
export function daySpan(flags: { readonly from: string; readonly to: string }): DaySpan {
  const { from, to } = dayRange(flags)
  return { from: beijing.startOfDay(from), to: beijing.startOfDay(to) }
}

/** @throws UserError bad_usage. */
export function parseDay(flag: string, text: string): LocalDate {
  if (!isLocalDate(text))
    throw new UserError('bad_usage', `${flag} ${text}: 应为日期 expected a day such as 2026-07-01`)
  return text
}
