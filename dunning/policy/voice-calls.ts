import { daysBetween, type LocalDate } from '../../domain/time.js'
import type { DunningPolicy } from './policy.js'

/** True when one more call on `day` keeps the caps; `callDays` are the local days of the account's calls, planned ones included. */
export function callAllowed({ voiceCalls }: DunningPolicy, callDays: readonly LocalDate[], day: LocalDate): boolean {
  const ages = callDays.map((callDay) => daysBetween(callDay, day))
  const today = ages.filter((age) => age <= 0).length
  const thisWeek = ages.filter((age) => age < 7).length
  return today < voiceCalls.perDay && thisWeek < voiceCalls.perWeek
}
