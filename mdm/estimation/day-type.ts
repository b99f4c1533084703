import type { LocalDate } from '../../domain/time.js'

export type DayType = 'working_day' | 'weekend' | 'holiday'

/** Days that differ from the week's rhythm, as the policy lists them. */
export interface WorkCalendar {
  readonly holidays: ReadonlySet<LocalDate>
  /** Weekend days that are worked for a longer holiday (调休). */
  readonly workingWeekends: ReadonlySet<LocalDate>
}

export function dayTypeOf(day: LocalDate, { holidays, workingWeekends }: WorkCalendar): DayType {
  if (holidays.has(day)) return 'holiday'
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return (weekday === 0 || weekday === 6) && !workingWeekends.has(day) ? 'weekend' : 'working_day'
}
