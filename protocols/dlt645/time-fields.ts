import { decodeBcd, encodeBcd } from './bcd.js'
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
  read(field) {
    const digits = decodeBcd(field)
    return digits !== null && digits <= '06' ? digits : null
  },
  write: (text) => (/^0[0-6]$/.test(text) ? encodeBcd(text, 1) : null),
}

/** A time written as `written`; the example shows which part stands where. */
function timeType(bytes: number, absent: readonly number[], written: RegExp, example: string): FieldType {
  const pattern = example.replace(/^20/, '').replaceAll(/\d\d/g, '##')
  const century = example.startsWith('20') ? '20' : ''
  const hasDate = example.includes('-')
  const hasYear = century !== ''
  return {
    bytes,
    unit: null,
    absentBytes: absent,
    example,
    read(field) {
      const digits = decodeBcd(field)
      if (digits === null || !isMoment(digits, hasYear, hasDate)) return null
      let at = 0
      return `${century}${pattern.replaceAll('##', () => digits.slice(at, (at += 2)))}`
    },
    write(text) {
      const digits = written.exec(text)?.slice(1).join('')
      return digits !== undefined && isMoment(digits, hasYear, hasDate) ? encodeBcd(digits, bytes) : null
    },
  }
}

/** Whether digits [YY] [MM DD] [hh mm [ss]] name a moment that exists. */
function isMoment(digits: string, hasYear: boolean, hasDate: boolean): boolean {
  const parts = digits.match(/\d\d/g)?.map(Number) ?? []
  const year = hasYear ? (parts.shift() ?? 0) : 0
  if (hasDate && !isDay(year, parts.shift() ?? 0, parts.shift() ?? 0)) return false
  const [hour = 0, minute = 0, second = 0] = parts
  return hour < 24 && minute < 60 && second < 60
}

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Without a year (0) 29 February exists. Every fourth year of this century is a leap year. */
function isDay(year: number, month: number, day: number): boolean {
  const days = month === 2 && year % 4 !== 0 ? 28 : daysOfMonth[month - 1]
  return days !== undefined && day >= 1 && day <= days
}
