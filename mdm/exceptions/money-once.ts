import { groupBy } from '../../domain/group-by.js'
import { calendarFor, type Instant } from '../../domain/time.js'

interface Doubt {
  readonly accountCode: string | null
  readonly readAt: Instant | null
  readonly periodStart: Instant | null
  readonly timeZone: string
}

/**
 * Which bill a doubt puts at risk: an account and a month; the midnight that opens a month closes the one before. What is about no account
 * stands for itself, under `own`.
 */
export function billAtRisk({ accountCode, readAt, periodStart, timeZone }: Doubt, own: string): string {
  const at = readAt === null ? periodStart : readAt - 1
  if (accountCode === null || at === null) return own
  return `${accountCode} ${calendarFor(timeZone).dateAt(at).slice(0, 7)}`
}

/** Money of rows of which several may put the same bill at risk: each bill once, at the most that one of them says. */
export function moneyOnce<T>(rows: readonly T[], billOf: (row: T) => string, moneyOf: (row: T) => bigint): bigint {
  return [...groupBy(rows, billOf).values()].reduce((sum, there) => sum + most(there.map(moneyOf)), 0n)
}

export function most(amounts: readonly bigint[]): bigint {
  return amounts.reduce((highest, amount) => (amount > highest ? amount : highest), 0n)
}
