import { addDays, type Calendar, dayMs, hourMs, type Instant } from './time.js'

/**
 * The read ladder (retry, back-fill, on-demand, field order, estimate) as data: until when each remote step has its turn, counted from the
 * instant that is due, and what follows when the remote steps are spent. Times are milliseconds.
 */
export interface ReadLadder {
  readonly version: string
  /** Passes of the window that belongs to the due point. */
  readonly retryMs: number
  /** Later windows that fetch it from the meter's freeze memory. */
  readonly backFillMs: number
  /** A read asked for by name, outside the windows. */
  readonly onDemandMs: number
  /** Nightly windows that must have failed before a person is sent. */
  readonly fieldOrderWindows: number
  /** Time that a person gets. */
  readonly fieldOrderMs: number
  /** Age from which an open point may be estimated. */
  readonly estimateMs: number
  /** Time after the end of a billing period until nothing of it may be open. */
  readonly cutOffMs: number
}

export const defaultReadLadder: ReadLadder = {
  version: 'built-in/1',
  retryMs: 6 * hourMs,
  backFillMs: dayMs + 6 * hourMs,
  onDemandMs: dayMs + 12 * hourMs,
  fieldOrderWindows: 2,
  fieldOrderMs: dayMs,
  estimateMs: 3 * dayMs,
  cutOffMs: 5 * dayMs,
}

/**
 * When nothing of the calendar month that a due point closes or lies in may be open any more. The database says the same of
 * exceptions (`exception_cut_off`); a test compares the two.
 */
export function cutOffOf(dueAt: Instant, calendar: Calendar, { cutOffMs }: ReadLadder): Instant {
  // The midnight that opens a month closes the month before it.
  const lastDay = calendar.dateAt(dueAt - 1)
  const nextMonth = `${addDays(`${lastDay.slice(0, 7)}-28`, 4).slice(0, 7)}-01`
  return calendar.startOfDay(nextMonth) + cutOffMs
}
