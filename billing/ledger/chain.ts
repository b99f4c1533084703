import { createHash } from 'node:crypto'
import type { AccountBalance, ChainLink, JournalEntry } from '../../storage/billing/journal.js'

const genesis = Buffer.alloc(32)

/** The link behind `previous`: SHA-256 over the link before, the segment's natural key and its entries, one canonical line each. */
export function nextLink(previous: ChainLink | null, naturalKey: string, entries: readonly JournalEntry[]): ChainLink {
  const hash = createHash('sha256')
  hash.update(previous?.sha256 ?? genesis)
  hash.update(`${JSON.stringify(naturalKey)}\n`)
  for (const entry of entries) hash.update(`${entryLine(entry)}\n`)
  return { chainNo: (previous?.chainNo ?? 0n) + 1n, sha256: hash.digest() }
}

function entryLine(entry: JournalEntry): string {
  const { ordinal, effectiveDate, documentKind, accountId, ledgerNumbers, amountsFen } = entry
  return [ordinal, effectiveDate, documentKind, accountId ?? '', ledgerNumbers.join(','), amountsFen.join(',')].join(
    ' ',
  )
}

/** Debits and credits per ledger account, by number. */
export function balancesOf(entries: readonly JournalEntry[]): readonly AccountBalance[] {
  const balances = new Map<number, AccountBalance>()
  for (const { ledgerNumbers, amountsFen } of entries) {
    for (const [index, accountNumber] of ledgerNumbers.entries()) {
      const amountFen = amountsFen[index] ?? 0n
      const { debitFen, creditFen } = balances.get(accountNumber) ?? { debitFen: 0n, creditFen: 0n }
      balances.set(accountNumber, {
        accountNumber,
        debitFen: amountFen > 0n ? debitFen + amountFen : debitFen,
        creditFen: amountFen < 0n ? creditFen - amountFen : creditFen,
      })
    }
  }
  return [...balances.values()].toSorted((a, b) => a.accountNumber - b.accountNumber)
}
