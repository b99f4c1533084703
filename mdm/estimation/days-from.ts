import { dayMs, type LocalDate } from '../../domain/time.js'

/** So many days one after another. Asked for with every point and peer: each day checked by itself took four fifths of an estimate. */
export function daysFrom(first: LocalDate, count: number): readonly LocalDate[] {
  const start = Date.parse(`${first}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) => new Date(start + index * dayMs).toISOString().slice(0, 10))
}
