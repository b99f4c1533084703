import type { Instant } from '../../domain/time.js'
import type { LegibleDocument } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** What nobody can have seen or done yet, events and the hanging of meters: slips of the pen. Agreements and outages may be planned. */
export function stillToCome(
  { fieldEvents = [], installations = [] }: LegibleDocument,
  now: Instant,
): readonly DocumentProblem[] {
  return [
    ...fieldEvents.flatMap(({ at }, index) => tooLate(at, `fieldEvents.${index}.at`, now)),
    ...installations.flatMap(({ from }, index) => tooLate(from, `installations.${index}.from`, now)),
  ]
}

function tooLate(at: string | undefined, path: string, now: Instant): readonly DocumentProblem[] {
  if (at === undefined || !(Date.parse(at) > now)) return []
  return [{ path, problem: `${at} is still to come`, code: 'still_to_come' }]
}
