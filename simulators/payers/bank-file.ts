import { yuan } from '../../domain/scaled.js'
import type { LocalDate } from '../../domain/time.js'
import type { Payment } from './payers.js'

export const bankChannel = 'demo-bank'

/**
 * The bank's file of one day: a header with channel, statement, number of payments and their sum in yuan, then
 * `reference,account,amount in yuan,instant of payment` for each.
 */
export function bankFile(day: LocalDate, payments: readonly Payment[]): string {
  const sumFen = payments.reduce((sum, { amountFen }) => sum + amountFen, 0n)
  const header = `#shuangwu-bank-file,${bankChannel},${day},${payments.length},${yuan(sumFen)}`
  const rows = payments.map(({ reference, accountCode, amountFen, paidAt }) =>
    [reference, accountCode, yuan(amountFen), new Date(paidAt).toISOString()].join(','),
  )
  return [header, ...rows].map((line) => `${line}\n`).join('')
}

/** The files as they arrive on a day: none without payments; on days whose number ends in 5 the bank sends its file twice. */
export function bankDeliveries(day: LocalDate, payments: readonly Payment[]): readonly string[] {
  if (payments.length === 0) return []
  const text = bankFile(day, payments)
  return day.endsWith('5') ? [text, text] : [text]
}
