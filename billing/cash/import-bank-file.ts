import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import { invariant, present } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { yuan } from '../../domain/scaled.js'
import { beijing, calendarFor, type LocalDate } from '../../domain/time.js'
import { insertEntries, type JournalEntry } from '../../storage/billing/journal.js'
import {
  accountsByCode,
  findLedgerSegment,
  insertPayments,
  knownPayments,
  type NewPayment,
  type OpenItem,
  openItemsOf,
} from '../../storage/billing/payments.js'
import { insertLedgerSegment, lockLedger } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { paymentEntry } from '../ledger/payment-entry.js'
import { postSegment } from '../ledger/post-segment.js'
import { requireActor } from '../require-actor.js'
import { allocate, type Allocation } from './allocate.js'
import { type BankFile, parseBankFile, type ReportedPayment } from './parse-bank-file.js'

export interface ImportedBankFile {
  readonly channel: string
  readonly statement: string
  /** Payments of the file that were not on record before. */
  readonly created: number
  readonly existing: number
  readonly amountFen: bigint
  readonly clearedFen: bigint
  readonly prepaidFen: bigint
  readonly unidentifiedFen: bigint
}

type Accounts = Awaited<ReturnType<typeof accountsByCode>>

/**
 * Books a bank file (format: parse-bank-file.ts): each new payment clears its account's oldest receivables first. Entries, payments
 * and their posting are one transaction under one ledger segment per file. The same payments again change nothing; the same
 * reference with another amount, account or time is refused, and with it the whole file.
 */
export async function importBankFile(
  database: Database,
  clock: Clock,
  { text, actor }: { readonly text: string; readonly actor: string },
): Promise<ImportedBankFile> {
  const parsed = parseBankFile(text)
  if (!parsed.ok) {
    const { kind, line, detail } = parsed.error
    throw new UserError('bad_input', `银行文件有误 bank file line ${line}: ${kind}: ${detail}`)
  }
  return database.transaction(async (tx) => {
    await requireActor(tx, actor)
    await lockLedger(tx)
    return book(tx, clock, parsed.value, actor)
  })
}

async function book(tx: Transaction, clock: Clock, file: BankFile, actor: string): Promise<ImportedBankFile> {
  const codes = file.payments.map(({ accountCode }) => accountCode).filter((code) => code !== null)
  const accounts = await accountsByCode(tx, [...new Set(codes)])
  const fresh = await newPayments(tx, file, accounts)
  const payments = await allocateAll(tx, file.channel, fresh, accounts)
  if (payments.length > 0) await write(tx, clock, file, payments, accounts, actor)
  return summarise(file, payments)
}

/** The payments that are not on record; throws when one is, with other content. */
async function newPayments(tx: Transaction, file: BankFile, accounts: Accounts): Promise<readonly ReportedPayment[]> {
  const references = file.payments.map(({ reference }) => reference)
  const known = new Map((await knownPayments(tx, file.channel, references)).map((one) => [one.reference, one]))
  const fresh = file.payments.filter((payment) => {
    const before = known.get(payment.reference)
    if (before === undefined) return true
    refuseOtherContent(file.channel, payment, before, accountIdOf(payment, accounts))
    return false
  })
  const naturalKey = naturalKeyOf(file)
  if (fresh.length > 0 && (await findLedgerSegment(tx, naturalKey)) !== null)
    throw new UserError(
      'refused',
      `${naturalKey} 已登记的文件无此笔 is on record without payment ${fresh[0]?.reference}`,
      {
        reason: 'statement_differs',
      },
    )
  return fresh
}

function refuseOtherContent(
  channel: string,
  payment: ReportedPayment,
  before: { readonly accountId: bigint | null; readonly amountFen: bigint; readonly paidAt: number },
  accountId: bigint | null,
): void {
  const what = `payment ${payment.reference} of channel ${channel}`
  if (payment.amountFen !== before.amountFen) {
    const [stored, reported] = [before.amountFen, payment.amountFen].map(yuan)
    throw new UserError('refused', `${what} 已登记，金额不同 is on record with ${stored}, not ${reported}`, {
      reason: 'exists_with_different_amount',
    })
  }
  // A payment once unidentified stays so until someone assigns it; the customer may have been registered since.
  if (before.accountId !== null && accountId !== before.accountId)
    throw new UserError('refused', `${what} 已登记，户号不同 is on record for another account`, {
      reason: 'exists_with_different_account',
    })
  if (payment.paidAt !== before.paidAt)
    throw new UserError('refused', `${what} 已登记，缴费时刻不同 is on record with another time of payment`, {
      reason: 'exists_with_different_time',
    })
}

