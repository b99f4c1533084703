import { createHash } from 'node:crypto'
import { checkEnergies } from './check-energies.js'
import { checkEntry } from './check-entry.js'
import { checkLines } from './check-lines.js'
import { checkOpening, checkOpeningLadder } from './check-opening.js'
import { checkOwed } from './check-owed.js'
import { checkPeriod } from './check-period.js'
import { canonicalJson, checkTariff } from './check-tariff.js'
import { child, type Cursor, day, decimal, isAbsent, members, text } from './cursor.js'
import { expectedLines, type LadderPosition } from './expected-lines.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { add, type Rational, zero } from './rational.js'
import { type LinesChecked, type ProofVerdict, verdictOf } from './verdict.js'

export type { ProofVerdict } from './verdict.js'

/**
 * Verifies one bill from its proof document (JSON) alone, with arithmetic and decoders of its own: frame bytes -> registers ->
 * differences × multiplier -> relations -> estimates of the old books -> slots -> ladder -> price cells -> lines -> total -> journal entry. It shares no code with what
 * made the bill, so that a mistake there is not repeated here.
 */
export function checkProof(json: unknown): ProofVerdict {
  return verdictOf(check, json)
}

function check(proof: Cursor): LinesChecked {
  requireSame('format', 'proof/2', text(child(proof, 'format')))
  const bill = child(proof, 'bill')
  checkPeriod(proof)
  checkOpening(proof)
  const { billed: energies } = checkEnergies(proof, child(bill, 'estimated').value === true)
  const energy = energies[0] ?? zero
  requireEqual(child(bill, 'energy').path, energy, decimal(child(bill, 'energy')))
  const document = checkTariff(child(proof, 'tariff'), bill)
  const ladder = checkLadder(proof, document, energy)
  const lines = expectedLines(document, energies, {
    transfer: text(child(bill, 'settlement')) === 'transfer',
    periodTo: day(child(bill, 'periodTo')),
    ...ladder,
  })
  const amount = checkLines(bill, lines)
  checkEntry(child(proof, 'entry'), document, energy, amount)
  checkEntryDate(child(proof, 'entry'), day(child(bill, 'periodTo')))
  checkOwed(proof)
  checkDigest(proof)
  return { workedOut: lines.length, onTrust: [], untraced: [] }
}

/** Where the ladder stood and stands. Without one there is nothing to stand on, and none may be stated. */
function checkLadder(
  proof: Cursor,
  document: Cursor,
  energy: Rational,
): Pick<LadderPosition, 'opening' | 'ladderFrom'> {
  const stated = child(child(proof, 'bill'), 'ladderEnergy')
  const ladder = child(proof, 'ladder')
  if (isAbsent(child(document, 'ladder'))) {
    requireEqual(stated.path, zero, decimal(stated))
    requireSame(ladder.path, 'null', isAbsent(ladder) ? 'null' : 'a ladder')
    return { opening: zero, ladderFrom: '' }
  }
  const opening = decimal(child(ladder, 'opening'))
  requireEqual(stated.path, add(opening, energy), decimal(stated))
  checkOpeningLadder(child(proof, 'opening'), ladder)
  return { opening, ladderFrom: day(child(ladder, 'from')) }
}

/** Nothing is booked before the period is over. */
function checkEntryDate(entry: Cursor, periodTo: string): void {
  if (isAbsent(entry)) return
  const date = child(entry, 'date')
  if (day(date) < periodTo) throw new Fault(date.path, `${periodTo} or later`, text(date))
}

/** Covers what no rule can recompute: names, document numbers, times of receipt. */
function checkDigest(proof: Cursor): void {
  const content = { ...members(proof) }
  const stated = text(child(proof, 'sha256'))
  Reflect.deleteProperty(content, 'sha256')
  requireSame('sha256', createHash('sha256').update(canonicalJson(content)).digest('hex'), stated)
}
