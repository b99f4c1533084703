import { lineSettingsSchemas } from '../domain/line-settings.js'
import type { LineEntry } from '../domain/line-entries.js'
import { err, ok, type Result } from '../domain/result.js'
import type { LineId } from '../domain/reading.js'
import { type Calendar, calendarOf } from '../domain/time.js'
import type { LineRow } from '../storage/headend/lines.js'

/** A line as the head-end works with it. */
export type Line = LineOf<LineEntry['kind']>

/** Distributes over the kinds, so that `kind` tells the settings. */
export type LineOf<K extends LineEntry['kind']> = K extends LineEntry['kind']
  ? LineIdentity & KindAndSettings<K>
  : never

interface KindAndSettings<K extends LineEntry['kind']> {
  readonly kind: K
  readonly settings: Extract<LineEntry, { readonly kind: K }>['settings']
}

interface LineIdentity {
  readonly lineId: LineId
  readonly code: string
  readonly timeZone: string
  readonly calendar: Calendar
}

export interface LineError {
  readonly kind: 'line_settings_invalid' | 'time_zone_unknown'
  readonly message: string
}

/** Checks what the database says of a line before anything relies on it. */
export function parseLine(row: LineRow): Result<Line, LineError> {
  const calendar = calendarOf(row.time_zone)
  if (calendar === null) return err({ kind: 'time_zone_unknown', message: `${row.code}: ${row.time_zone}` })
  const parsed = lineSettingsSchemas[row.kind].safeParse(row.settings)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const field = issue?.path.join('.') ?? ''
    return err({ kind: 'line_settings_invalid', message: `${row.code}: ${field}: ${issue?.message ?? ''}` })
  }
  const identity = { lineId: row.line_id, code: row.code, timeZone: row.time_zone, calendar }
  // The schema was chosen by the same kind, which the compiler cannot follow.
  return ok({ ...identity, kind: row.kind, settings: parsed.data } as Line)
}
