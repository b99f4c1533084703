import { beijing, type Instant, minuteMs } from '../../domain/time.js'
import { minutesPerDay } from './load.js'

/** Histories begin four weeks before the month they are billed for and end some days after it. Days are counted from the first. */
export const periodStartDay = 28
export const periodEndDay = 59
export const lastDay = 63

const firstMidnight = beijing.startOfDay('2026-06-03')
/** 0 Sunday … 6 Saturday. */
const firstWeekday = 3

export function weekdayOf(day: number): number {
  return (firstWeekday + day) % 7
}

export function instantOf(minute: number): Instant {
  return firstMidnight + minute * minuteMs
}

export function midnightOf(day: number): Instant {
  return instantOf(day * minutesPerDay)
}

/** The day of the history that holds an instant. */
export function dayOf(instant: Instant): number {
  return Math.floor((instant - firstMidnight) / (minutesPerDay * minuteMs))
}
