import { slotQualities, type SlotMinutes } from '../../domain/interval-day.js'
import type { LocalDate } from '../../domain/time.js'

/** A day that was measured, as the shape of others. */
export interface PastDay {
  readonly serviceDate: LocalDate
  readonly slotMinutes: SlotMinutes
  readonly energiesE4: BigInt64Array
  readonly qualities: Uint8Array
}

export type DayType = 'workday' | 'weekend'

export function dayTypeOf(date: LocalDate): DayType {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6 ? 'weekend' : 'workday'
}

/** The latest days of the type and slot length that are measured as a whole and as long as an ordinary day, the latest first. */
export function similarDays(
  past: readonly PastDay[],
  wish: { readonly date: LocalDate; readonly slotMinutes: SlotMinutes; readonly atMost: number },
): readonly PastDay[] {
  const type = dayTypeOf(wish.date)
  return past
    .filter(
      (day) =>
        day.slotMinutes === wish.slotMinutes &&
        dayTypeOf(day.serviceDate) === type &&
        isOrdinary(day) &&
        isMeasured(day),
    )
    .toSorted((a, b) => (a.serviceDate < b.serviceDate ? 1 : -1))
    .slice(0, wish.atMost)
}

const minutesOfDay = 24 * 60

/** Days on which clocks are set would shift the shape. */
function isOrdinary({ slotMinutes, energiesE4 }: PastDay): boolean {
  return energiesE4.length * slotMinutes === minutesOfDay
}

function isMeasured({ qualities }: PastDay): boolean {
  return qualities.every((quality) => quality === slotQualities.measured)
}