async function allocateAll(
  tx: Transaction,
  channel: string,
  fresh: readonly ReportedPayment[],
  accounts: Accounts,
): Promise<readonly NewPayment[]> {
  const ids = fresh.map((payment) => accountIdOf(payment, accounts)).filter((id) => id !== null)
  const items = await openItemsOf(tx, [...new Set(ids)])
  const open = new Map(groupBy(items, ({ accountId }) => accountId))
  return fresh.map((payment, ordinal) => {
    const accountId = accountIdOf(payment, accounts)
    const own = accountId === null ? [] : (open.get(accountId) ?? [])
    const { allocations } = allocate(payment.amountFen, own)
    if (accountId !== null) open.set(accountId, stillOpen(own, allocations))
    const { reference, amountFen, paidAt } = payment
    return { channel, reference, accountId, amountFen, paidAt, ordinal, allocations }
  })
}

/** Allocations clear a prefix of the open items, so they pair by position. */
function stillOpen(items: readonly OpenItem[], allocations: readonly Allocation[]): readonly OpenItem[] {
  return items
    .map((item, index) => ({ ...item, openFen: item.openFen - (allocations[index]?.amountFen ?? 0n) }))
    .filter(({ openFen }) => openFen > 0n)
}

async function write(
  tx: Transaction,
  clock: Clock,
  file: BankFile,
  payments: readonly NewPayment[],
  accounts: Accounts,
  actor: string,
): Promise<void> {
  const naturalKey = naturalKeyOf(file)
  const segmentId = await insertLedgerSegment(tx, naturalKey, 'cash', clock.now())
  const zones = new Map([...accounts.values()].map(({ accountId, timeZone }) => [accountId, timeZone]))
  await insertEntries(
    tx,
    segmentId,
    payments.map((payment) => toEntry(payment, localDate(payment, zones))),
  )
  await insertPayments(tx, segmentId, payments, clock.now())
  await postSegment(tx, { segmentId, naturalKey }, actor, clock.now())
}

function toEntry(payment: NewPayment, effectiveDate: LocalDate): JournalEntry {
  const clearedFen = cleared(payment)
  const { amountFen, accountId, ordinal } = payment
  invariant(clearedFen <= amountFen, 'a payment clears at most its amount')
  const legs = paymentEntry({ amountFen, clearedFen, accountKnown: accountId !== null })
  return { ordinal, effectiveDate, documentKind: 'payment', accountId, ...legs }
}

function localDate(payment: NewPayment, zones: ReadonlyMap<bigint, string>): LocalDate {
  if (payment.accountId === null) return beijing.dateAt(payment.paidAt)
  const zone = present(zones.get(payment.accountId), 'time zone of an account')
  return calendarFor(zone).dateAt(payment.paidAt)
}

function summarise(file: BankFile, payments: readonly NewPayment[]): ImportedBankFile {
  const total = (amounts: readonly bigint[]) => amounts.reduce((sum, fen) => sum + fen, 0n)
  const known = payments.filter(({ accountId }) => accountId !== null)
  return {
    channel: file.channel,
    statement: file.statement,
    created: payments.length,
    existing: file.payments.length - payments.length,
    amountFen: total(payments.map(({ amountFen }) => amountFen)),
    clearedFen: total(payments.map(cleared)),
    prepaidFen: total(known.map((payment) => payment.amountFen - cleared(payment))),
    unidentifiedFen: total(payments.filter(({ accountId }) => accountId === null).map(({ amountFen }) => amountFen)),
  }
}

function cleared(payment: NewPayment): bigint {
  return payment.allocations.reduce((sum, { amountFen }) => sum + amountFen, 0n)
}

function accountIdOf(payment: ReportedPayment, accounts: Accounts): bigint | null {
  return payment.accountCode === null ? null : (accounts.get(payment.accountCode)?.accountId ?? null)
}

function naturalKeyOf({ channel, statement }: BankFile): string {
  return `cash:${channel}:${statement}`
}
