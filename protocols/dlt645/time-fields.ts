import { bcdNumber, decodeBcd, encodeBcd } from './bcd.js'
import type { FieldType } from './field.js'

/*
 * Times as the meter's own clock shows them: local, without a zone. Two digits of the year stand for 2000 to 2099.
 */

/** Never happened, never set: a stamp of zeros is no time, and neither is a fault of the clock. */
const neverBytes = [0xff, 0x00] as const
const absentBytes = [0xff] as const

/** YYMMDDhhmmss, on the wire ss mm hh DD MM YY: `2026-07-01T12:30:05`. */
export const secondStamp = timeType(
  6,
  neverBytes,
  /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/,
  '2026-07-01T12:30:05',
)

/** YYMMDDhhmm, on the wire mm hh DD MM YY: `2026-07-01T12:30`. */
export const minuteStampField = timeType(5, neverBytes, /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)$/, '2026-07-01T12:30')

/** MMDDhhmm, on the wire mm hh DD MM: `07-01T12:30`. */
export const yearlessStamp = timeType(4, neverBytes, /^(\d\d)-(\d\d)T(\d\d):(\d\d)$/, '07-01T12:30')

/** YYMMDD: `2026-07-01`. */
export const dateField = timeType(3, absentBytes, /^20(\d\d)-(\d\d)-(\d\d)$/, '2026-07-01')

/** hhmmss: `12:30:05`. */
export const timeField = timeType(3, absentBytes, /^(\d\d):(\d\d):(\d\d)$/, '12:30:05')

/** One byte, 00 Sunday to 06 Saturday, as the meter claims. */
export const weekdayField: FieldType = {
  bytes: 1,
  unit: null,
  absentBytes,
  example: '03',
  read(buffer, at) {
    const digits = decodeBcd(buffer, at, 1)
    return digits !== null && digits <= '06' ? digits : null
  },
  write: (text) => (/^0[0-6]$/.test(text) ? encodeBcd(text, 1) : null),
}

/** A time written as `written`; the example shows which part stands where. */
function timeType(bytes: number, absent: readonly number[], written: RegExp, example: string): FieldType {
  const hasYear = example.startsWith('20')
  const hasDate = example.includes('-')
  const century = hasYear ? '20' : ''
  // What stands between two pairs of digits, such as the T before the hour.
  const separators = example.slice(century.length).split(/\d\d/).slice(1)
  return {
    bytes,
    unit: null,
    absentBytes: absent,
    example,
    read(buffer, at) {
      if (!isMoment(buffer, at, bytes, hasYear, hasDate)) return null
      const digits = decodeBcd(buffer, at, bytes)
      if (digits === null) return null
      let text = century
      for (const [index, separator] of separators.entries()) text += digits.slice(2 * index, 2 * index + 2) + separator
      return text
    },
    write(text) {
      const digits = written.exec(text)?.slice(1).join('')
      const field = digits === undefined ? null : encodeBcd(digits, bytes)
      return field !== null && isMoment(field, 0, bytes, hasYear, hasDate) ? field : null
    },
  }
}

/** Whether bytes that hold [ss] [mm hh] [DD MM [YY]], in this order, name a moment that exists. Bytes that are not BCD never do. */
function isMoment(buffer: Buffer, at: number, bytes: number, hasYear: boolean, hasDate: boolean): boolean {
  const dateBytes = (hasDate ? 2 : 0) + (hasYear ? 1 : 0)
  const timeBytes = bytes - dateBytes
  for (let part = 0; part < timeBytes; part += 1) {
    const value = bcdNumber(buffer, at + part, 1)
    const most = part === timeBytes - 1 ? 23 : 59
    if (value < 0 || value > most) return false
  }
  if (!hasDate) return true
  const dayAt = at + timeBytes
  const year = hasYear ? bcdNumber(buffer, dayAt + 2, 1) : 0
  return year >= 0 && isDay(year, bcdNumber(buffer, dayAt + 1, 1), bcdNumber(buffer, dayAt, 1))
}

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Without a year (0) 29 February exists. Every fourth year of this century is a leap year. */
export function isDay(year: number, month: number, day: number): boolean {
  const days = month === 2 && year % 4 !== 0 ? 28 : daysOfMonth[month - 1]
  return days !== undefined && day >= 1 && day <= days
}
