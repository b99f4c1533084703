import { dayMs, type LocalDate } from '../../domain/time.js'

const daysPer400Years = 146_097
/** From 0000-03-01 to 1970-01-01: counting years from March puts the leap day at the end. */
const epochShift = 719_468

/** Days since 1970-01-01. */
export function dayNumber(date: LocalDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8))) / dayMs
}

/** Months since year 0 of the day: 12 × year + (month − 1). Proleptic Gregorian calendar, for days from 0000-03-01. */
export function monthIndex(day: number): number {
  const shifted = day + epochShift
  const era = Math.floor(shifted / daysPer400Years)
  const dayOfEra = shifted - era * daysPer400Years
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  return 12 * (yearOfEra + era * 400) + marchMonth + 2
}
