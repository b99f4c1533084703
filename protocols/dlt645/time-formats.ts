import { err, invariant, ok, type Result } from '../../domain/result.js'
import { beijing, type Instant, type LocalDate, secondMs } from '../../domain/time.js'
import { bcdNumber } from './bcd.js'
import { type Field, readField } from './field.js'
import type { ItemError, ItemFormat } from './item-format.js'
import { dateField, isDay, minuteStampField, timeField, weekdayField } from './time-fields.js'

/** Minute stamp mm hh DD MM YY in Beijing time, the instant at which that minute begins. */
export const minuteStamp: ItemFormat<Instant> = {
  decode(payload) {
    if (payload.length !== minuteStampField.bytes) return err({ kind: 'length_mismatch' })
    const [minute, hour, day, month, year] = [0, 1, 2, 3, 4].map((at) => bcdNumber(payload, at, 1)) as StampParts
    const isReal = year >= 0 && isDay(year, month, day) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
    if (isReal) return ok(Date.UTC(2000 + year, month - 1, day, hour, minute) + beijingMidnightMs)
    return err({ kind: isNever(payload) ? 'value_absent' : 'value_invalid' })
  },
  encode(instant) {
    const local = new Date(instant - beijingMidnightMs)
    const year = local.getUTCFullYear()
    invariant(year >= 2000 && year < 2100, 'meters count the years 2000 to 2099')
    return Buffer.from([
      bcdByte(local.getUTCMinutes()),
      bcdByte(local.getUTCHours()),
      bcdByte(local.getUTCDate()),
      bcdByte(local.getUTCMonth() + 1),
      bcdByte(year - 2000),
    ])
  },
}

type StampParts = [minute: number, hour: number, day: number, month: number, year: number]
/** From midnight in Greenwich to the midnight before it in Beijing. */
const beijingMidnightMs = beijing.startOfDay('1970-01-01')

/** Packed BCD of a number below 100. */
function bcdByte(value: number): number {
  return Math.floor(value / 10) * 16 + (value % 10)
}

function isNever(stamp: Buffer): boolean {
  return minuteStampField.absentBytes.some((absent) => stamp.every((byte) => byte === absent))
}

export interface DateAndWeekday {
  readonly date: LocalDate
  /** 0 Sunday … 6 Saturday, as the meter claims. */
  readonly weekday: number
}

/** WW DD MM YY. */
export const dateAndWeekday: ItemFormat<DateAndWeekday> = {
  decode(payload) {
    const weekday = readOnly({ name: 'weekday', type: weekdayField }, payload.subarray(0, weekdayField.bytes))
    const date = readOnly({ name: 'date', type: dateField }, payload.subarray(weekdayField.bytes))
    if (!weekday.ok) return weekday
    return date.ok ? ok({ date: date.value, weekday: Number(weekday.value) }) : date
  },
  encode: ({ date, weekday }) =>
    Buffer.concat([written(weekdayField.write(`0${weekday}`)), written(dateField.write(date))]),
}

/** ss mm hh as whole seconds from local midnight. */
export const secondOfDay: ItemFormat<number> = {
  decode(payload) {
    const text = readOnly({ name: 'time', type: timeField }, payload)
    return text.ok ? ok(secondsOf(text.value)) : text
  },
  encode: (seconds) => written(timeField.write(timeOf(seconds))),
}

/** A meter's local time `2026-07-01T12:30:05` in Beijing, as it stands in every field with a date and a time. */
export function meterTimeAt(instant: Instant): string {
  const date = beijing.dateAt(instant)
  return `${date}T${timeOf(Math.floor((instant - beijing.startOfDay(date)) / secondMs))}`
}

/** Instant of a meter's local time with seconds. */
export function instantOfMeterTime(text: string): Instant {
  const [date = '', time = ''] = text.split('T')
  return beijing.startOfDay(date) + secondsOf(time) * secondMs
}

function readOnly(field: Field, payload: Buffer): Result<string, ItemError> {
  if (payload.length !== field.type.bytes) return err({ kind: 'length_mismatch' })
  const read = readField(field, payload, 0)
  if (read.state === 'absent') return err({ kind: 'value_absent' })
  return read.value === null ? err({ kind: 'value_invalid' }) : ok(read.value)
}

function written(bytes: Buffer | null): Buffer {
  invariant(bytes !== null, 'meters count the years 2000 to 2099')
  return bytes
}

function secondsOf(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  return (hour * 60 + minute) * 60 + second
}

function timeOf(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
