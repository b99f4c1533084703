import type { Instant } from '../../domain/time.js'
import type { LegibleDocument } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** Events that nobody can have seen yet: slips of the pen. */
export function stillToCome({ fieldEvents = [] }: LegibleDocument, now: Instant): readonly DocumentProblem[] {
  return fieldEvents.flatMap(({ at }, index): readonly DocumentProblem[] => {
    if (at === undefined || !(Date.parse(at) > now)) return []
    return [{ path: `fieldEvents.${index}.at`, problem: `${at} is still to come`, code: 'still_to_come' }]
  })
}
