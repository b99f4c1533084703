import { addDays, beijing, hourMs, type Instant, type LocalDate } from '../../domain/time.js'

/** First local day of the billed month and the first day after it. */
export const monthStart: LocalDate = '2026-07-01'
export const monthEnd: LocalDate = '2026-08-01'

/** From here on agreements, installations and the ladder year run. */
export const yearStart: LocalDate = '2026-01-01'
/** First day of which loads are known; registers given in a description are those of its midnight. */
export const loadStart: LocalDate = '2026-06-29'

/** Instant of an hour of a local day. */
export function at(date: LocalDate, hour = 0): Instant {
  return beijing.startOfDay(date) + hour * hourMs
}

/** The midnights whose registers billing wants: that of the first day to that after the last, both included. */
export const wantedMidnights: readonly Instant[] = Array.from({ length: 32 }, (_, day) => at(addDays(monthStart, day)))

/** Midnights after the billed month at which meters may still be read. */
export const laterMidnights: readonly Instant[] = Array.from({ length: 34 }, (_, day) => at(addDays(monthEnd, day + 1)))

/** ISO 8601 with the offset of China, as master data writes instants. */
export function isoOf(instant: Instant): string {
  return `${new Date(instant + 8 * hourMs).toISOString().slice(0, 19)}+08:00`
}
