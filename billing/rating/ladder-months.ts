import type { BilledUsage } from '../../domain/bill.js'
import { addDays, type LocalDate, monthOf } from '../../domain/time.js'

/**
 * Months that count for the year's limits: from `ladderFrom` (or the ladder year's start, if that is later) to the year's end;
 * for a transfer to the day of the transfer. A started month counts as a whole one.
 * Source: 鲁发改价格〔2019〕509号 (limit = monthly limit × months in use; transfer cleared on the months used).
 */
export function ladderMonths(usage: BilledUsage): number {
  const lastDay = addDays(usage.periodTo, -1)
  const first = firstMonth(usage.ladderFrom, lastDay)
  const last = usage.settlementKind === 'transfer' ? monthOf(lastDay).month : 12
  return last - first + 1
}

function firstMonth(ladderFrom: LocalDate, lastDay: LocalDate): number {
  const from = monthOf(ladderFrom)
  return from.year < monthOf(lastDay).year ? 1 : from.month
}
