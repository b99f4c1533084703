import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { triedInVain } from '../../storage/headend/silent-meters.js'
import { isSilence } from '../acquisition/failure-cause.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import { nextProbeAfter, usualReprobe } from '../schedule/reprobe.js'

/**
 * What a line is asked for when a window is taken up: a pass over what has not had its turn since the pass began, or, where all has, a
 * look whether silent meters are back. What a meter said no to waits for the next pass.
 */
export type PassWork =
  | { readonly kind: 'pass'; readonly due: readonly OpenRead[] }
  /** The next look comes at `probeAt`; null when no meter is worth one. */
  | { readonly kind: 'probe'; readonly due: readonly OpenRead[]; readonly probeAt: Instant | null }

/** `due` in the order of trying; a `passBegun` of null makes everything part of the pass. */
export async function workOfPass(
  queryable: Queryable,
  {
    due,
    passBegun,
    now,
  }: { readonly due: readonly OpenRead[]; readonly passBegun: Instant | null; readonly now: Instant },
): Promise<PassWork> {
  if (passBegun === null) return { kind: 'pass', due }
  const tried = await triedInVain(queryable, due, passBegun)
  const untried = due.filter((_, place) => !tried.has(place))
  if (untried.length > 0) return { kind: 'pass', due: untried }
  const silent = due.filter(
    ({ silentWindows = 0 }, place) =>
      isSilence(tried.get(place)?.cause ?? '') && silentWindows < usualReprobe.chronicAfterWindows,
  )
  if (silent.length === 0) return { kind: 'probe', due: [], probeAt: null }
  const silentAt = Math.max(...[...tried.values()].filter(({ cause }) => isSilence(cause)).map((each) => each.failedAt))
  return { kind: 'probe', due: silent, probeAt: nextProbeAfter(usualReprobe, { silentAt, now }) }
}
