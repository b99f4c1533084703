import { dayMs, type Instant } from '../../domain/time.js'
import type { LegibleDocument } from './document-lists.js'
import type { DocumentProblem } from './document-problem.js'

/** Whoever goes live at midnight closes the old books the evening before. */
export function isOpeningToCome(asOf: Instant, now: Instant): boolean {
  return asOf > now + dayMs
}

/** Events that nobody can have seen yet, and batches of old books that are not closed yet: slips of the pen. */
export function stillToCome(
  { fieldEvents = [], openingBatches = [] }: LegibleDocument,
  now: Instant,
): readonly DocumentProblem[] {
  const events = fieldEvents.map(({ at }, index) => {
    return { path: `fieldEvents.${index}.at`, at, isToCome: at !== undefined && Date.parse(at) > now }
  })
  const batches = openingBatches.map(({ asOf }, index) => {
    const isToCome = asOf !== undefined && isOpeningToCome(Date.parse(asOf), now)
    return { path: `openingBatches.${index}.asOf`, at: asOf, isToCome }
  })
  return [...events, ...batches]
    .filter(({ isToCome }) => isToCome)
    .map(({ path, at }) => ({ path, problem: `${at ?? ''} 时刻未到 is still to come`, code: 'still_to_come' }))
}
