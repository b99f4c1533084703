import { child, type Cursor, day, instant, isAbsent, items, text } from './cursor.js'
import { Fault, requireSame } from './fault.js'

/** Local time of the organisations this checker knows: China has kept one offset since 1992. */
const offsetMs = 8 * 3_600_000
/** A meter without freezes is read live, up to this long after the midnight that the read serves. */
const liveToleranceMs = 15 * 60_000
/** Registers that a person noted; all others come in frames. */
const notedSources: ReadonlySet<string> = new Set(['field', 'exchange'])

/** The metering segments cover the bill's period: from its first midnight to its last, each beginning where the one before ended. */
export function checkPeriod(proof: Cursor): void {
  const bill = child(proof, 'bill')
  const segments = items(child(proof, 'segments'))
  const [starts, ends] = [
    segments.map((segment) => child(segment, 'start')),
    segments.map((segment) => child(segment, 'end')),
  ]
  requireMidnight(starts[0], child(bill, 'periodFrom'))
  requireMidnight(ends.at(-1), child(bill, 'periodTo'))
  for (const [index, end] of ends.slice(0, -1).entries()) {
    const next = starts[index + 1]
    if (next !== undefined) requireSame(child(next, 'at').path, text(child(end, 'at')), text(child(next, 'at')))
  }
  const boundaries = [...starts, ...ends]
  for (const boundary of boundaries) requireEvidence(boundary)
  const estimated = boundaries.some((boundary) => text(child(boundary, 'verdict')) === 'estimated')
  requireSame('bill.estimated', String(estimated), String(child(bill, 'estimated').value))
}

function requireMidnight(boundary: Cursor | undefined, date: Cursor): void {
  if (boundary === undefined) throw new Fault('segments', 'at least one', 'none')
  const at = child(boundary, 'at')
  const midnight = Date.parse(`${day(date)}T00:00:00Z`) - offsetMs
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
