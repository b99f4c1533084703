import pg from 'pg'
import { invariant } from '../domain/result.js'
import type { Instant } from '../domain/time.js'

type Parse = (text: string) => unknown

/** Milliseconds of a timestamptz as PostgreSQL prints it in a UTC session: `2026-03-01 00:00:00.5+00`. */
export function parseTimestamptz(text: string): Instant {
  const instant = Date.parse(`${text.slice(0, text.indexOf('+')).replace(' ', 'T')}Z`)
  invariant(text.endsWith('+00') && !Number.isNaN(instant), `not a UTC instant: ${text}`)
  return instant
}

/** Text of an instant for a timestamptz parameter. */
export function toTimestamptz(instant: Instant): string {
  return new Date(instant).toISOString()
}

const same: Parse = (text) => text
// Numbers are the oids of pg_type: scalars, then the arrays of them.
const parsers: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [20, BigInt],
  [1082, same],
  [1184, parseTimestamptz],
  [1700, same],
  [1016, (text) => parseArray(text, BigInt)],
  [1182, (text) => parseArray(text, same)],
  [1185, (text) => parseArray(text, parseTimestamptz)],
  [1231, (text) => parseArray(text, same)],
])

/** Exact numbers stay exact: int8 is bigint, numeric and date are text, timestamptz is milliseconds. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
}

/** One-dimensional arrays of types whose text holds neither comma nor quote. */
function parseArray(text: string, parse: Parse): readonly unknown[] {
  if (text === '{}') return []
  return text
    .slice(1, -1)
    .split(',')
    .map((item) => (item === 'NULL' ? null : parse(item.startsWith('"') ? item.slice(1, -1) : item)))
}
