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
  let last = at + bytes - 1
  const next = () => bcdNumber(buffer, last--, 1)
  const year = hasYear ? next() : 0
  if (year < 0 || (hasDate && !isDay(year, next(), next()))) return false
  if (last < at) return true
  const hour = next()
  if (hour < 0 || hour > 23) return false
  while (last >= at) {
    const part = next()
    if (part < 0 || part > 59) return false
  }
  return true
}

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Without a year (0) 29 February exists. Every fourth year of this century is a leap year. */
export function isDay(year: number, month: number, day: number): boolean {
  const days = month === 2 && year % 4 !== 0 ? 28 : daysOfMonth[month - 1]
  return days !== undefined && day >= 1 && day <= days
}
