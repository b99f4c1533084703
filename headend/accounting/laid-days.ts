import { addDays, beijing, type Instant, type LocalDate } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { firstLaidMidnight, laidSpans, lastTakenUp } from '../../storage/headend/laid-days.js'

/** How many local days of use of a span have due points at all, and which should have some and have none. */
export interface LaidDays {
  readonly days: number
  readonly laid: number
  /** Their closing midnight is still to come. */
  readonly notOver: number
  /** Over before the first window that anybody ever opened: nothing was wanted then. */
  readonly beforeFirst: number
  /** Over, and nobody laid them down: no node ran, or it ran so much later that it did not reach back. */
  readonly notLaid: readonly LocalDate[]
  /** When a node last took up what had fallen due; null where none ever did. */
  readonly lastTakenUpAt: Instant | null
}

/** What is laid down of some days, as of an instant. */
export async function laidDays(
  queryable: Queryable,
  dates: readonly LocalDate[],
  { asOf, now }: { readonly asOf: Instant | null; readonly now: Instant },
): Promise<LaidDays> {
  const at = asOf ?? now
  const days = dates.map((date) => ({
    date,
    after: beijing.startOfDay(date),
    through: beijing.startOfDay(addDays(date, 1)),
  }))
  const first = (await firstLaidMidnight(queryable)) ?? Number.POSITIVE_INFINITY
  const over = days.filter(({ through }) => through <= at)
  const wanted = over.filter(({ through }) => through >= first)
  const laid = await laidSpans(queryable, wanted, asOf)
  return {
    days: days.length,
    laid: laid.size,
    notOver: days.length - over.length,
    beforeFirst: over.length - wanted.length,
    notLaid: wanted.filter(({ through }) => !laid.has(through)).map(({ date }) => date),
    lastTakenUpAt: await lastTakenUp(queryable, asOf),
  }
}
