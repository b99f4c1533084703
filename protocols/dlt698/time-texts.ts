import { invariant } from '../../domain/result.js'
import { isLocalDate } from '../../domain/time.js'
import type { Dlt698Data } from './data.js'
import { hexOf } from '../hex.js'

/** Types of which a time can be read. */
export const timeTypes = ['date-time', 'date-time-s', 'date', 'time'] as const
export type TimeType = (typeof timeTypes)[number]

const parsers: { readonly [T in TimeType]: (bytes: Buffer) => string | null } = {
  'date-time': (bytes) => {
    const ms = bytes.readUInt16BE(8)
    const seconds = joined(dateOf(bytes), timeOf(bytes, 5))
    return seconds === null || ms > 999 ? null : `${seconds}.${String(ms).padStart(3, '0')}`
  },
  'date-time-s': (bytes) => joined(dateOf(bytes), timeOf(bytes, 4)),
  date: dateOf,
  time: (bytes) => timeOf(bytes, 0),
}
const byteCounts = { 'date-time': 10, 'date-time-s': 7, date: 5, time: 3 } as const

/** Local time in ISO form, with milliseconds for date_time; null for what no calendar or clock shows (FFH is a wildcard). */
export function timeText(type: TimeType, hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex')
  return bytes.length === byteCounts[type] ? parsers[type](bytes) : null
}

/** date_time_s of a local time `YYYY-MM-DDThh:mm:ss`. */
export function dateTimeS(local: string): Dlt698Data {
  return { type: 'date-time-s', hex: dateTimeSHex(local) }
}

/** The 14 digits of a local time `YYYY-MM-DDThh:mm:ss`. */
export function dateTimeSHex(local: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(local)
  invariant(match !== null && isLocalDate(local.slice(0, 10)), `not a local time: ${local}`)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  invariant(hour < 24 && minute < 60 && second < 60, `not a local time: ${local}`)
  const bytes = Buffer.from([year >> 8, year & 0xff, month, day, hour, minute, second])
  return hexOf(bytes)
}

function dateOf(bytes: Buffer): string | null {
  const date = `${padded(bytes.readUInt16BE(0), 4)}-${padded(bytes.readUInt8(2), 2)}-${padded(bytes.readUInt8(3), 2)}`
  return isLocalDate(date) ? date : null
}

function timeOf(bytes: Buffer, at: number): string | null {
  const parts = [0, 1, 2].map((index) => bytes.readUInt8(at + index))
  const [hour = 24, minute = 60, second = 60] = parts
  if (hour > 23 || minute > 59 || second > 59) return null
  return parts.map((part) => padded(part, 2)).join(':')
}

function joined(date: string | null, time: string | null): string | null {
  return date === null || time === null ? null : `${date}T${time}`
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
