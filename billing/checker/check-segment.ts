import { checkComponentProof } from './check-component-proof.js'
import { checkProof } from './check-proof.js'
import { child, type Cursor, decimal, isAbsent, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { add, type Rational, zero } from './rational.js'
import { type FoundFault, judged, type ProofVerdict } from './verdict.js'

export type SegmentVerdict = { readonly holds: true } | FoundFault

/**
 * Verifies the bills of a segment one after the other, in order of their numbers, and in the end what the segment says of them together:
 * numbers without a gap that nobody else has, as many bills as were issued, every account billed or held, the receivables and the ledger's
 * debit exactly their sum; inputs and manifest as they were frozen, and one digest rated, reviewed by one person and issued by another.
 */
export interface SegmentCheck {
  readonly take: (proof: unknown) => ProofVerdict
  /**
   * @param statement JSON: firstNumber, accounts, held, bills, receivable, and ledger, which is null before the posting; manifest and input
   * with the digests frozen and kept; digests, people and totals of dry run, review and issue; how many segments share its numbers.
   */
  readonly close: (statement: unknown) => SegmentVerdict
}

export function createSegmentCheck(): SegmentCheck {
  const numbers: bigint[] = []
  let amount: Rational = zero
  return {
    take(proof) {
      const document = { value: proof, path: '' }
      const verdict = checkAny(document)
      const bill = child(document, 'bill')
      return judged(() => {
        numbers.push(BigInt(text(child(bill, 'number'))))
        amount = add(amount, decimal(child(bill, 'amount')))
        return verdict
      })
    },
    close: (statement) =>
      judged(() => {
        checkStatement({ value: statement, path: '' }, numbers, amount)
        return { holds: true }
      }),
  }
}

/** A bill that its inputs no longer come to has no proof, and does not hold. */
function checkAny(proof: Cursor): ProofVerdict {
  switch (child(proof, 'format').value) {
    case 'unrated-bill/1':
      return { holds: false, node: 'rated', expected: 'a bill', found: text(child(proof, 'problem')) }
    case 'component-proof/1':
      return checkComponentProof(proof.value)
    default:
      return checkProof(proof.value)
  }
}

function checkStatement(statement: Cursor, numbers: readonly bigint[], amount: Rational): void {
  const first = BigInt(text(child(statement, 'firstNumber')))
  for (const [index, number] of numbers.entries())
    requireSame(`bill ${index}`, String(first + BigInt(index)), String(number))
  const bills = child(statement, 'bills')
  requireSame(bills.path, String(numbers.length), String(whole(bills)))
  const held = whole(child(statement, 'held'))
  const accounts = child(statement, 'accounts')
  requireSame(accounts.path, String(numbers.length + held), String(whole(accounts)))
  const receivable = child(statement, 'receivable')
  requireEqual(receivable.path, amount, decimal(receivable))
  const ledger = child(statement, 'ledger')
  if (ledger.value !== null) requireEqual(ledger.path, amount, decimal(ledger))
  const overlapping = child(statement, 'overlapping')
  requireSame(
    'numbers',
    'taken by this segment alone',
    overlapping.value === 0 ? 'taken by this segment alone' : 'others',
  )
  checkKept(child(statement, 'manifest'))
  checkKept(child(statement, 'input'))
  checkReviewed(statement, numbers.length, amount)
}

function checkKept(digests: Cursor): void {
  if (isAbsent(digests)) return
  const kept = child(digests, 'kept')
  requireSame(digests.path, text(child(digests, 'frozen')), text(kept))
}

/** What was issued is what was rated, and what another person than the issuer had reviewed. */
function checkReviewed(statement: Cursor, bills: number, amount: Rational): void {
  const digests = child(statement, 'digests')
  const issued = text(child(digests, 'issued'))
  for (const name of ['reviewed', 'rated']) requireSame(child(digests, name).path, issued, text(child(digests, name)))
  const rated = child(statement, 'rated')
  requireSame(child(rated, 'bills').path, String(bills), String(whole(child(rated, 'bills'))))
  requireEqual(child(rated, 'amount').path, amount, decimal(child(rated, 'amount')))
  const people = child(statement, 'people')
  const reviewer = text(child(people, 'reviewer'))
  if (reviewer === text(child(people, 'issuer')))
    throw new Fault(child(people, 'reviewer').path, 'another person than the issuer', reviewer)
}
