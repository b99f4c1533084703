import { err, ok, type Result } from '../../domain/result.js'
import { yuan, parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'

/**
 * A day's payments as a bank reports them: UTF-8 CSV without quoting, lines ended by LF or CRLF. The first line names the channel,
 * the statement, how many payments follow and what they come to in yuan; then one line per payment: reference, account,
 * amount in yuan, instant of payment with offset.
 *
 *     #shuangwu-bank-file,bank-1,2026-08-17,2,160.05
 *     B1-000001,A-000017,100.00,2026-08-17T10:15:00+08:00
 *     B1-000002,,60.05,2026-08-17T11:00:00+08:00
 *
 * `statement` names the file within its channel; `reference` names the payment within its channel, for ever. An empty account
 * is money nobody put a customer number on. Count and total must be those of the lines that follow.
 */
export interface BankFile {
  readonly channel: string
  readonly statement: string
  readonly payments: readonly ReportedPayment[]
}

export interface ReportedPayment {
  readonly reference: string
  /** Customer number as the payer gave it; null when there is none. */
  readonly accountCode: string | null
  readonly amountFen: bigint
  readonly paidAt: Instant
}

/** `line` counts from 1. */
export interface BankFileError {
  readonly kind:
    | 'header_invalid'
    | 'row_invalid'
    | 'amount_invalid'
    | 'paid_at_invalid'
    | 'reference_repeated'
    | 'count_differs'
    | 'total_differs'
  readonly line: number
  readonly detail: string
}

const mark = '#shuangwu-bank-file'
const headerNames = `${mark},channel,statement,count,total in yuan`
const columnNames = 'reference,account,amount in yuan,paid at'
const firstPaymentLine = 2
const namePattern = /^[A-Za-z0-9._:-]{1,64}$/
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/

export function parseBankFile(text: string): Result<BankFile, BankFileError> {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  const header = parseHeader(lines[0] ?? '')
  if (!header.ok) return header
  const payments: ReportedPayment[] = []
  for (const [index, line] of lines.slice(1).entries()) {
    const payment = parseRow(line, index + firstPaymentLine)
    if (!payment.ok) return payment
    payments.push(payment.value)
  }
  const fault = checkTotals(header.value, payments)
  return fault === null
    ? ok({ channel: header.value.channel, statement: header.value.statement, payments })
    : err(fault)
}

interface Header {
  readonly channel: string
  readonly statement: string
  readonly count: number
  readonly totalFen: bigint
}

function parseHeader(line: string): Result<Header, BankFileError> {
  const [name = '', channel = '', statement = '', count = '', total = '', ...more] = line.split(',')
  const totalFen = parseScaled(total, 2)
  const named = name === mark && namePattern.test(channel) && namePattern.test(statement)
  return !named || !/^\d{1,9}$/.test(count) || totalFen === null || more.length > 0
    ? fail('header_invalid', 1, `expected ${headerNames}`)
    : ok({ channel, statement, count: Number(count), totalFen })
}

function parseRow(text: string, line: number): Result<ReportedPayment, BankFileError> {
  const [reference = '', account = '', amount = '', paidAt = '', ...more] = text.split(',')
  if (!namePattern.test(reference) || more.length > 0) return fail('row_invalid', line, `expected ${columnNames}`)
  const amountFen = parseScaled(amount, 2)
  if (amountFen === null || amountFen <= 0n || amountFen >= 2n ** 63n)
    return fail('amount_invalid', line, `not an amount above zero in yuan with at most two decimals: ${amount}`)
  const instant = instantPattern.test(paidAt) ? Date.parse(paidAt) : Number.NaN
  if (Number.isNaN(instant)) return fail('paid_at_invalid', line, `not an instant with offset: ${paidAt}`)
  return ok({ reference, accountCode: account === '' ? null : account, amountFen, paidAt: instant })
}

function checkTotals(header: Header, payments: readonly ReportedPayment[]): BankFileError | null {
  const references = new Set<string>()
  for (const [index, { reference }] of payments.entries()) {
    if (references.has(reference))
      return {
        kind: 'reference_repeated',
        line: index + firstPaymentLine,
        detail: `${reference} stands twice in the file`,
      }
    references.add(reference)
  }
  if (payments.length !== header.count)
    return {
      kind: 'count_differs',
      line: 1,
      detail: `the header counts ${header.count} payments, the file has ${payments.length}`,
    }
  const totalFen = payments.reduce((sum, { amountFen }) => sum + amountFen, 0n)
  if (totalFen === header.totalFen) return null
  const [stated, found] = [header.totalFen, totalFen].map(yuan)
  return { kind: 'total_differs', line: 1, detail: `the header says ${stated}, the payments come to ${found}` }
}

function fail(kind: BankFileError['kind'], line: number, detail: string) {
  return err({ kind, line, detail })
}
