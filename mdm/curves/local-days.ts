import { type BoundaryGrid, boundaryMs } from '../../domain/boundary-columns.js'
import { invariant } from '../../domain/result.js'
import { addDays, type Calendar, datesIn, type Instant, type LocalDate } from '../../domain/time.js'

/** A local day between two boundaries of a grid. */
export interface LocalDay {
  readonly date: LocalDate
  readonly start: Instant
  readonly end: Instant
  readonly first: number
  readonly last: number
}

export interface DayGrid extends BoundaryGrid {
  readonly calendar: Calendar
  /** In order; the first and last `margin` of them are there to look at only. */
  readonly localDays: readonly LocalDay[]
  readonly margin: number
}

/** The local days of [from, to) with some before and after, and the boundaries of their slots: elapsed time from local midnight. */
export function layDayGrid(calendar: Calendar, from: LocalDate, to: LocalDate, margin: number): DayGrid {
  const gridFrom = calendar.startOfDay(addDays(from, -margin))
  const localDays = datesIn(addDays(from, -margin), addDays(to, margin)).map((date): LocalDay => {
    const [start, end] = [calendar.startOfDay(date), calendar.startOfDay(addDays(date, 1))]
    return { date, start, end, first: (start - gridFrom) / boundaryMs, last: (end - gridFrom) / boundaryMs }
  })
  invariant(
    localDays.every(({ first, last }) => Number.isInteger(first) && Number.isInteger(last)),
    'clocks are set by quarters of an hour',
  )
  const boundaries = (localDays.at(-1)?.last ?? 0) + 1
  const dayOf = new Uint16Array(boundaries)
  for (const [ordinal, { first, last }] of localDays.entries()) dayOf.fill(ordinal, first + 1, last + 1)
  return { from: gridFrom, boundaries, dayOf, days: localDays.length, calendar, localDays, margin }
}
