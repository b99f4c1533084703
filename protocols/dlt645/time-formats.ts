import { err, invariant, ok, type Result } from '../../domain/result.js'
import { addDays, beijing, type Instant, isLocalDate, type LocalDate, minuteMs } from '../../domain/time.js'
import { decodeBcd, encodeBcd, isAbsent } from './bcd.js'
import type { ItemError, ItemFormat } from './item-format.js'

/** Minute stamp mm hh DD MM YY in Beijing time, the instant at which that minute begins. */
export const minuteStamp: ItemFormat<Instant> = {
  decode(payload) {
    const digits = bcdField(payload, 5)
    if (!digits.ok) return digits
    const date = dateOf(digits.value.slice(0, 6))
    const minute = minuteOfDay(digits.value.slice(6))
    if (date === null || minute === null) return err({ kind: 'value_invalid' })
    return ok(beijing.startOfDay(date) + minute * minuteMs)
  },
  encode(instant) {
    const minute = beijing.minuteOfDay(instant)
    return encodeBcd(
      `${digitsOfDate(beijing.dateAt(instant))}${twoDigits(Math.floor(minute / 60))}${twoDigits(minute % 60)}`,
      5,
    )
  },
}

export interface DateAndWeekday {
  readonly date: LocalDate
  /** 0 Sunday … 6 Saturday, as the meter claims. */
  readonly weekday: number
}

/** WW DD MM YY. */
export const dateAndWeekday: ItemFormat<DateAndWeekday> = {
  decode(payload) {
    const digits = bcdField(payload, 4)
    if (!digits.ok) return digits
    const date = dateOf(digits.value.slice(0, 6))
    const weekday = Number(digits.value.slice(6))
    return date === null || weekday > 6 ? err({ kind: 'value_invalid' }) : ok({ date, weekday })
  },
  encode: ({ date, weekday }) => encodeBcd(`${digitsOfDate(date)}${twoDigits(weekday)}`, 4),
}

/** Weekday of a local day in the meter's numbering: 0 Sunday … 6 Saturday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/** ss mm hh as whole seconds from local midnight. */
export const secondOfDay: ItemFormat<number> = {
  decode(payload) {
    const digits = bcdField(payload, 3)
    if (!digits.ok) return digits
    const minute = minuteOfDay(digits.value.slice(0, 4))
    const second = Number(digits.value.slice(4))
    return minute === null || second > 59 ? err({ kind: 'value_invalid' }) : ok(minute * 60 + second)
  },
  encode: (value) =>
    encodeBcd([Math.floor(value / 3600), Math.floor(value / 60) % 60, value % 60].map(twoDigits).join(''), 3),
}

function bcdField(payload: Buffer, byteCount: number): Result<string, ItemError> {
  if (payload.length !== byteCount) return err({ kind: 'length_mismatch' })
  if (isAbsent(payload)) return err({ kind: 'value_absent' })
  const digits = decodeBcd(payload)
  return digits === null ? err({ kind: 'value_invalid' }) : ok(digits)
}

function dateOf(yymmdd: string): LocalDate | null {
  const date = `20${yymmdd.slice(0, 2)}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4, 6)}`
  return isLocalDate(date) ? date : null
}

function digitsOfDate(date: LocalDate): string {
  invariant(date >= '2000-01-01' && date < addDays('2099-12-31', 1), 'meters count the years 2000 to 2099')
  return date.slice(2).replaceAll('-', '')
}

function minuteOfDay(hhmm: string): number | null {
  const hour = Number(hhmm.slice(0, 2))
  const minute = Number(hhmm.slice(2))
  return hour > 23 || minute > 59 ? null : hour * 60 + minute
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
