import { dayMs, type Instant } from '../../domain/time.js'
import type { LegibleDocument } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** Whoever goes live at midnight closes the old books the evening before. */
export function isOpeningToCome(asOf: Instant, now: Instant): boolean {
  return asOf > now + dayMs
}

/** Events that nobody can have seen yet, and old books that are not closed yet: slips of the pen. What is planned may come in ahead. */
export function stillToCome(
  { fieldEvents = [], openingBatches = [] }: LegibleDocument,
  now: Instant,
): readonly DocumentProblem[] {
  return [
    ...fieldEvents.flatMap(({ at }, index) => tooLate(at, `fieldEvents.${index}.at`, now)),
    ...openingBatches.flatMap(({ asOf }, index) => tooLate(asOf, `openingBatches.${index}.asOf`, now + dayMs)),
  ]
}

function tooLate(at: string | undefined, path: string, latest: Instant): readonly DocumentProblem[] {
  if (at === undefined || !(Date.parse(at) > latest)) return []
  return [{ path, problem: `${at} 时刻未到 is still to come`, code: 'still_to_come' }]
}
