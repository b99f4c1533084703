import { type Calendar, isLocalDate, localMinute, minuteMs, secondMs } from '../../domain/time.js'
import { unreachable } from '../../domain/result.js'
import { plainText } from '../../mdm/registry/document-lists.js'
import type { CellType } from './sheet-columns.js'

/**
 * What a cell says, as the document wants it; text that says nothing of the kind stays as it is, for the schema to refuse. Days and
 * instants may be written as people do; without an offset they are in the time of the organisation.
 */
export function toValue(text: string, type: CellType, calendar: Calendar | null): unknown {
  const cell = text.trim()
  switch (type.kind) {
    case 'integer':
      return /^-?\d{1,15}$/.test(cell) ? Number(cell) : cell
    case 'boolean':
      return booleans[cell.toLowerCase()] ?? cell
    case 'day':
      return dayIn(cell)?.day ?? cell
    case 'instant':
      return instantOf(cell, calendar) ?? cell
    case 'codes':
      return cell.split(/[、，,；;\s]+/).filter((code) => code !== '')
    case 'choice':
      return (
        Object.entries(type.words).find(([value, word]) => cell === word || cell.toLowerCase() === value)?.[0] ?? cell
      )
    case 'text':
    case 'code':
    case 'decimal':
      return cell
    default:
      return unreachable(type)
  }
}

/** The text of a cell that reads back as the value. */
export function toCell(value: unknown, type: CellType, calendar: Calendar | null): string {
  if (type.kind === 'boolean' && typeof value === 'boolean') return value ? '是' : '否'
  if (type.kind === 'instant' && calendar !== null && value !== undefined)
    return localText(calendar, Date.parse(plainText(value)))
  if (type.kind === 'codes' && Array.isArray(value)) return value.map(plainText).join('、')
  if (type.kind === 'choice') return type.words[plainText(value)] ?? plainText(value)
  return plainText(value)
}

/** What would be right in a cell, for people. */
export function expectedIn(type: CellType): string {
  if (type.kind !== 'choice') return expectations[type.kind]
  return Object.entries(type.words)
    .map(([value, word]) => `${word} ${value}`)
    .join(', ')
}

/** What most often makes a cell unreadable that looks right on the screen; null where nothing of it shows. */
export function likelySlip(text: string, type: CellType): string | null {
  if (type.kind === 'text' || type.kind === 'choice' || type.kind === 'boolean') return null
  if (text !== text.normalize('NFKC')) return '全角字符，改用半角 full-width characters: type half-width ones'
  if (type.kind === 'day' || type.kind === 'instant')
    return dateSerial.test(text)
      ? '表格的日期序号：此格设为日期格式 a serial of the spreadsheet: format the cell as a date'
      : null
  if (type.kind === 'code') return null
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return '去掉千分位逗号 without commas'
  return /^\d+[/:]\d+$/.test(text) ? '变比填倍数，40/5 填 8 a ratio as its quotient: 8 for 40/5' : null
}

/** Days since 1900 of the years that a registry knows, with a part of a day or without. */
const dateSerial = /^[2-7]\d{4}(\.\d+)?$/

const expectations = {
  text: '文本，至多 400 字 text, 400 characters at most',
  code: '编码，至多 64 字 a code, 64 characters at most',
  integer: '整数 a whole number',
  boolean: '是或否 yes or no',
  day: '日期，如 2026-07-01 a day',
  instant: '日期或时刻，如 2026-07-01 或 2026-07-01 08:30 a day or an instant',
  decimal: '小数，如 12.34 a decimal number',
  codes: '编码，顿号或逗号分隔 codes with commas between',
} as const

const booleans: Readonly<Record<string, boolean>> = {
  是: true,
  否: false,
  true: true,
  false: false,
  yes: true,
  no: false,
  '1': true,
  '0': false,
}

/** `2026-07-01`, `2026/7/1` or `2026年7月1日`, and what stands behind it. */
function dayIn(cell: string) {
  const [, year, month = '', day = '', rest = ''] =
    /^(\d{4})(?:-|\/|年)(\d{1,2})(?:-|\/|月)(\d{1,2})日?(?:[ T]+(.*))?$/.exec(cell) ?? []
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isLocalDate(text) ? { day: text, rest } : null
}

function instantOf(cell: string, calendar: Calendar | null): string | null {
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(cell)) return cell
  const local = dayIn(cell)
  if (local === null || calendar === null) return null
  const [, hour = '0', minute = '0', second = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(local.rest) ?? []
  if (local.rest !== '' && hour === '0' && !/^0?0:/.test(local.rest)) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const sinceMidnight = (Number(hour) * 60 + Number(minute)) * minuteMs + Number(second) * secondMs
  return new Date(calendar.startOfDay(local.day) + sinceMidnight).toISOString()
}

function localText(calendar: Calendar, instant: number): string {
  if (!Number.isFinite(instant) || instant % secondMs !== 0) return new Date(instant).toISOString()
  const seconds = String((instant / secondMs) % 60).padStart(2, '0')
  const text = localMinute(calendar, instant)
  if (seconds !== '00') return `${text}:${seconds}`
  return text.endsWith(' 00:00') ? text.slice(0, 10) : text
}
