import { child, type Cursor, day, decimal, isAbsent, items, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { type Parts, takenOff } from './integer-parts.js'
import { type Rational, scaledInteger, subtract, zero } from './rational.js'
import { readRegisters, registerNames, requireSameRegisters } from './registers.js'

const fewestApprovers = 2

/**
 * An opening state was approved by two people other than its author, is of the instant at which the bill begins, and its registers stand
 * where the first segment begins; without one, nothing may claim to come from it.
 */
export function checkOpening(proof: Cursor): void {
  const opening = child(proof, 'opening')
  const segments = items(child(proof, 'segments'))
  const [first] = segments
  if (isAbsent(opening)) {
    for (const segment of segments) requireRead(child(segment, 'start'))
    return
  }
  for (const batch of items(child(opening, 'batches'))) checkApproval(batch)
  if (items(child(opening, 'batches')).length === 0) throw new Fault('opening.batches', 'at least one', 'none')
  for (const segment of segments.slice(1)) requireRead(child(segment, 'start'))
  if (first === undefined) return
  requireSame(child(opening, 'asOf').path, text(child(first, 'from')), text(child(opening, 'asOf')))
  const registers = items(child(opening, 'registers'))
  const start = child(first, 'start')
  if (registers.length === 0) return requireRead(start)
  const meter = text(child(child(first, 'meter'), 'code'))
  const own = registers.find((one) => text(child(one, 'meter')) === meter)
  if (own === undefined) throw new Fault(child(opening, 'registers').path, `registers of meter ${meter}`, 'none')
  requireSame(child(start, 'source').path, 'opening', text(child(start, 'source')))
  const stated = child(start, 'registers')
  requireSameRegisters(stated.path, readRegisters(child(own, 'registers')), readRegisters(stated))
}

function checkApproval(batch: Cursor): void {
  const author = text(child(batch, 'author'))
  const approvers = items(child(batch, 'approvers'))
  const others = new Set(approvers.map(text).filter((approver) => approver !== author))
  if (others.size < fewestApprovers || others.size < approvers.length)
    throw new Fault(child(batch, 'approvers').path, 'two people other than the author', `${others.size}`)
}

function requireRead(start: Cursor): void {
  const source = child(start, 'source')
  if (source.value === 'opening') throw new Fault(source.path, 'a reading', 'opening')
}

/**
 * Energies less what the old books billed without reading. An estimate without registers is taken off as those that were measured lie.
 * @param measured energies of all segments.
 */
export function checkEstimates(
  opening: Cursor,
  segments: readonly Cursor[],
  borne: readonly Rational[],
  measured: readonly Rational[],
): readonly Rational[] {
  const estimates = isAbsent(opening) ? [] : items(child(opening, 'estimates'))
  if (estimates.length === 0) return borne
  if (segments.length === 0) throw new Fault('segments', 'what the estimates are taken off', 'none')
  const all = toParts(measured, 'segments')
  const off = estimates.map((estimate) => {
    const energies = child(estimate, 'energies')
    if (day(child(estimate, 'fromDay')) >= day(child(estimate, 'toDay')))
      throw new Fault(child(estimate, 'toDay').path, 'a day after its beginning', text(child(estimate, 'toDay')))
    const stated = readRegisters(energies).map((register) => register ?? zero)
    return takenOff(all, toParts(stated, energies.path))
  })
  return borne.map((energy, index) =>
    off.reduce((left, part) => subtract(left, { numerator: part[index] ?? 0n, denominator: 10_000n }), energy),
  )
}

function toParts(energies: readonly Rational[], path: string): Parts {
  const [all = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = registerNames.map((_, index) => {
    const scaled = scaledInteger(energies[index] ?? zero, 4)
    if (scaled === null) throw new Fault(path, 'energies of at most four decimals', 'finer ones')
    return scaled
  })
  return [all, tou1, tou2, tou3, tou4]
}

/** The ladder goes on from the energy that the old books counted, over as many months as they did. */
export function checkOpeningLadder(opening: Cursor, ladder: Cursor): void {
  const stated = isAbsent(opening) ? opening : child(opening, 'ladder')
  if (isAbsent(stated)) return
  const asOf = localDay(text(child(opening, 'asOf')))
  const from = day(child(ladder, 'from'))
  const begun = from >= asOf || asOf.endsWith('-01-01')
  requireEqual(
    child(ladder, 'opening').path,
    begun ? zero : decimal(child(stated, 'energy')),
    decimal(child(ladder, 'opening')),
  )
  const months = child(stated, 'months')
  requireSame(months.path, String(begun ? 0 : monthsBetween(from, asOf)), String(whole(months)))
}

/** Months of the year that had begun before a day, from another one on if that lies in the same year. */
function monthsBetween(from: string, until: string): number {
  const last = new Date(Date.parse(`${until}T00:00:00Z`) - 86_400_000)
  return last.getUTCMonth() + 1 - (Number(from.slice(0, 4)) < last.getUTCFullYear() ? 1 : Number(from.slice(5, 7))) + 1
}

function localDay(asOf: string): string {
  return new Date(Date.parse(asOf) + 8 * 3_600_000).toISOString().slice(0, 10)
}
