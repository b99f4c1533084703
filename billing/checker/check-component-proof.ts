import { createHash } from 'node:crypto'
import { checkCharges } from './components/check-charges.js'
import { checkQuantities } from './components/check-quantities.js'
import { endOf } from './components/end-of-version.js'
import { checkClosing } from './check-closing.js'
import { checkComponentEntry } from './check-component-entry.js'
import { checkComponentLines } from './check-component-lines.js'
import { checkEnergies } from './check-energies.js'
import { checkIntervalDays } from './check-interval-days.js'
import { checkMeasured, requireUsed } from './check-measured.js'
import { checkOpening } from './check-opening.js'
import { checkOwed } from './check-owed.js'
import { checkPeriod } from './check-period.js'
import { canonicalJson } from './check-tariff.js'
import { child, type Cursor, day, decimal, isAbsent, items, members, text, theOnly, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { type Rational, zero } from './rational.js'
import { type LinesChecked, type ProofVerdict, verdictOf } from './verdict.js'

/**
 * Verifies a bill under a tariff of components from its proof document (JSON) alone: frame bytes -> registers -> energies -> the usage that was
 * rated; each line from its quantity, price and multiple, rounded as its version says; constant prices against the cells of the version;
 * total, digests and journal entry. What each component charges is worked out from the versions and the quantities as far as the checker
 * knows how (`components/`); the verdict counts the lines that it takes on trust, which rating comes to once more, compared by digest.
 */
export function checkComponentProof(json: unknown): ProofVerdict {
  return verdictOf(check, json)
}

function check(proof: Cursor): LinesChecked {
  requireSame('format', 'component-proof/1', text(child(proof, 'format')))
  const bill = child(proof, 'bill')
  checkPeriod(proof)
  checkOpening(proof)
  const energies = checkEnergies(proof, child(bill, 'estimated').value === true)
  const energy = energies.billed[0] ?? zero
  requireEqual(child(bill, 'energy').path, energy, decimal(child(bill, 'energy')))
  const versions = checkVersions(child(proof, 'tariff'), bill)
  const last = versions.find((one) => whole(child(one, 'version')) === whole(child(bill, 'tariffVersion')))
  if (last === undefined) throw new Fault('tariff.versions', 'the version of the bill', 'none')
  // Proofs made before curves were rated say nothing of them.
  if (isAbsent(child(proof, 'intervals'))) checkUsage(child(proof, 'usage'), energies.billed, last)
  else checkIntervalDays(proof, energy)
  const untraced = checkMeasured(proof, energies, last)
  requireSame('ratedSha256', text(child(bill, 'linesSha256')), text(child(proof, 'ratedSha256')))
  const lines = checkComponentLines(bill, versions, last, child(child(proof, 'usage'), 'opening'))
  checkComponentEntry(child(proof, 'entry'), child(last, 'posting'), lines, {
    energy,
    amount: decimal(child(bill, 'amount')),
  })
  checkOwed(proof)
  const rated = theOnly(child(child(proof, 'rated'), 'periods'))
  checkClosing(proof, rated, last)
  checkQuantities(theOnly(child(child(proof, 'usage'), 'periods')), child(rated, 'quantities'), last)
  const onTrust = checkCharges(proof, versions)
  checkDigest(proof)
  return { workedOut: onTrust.reduce((left, one) => left - one.lines, lines.length), onTrust, untraced }
}

/** Versions unchanged since they were registered, one after the other over the whole period. */
function checkVersions(tariff: Cursor, bill: Cursor): readonly Cursor[] {
  const [from, to] = [day(child(bill, 'periodFrom')), day(child(bill, 'periodTo'))]
  let reached: string | null = null
  const versions = items(child(tariff, 'versions')).flatMap((one) => {
    const document = child(one, 'document')
    const sha256 = createHash('sha256')
      .update(canonicalJson(members(document)))
      .digest('hex')
    requireSame(child(one, 'sha256').path, sha256, text(child(one, 'sha256')))
    requireSame(child(document, 'code').path, text(child(bill, 'tariffCode')), text(child(document, 'code')))
    return items(child(document, 'versions'))
  })
  for (const version of versions) {
    const validFrom = day(child(version, 'validFrom'))
    if (reached === null ? validFrom > from : validFrom !== reached)
      throw new Fault(child(version, 'validFrom').path, reached ?? `${from} or earlier`, validFrom)
    reached = endOf(version, versions) ?? '9999-12-31'
  }
  if (reached === null || reached < to) throw new Fault('tariff.versions', `valid to ${to}`, String(reached))
  return versions
}

/** The energy that was rated is the one that was measured, in the slots that the registers count. */
function checkUsage(usage: Cursor, energies: readonly Rational[], version: Cursor): void {
  const period = theOnly(child(usage, 'periods'))
  const entries = items(child(period, 'quantities')).filter((entry) => text(child(entry, 'name')) === 'energy')
  requireUsed('usage.energy', entries, energies, version)
}

/** Covers what no rule can recompute: names, document numbers, times of receipt. */
function checkDigest(proof: Cursor): void {
  const content = { ...members(proof) }
  const stated = text(child(proof, 'sha256'))
  Reflect.deleteProperty(content, 'sha256')
  requireSame('sha256', createHash('sha256').update(canonicalJson(content)).digest('hex'), stated)
}
