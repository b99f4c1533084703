import type { Calendar, LocalDate } from '../../domain/time.js'
import type { AccountUsage } from '../../storage/billing/segment-usages.js'

/**
 * Where an account's annual ladder stands when the period begins, kWh e4; null when nothing on record says so, which holds the account.
 * Nothing is used up when months count only from a day inside the period, or when the period opens a ladder year. Otherwise the last
 * bill says it, provided it ends where the period begins; before the first bill the opening state, provided it was taken there.
 */
export function ladderOpening(usage: AccountUsage, calendar: Pick<Calendar, 'dateAt'>): bigint | null {
  const periodFrom = calendar.dateAt(usage.periodStart)
  if (usage.ladderFrom >= periodFrom || opensLadderYear(periodFrom)) return 0n
  if (usage.lastBill !== null)
    return usage.lastBill.periodEnd === usage.periodStart ? usage.lastBill.ladderEnergyE4 : null
  return usage.opening?.asOf === usage.periodStart ? usage.opening.ladderEnergyE4 : null
}

function opensLadderYear(periodFrom: LocalDate): boolean {
  return periodFrom.endsWith('-01-01')
}
