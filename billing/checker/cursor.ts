import { Fault } from './fault.js'
import { integer, parseRational, type Rational } from './rational.js'

/** A place in a proof: the value that stands there, and its path, which names it in a fault. */
export interface Cursor {
  readonly value: unknown
  readonly path: string
}

export function child(cursor: Cursor, name: string): Cursor {
  const path = cursor.path === '' ? name : `${cursor.path}.${name}`
  return { value: members(cursor)[name], path }
}

/** A member, or what its absence means by the published schema. */
export function childOr(cursor: Cursor, name: string, implied: unknown): Cursor {
  const found = child(cursor, name)
  return isAbsent(found) ? { value: implied, path: found.path } : found
}

/** The members of an object. */
export function members(cursor: Cursor): Readonly<Record<string, unknown>> {
  const { value, path } = cursor
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault(path, 'an object', kindOf(value))
  return value as Readonly<Record<string, unknown>>
}

export function items(cursor: Cursor): readonly Cursor[] {
  const { value, path } = cursor
  if (!Array.isArray(value)) throw new Fault(path, 'a list', kindOf(value))
  return value.map((item: unknown, index) => ({ value: item, path: `${path}[${index}]` }))
}

/** The one item of a list. */
export function theOnly(list: Cursor): Cursor {
  const [first, ...others] = items(list)
  if (first === undefined || others.length > 0) throw new Fault(list.path, 'one of them', String(items(list).length))
  return first
}

export function text({ value, path }: Cursor): string {
  if (typeof value !== 'string') throw new Fault(path, 'a text', kindOf(value))
  return value
}

export function decimal(cursor: Cursor): Rational {
  const value = parseRational(text(cursor))
  if (value === null) throw new Fault(cursor.path, 'a plain decimal', text(cursor))
  return value
}

/** A plain decimal, or a quotient of two. */
export function fraction(cursor: Cursor): Rational {
  const [above = '', below] = text(cursor).split('/')
  const [numerator, denominator] = [parseRational(above), below === undefined ? integer(1n) : parseRational(below)]
  if (numerator === null || denominator === null || denominator.numerator <= 0n)
    throw new Fault(cursor.path, 'a decimal or a quotient', text(cursor))
  return {
    numerator: numerator.numerator * denominator.denominator,
    denominator: numerator.denominator * denominator.numerator,
  }
}

/** A whole number from 0 to `limit`. */
export function whole({ value, path }: Cursor, limit = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > limit)
    throw new Fault(path, `a whole number up to ${limit}`, String(value))
  return value
}

/** A calendar day, `YYYY-MM-DD`. */
export function day(cursor: Cursor): string {
  const date = text(cursor)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(`${date}T00:00:00Z`)))
    throw new Fault(cursor.path, 'a calendar day', date)
  return date
}

/** Local time of the organisations this checker knows: China has kept one offset since 1992. */
const offsetMs = 8 * 3_600_000

/** The instant at which a calendar day begins. */
export function localMidnight(date: Cursor): number {
  return Date.parse(`${day(date)}T00:00:00Z`) - offsetMs
}

export function instant(cursor: Cursor): number {
  const milliseconds = Date.parse(text(cursor))
  if (Number.isNaN(milliseconds)) throw new Fault(cursor.path, 'an instant', text(cursor))
  return milliseconds
}

export function bytes(cursor: Cursor): Buffer {
  const hex = text(cursor)
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Fault(cursor.path, 'hexadecimal bytes', hex)
  return Buffer.from(hex, 'hex')
}

export function isAbsent({ value }: Cursor): boolean {
  return value === null || value === undefined
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
}
