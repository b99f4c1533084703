import { dayMs } from '../../domain/time.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { TableProblemCode } from './table-row.js'

export interface NumberError {
  readonly kind: Extract<TableProblemCode, 'number_lost_digits' | 'number_shown_otherwise' | 'date_out_of_range'>
}

/** Digits that a spreadsheet keeps; from the 16th on it writes zeros. */
const keptDigits = 15

/**
 * The text that a number cell shows. Workbooks hold doubles: a number that needs more digits than they keep, or that is shown rounded
 * or otherwise than in plain digits, is refused. Dates come as `2026-07-01` or `2026-07-01 08:30:00`, without a zone.
 */
export function numberText(raw: string, format: string, is1904: boolean): Result<string, NumberError> {
  const value = Number(raw)
  if (raw === '' || !Number.isFinite(value)) return err({ kind: 'number_shown_otherwise' })
  const shown = shownSection(format)
  if (isDateFormat(shown)) return dateText(value, is1904)
  const digits = plainDigits(value)
  if (digits === null) return err({ kind: 'number_lost_digits' })
  if (/^(general|@|g\/通用格式)$/i.test(shown)) return ok(digits)
  if (!/^[#0,?]+(\.[#0?]+)?$/.test(shown)) return err({ kind: 'number_shown_otherwise' })
  return padded(digits, shown)
}

/** The first section of a format, for numbers that are not negative, without colours, locales and spacing. */
function shownSection(format: string): string {
  const [section = ''] = format.split(';')
  return section.replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*./gi, '').trim()
}

function isDateFormat(section: string): boolean {
  return /[ymdhs年月日]/i.test(section.replaceAll(/"[^"]*"|\\.|general/gi, ''))
}

/** Null where the double stands for no decimal of at most fifteen digits. */
function plainDigits(value: number): string | null {
  if (Math.abs(value) >= 10 ** keptDigits) return null
  const text = Math.abs(value) < 1e-6 && value !== 0 ? value.toFixed(20).replace(/0+$/, '') : String(value)
  const significant = text.replace(/^-?0*\.?0*/, '').replace('.', '')
  return Number(text) === value && significant.length <= keptDigits ? text : null
}

function padded(digits: string, format: string): Result<string, NumberError> {
  const [wholeFormat = '', decimalsFormat = ''] = format.split('.')
  const sign = digits.startsWith('-') ? '-' : ''
  const [whole = '', decimals = ''] = digits.slice(sign.length).split('.')
  if (decimals.length > decimalsFormat.length) return err({ kind: 'number_shown_otherwise' })
  const wholeText = whole.padStart(zerosIn(wholeFormat), '0')
  const decimalText = decimals.padEnd(zerosIn(decimalsFormat), '0')
  return ok(`${sign}${wholeText}${decimalText === '' ? '' : `.${decimalText}`}`)
}

function zerosIn(format: string): number {
  return format.replaceAll(/[^0]/g, '').length
}

/** Days before it are miscounted by the 1900 date system, which has a 29 February 1900. */
const firstDay1900 = 61
const endOfDays = Date.UTC(10_000, 0, 1)

function dateText(serial: number, is1904: boolean): Result<string, NumberError> {
  if (is1904 ? serial < 1 : serial < firstDay1900) return err({ kind: 'date_out_of_range' })
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  const instant = epoch + Math.round((serial * dayMs) / 1000) * 1000
  if (instant >= endOfDays) return err({ kind: 'date_out_of_range' })
  const text = new Date(instant).toISOString()
  return ok(instant % dayMs === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' '))
}
