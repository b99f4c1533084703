import { hasFilledDay } from './check-interval-days.js'
import { child, type Cursor, instant, isAbsent, items, localMidnight, text } from './cursor.js'
import { Fault, requireSame } from './fault.js'

/** A meter without freezes is read live, up to this long after the midnight that the read serves. */
const liveToleranceMs = 15 * 60_000
/** Registers that a person noted or put right; all others come in frames. */
const notedSources: ReadonlySet<string> = new Set(['field', 'exchange', 'imported', 'corrected', 'opening'])

/** The account's own metering segments, where it has any, cover the bill's period: from its first midnight to its last, each beginning where the one before ended. */
export function checkPeriod(proof: Cursor): void {
  const bill = child(proof, 'bill')
  const segments = items(child(proof, 'segments'))
  const [starts, ends] = [
    segments.map((segment) => child(segment, 'start')),
    segments.map((segment) => child(segment, 'end')),
  ]
  if (segments.length > 0 || isAbsent(child(proof, 'relations'))) {
    requireMidnight(starts[0], child(bill, 'periodFrom'))
    requireMidnight(ends.at(-1), child(bill, 'periodTo'))
  }
  for (const [index, end] of ends.slice(0, -1).entries()) {
    const next = starts[index + 1]
    if (next !== undefined) requireSame(child(next, 'at').path, text(child(end, 'at')), text(child(next, 'at')))
  }
  const boundaries = [...starts, ...ends, ...boundariesOfOthers(child(proof, 'relations'))]
  for (const boundary of boundaries) requireEvidence(boundary)
  const estimated =
    boundaries.some((boundary) => text(child(boundary, 'verdict')) === 'estimated') || hasFilledDay(proof)
  requireSame('bill.estimated', String(estimated), String(child(bill, 'estimated').value))
}

function boundariesOfOthers(relations: Cursor): readonly Cursor[] {
  if (isAbsent(relations)) return []
  return items(child(relations, 'points')).flatMap((point) =>
    items(child(point, 'segments')).flatMap((segment) => [child(segment, 'start'), child(segment, 'end')]),
  )
}

function requireMidnight(boundary: Cursor | undefined, date: Cursor): void {
  if (boundary === undefined) throw new Fault('segments', 'at least one', 'none')
  const at = child(boundary, 'at')
  const midnight = localMidnight(date)
  const late = instant(at) - midnight
  const tolerance = child(boundary, 'source').value === 'live' ? liveToleranceMs : 0
  if (late < 0 || late > tolerance) throw new Fault(at.path, new Date(midnight).toISOString(), text(at))
}

/** A value that was read has its frame; one that a person noted names the note. */
function requireEvidence(boundary: Cursor): void {
  const source = child(boundary, 'source')
  if (isAbsent(source)) return
  const evidence = child(boundary, notedSources.has(text(source)) ? 'document' : 'frame')
  if (isAbsent(evidence)) throw new Fault(evidence.path, 'the evidence of its source', 'none')
}
