import { child, type Cursor, day, decimal, isAbsent, text } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { compare, zero } from './rational.js'

/**
 * What a bill comes to is owed by its account on the day that the run set, and is booked on its account on the run's accounting day; of a
 * bill that comes to nothing nothing is owed. Proofs made before say nothing of the receivable, or of the account of the entry.
 */
export function checkOwed(proof: Cursor): void {
  const [bill, receivable, entry] = [child(proof, 'bill'), child(proof, 'receivable'), child(proof, 'entry')]
  if (receivable.value === undefined) return
  const amount = child(bill, 'amount')
  if (compare(decimal(amount), zero) === 0) {
    if (!isAbsent(receivable)) throw new Fault(receivable.path, 'nothing is owed', 'a receivable')
  } else {
    requireOf(bill, receivable)
    requireEqual(child(receivable, 'amount').path, decimal(amount), decimal(child(receivable, 'amount')))
    requireSame(child(receivable, 'dueDate').path, day(child(bill, 'dueDate')), day(child(receivable, 'dueDate')))
  }
  if (isAbsent(entry)) return
  requireOf(bill, entry)
  requireSame(child(entry, 'kind').path, 'bill', text(child(entry, 'kind')))
  requireSame(child(entry, 'date').path, day(child(bill, 'accountingDate')), day(child(entry, 'date')))
}

function requireOf(bill: Cursor, booked: Cursor): void {
  const account = child(booked, 'account')
  requireSame(account.path, text(child(bill, 'account')), text(account))
}
