import type { z } from 'zod'
import { lineSettingsSchemas } from '../domain/line-settings.js'
import type { ConcentratorSettings, Dlt645LineSettings, ModbusLineSettings } from '../domain/registry-document.js'
import { err, ok, type Result, unreachable } from '../domain/result.js'
import type { LineId } from '../domain/reading.js'
import { type Calendar, calendarOf } from '../domain/time.js'
import type { LineRow } from '../storage/headend/lines.js'

/** A line as the head-end works with it. */
export type Line = LineIdentity &
  (
    | { readonly kind: 'dlt645_tcp'; readonly settings: Dlt645LineSettings }
    | { readonly kind: 'modbus_tcp'; readonly settings: ModbusLineSettings }
    | { readonly kind: 'mqtt_concentrator'; readonly settings: ConcentratorSettings }
  )

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
  const identity = { lineId: row.line_id, code: row.code, timeZone: row.time_zone, calendar }
  switch (row.kind) {
    case 'dlt645_tcp':
      return withSettings(row, lineSettingsSchemas.dlt645_tcp, (settings) => ({
        ...identity,
        kind: 'dlt645_tcp',
        settings,
      }))
    case 'modbus_tcp':
      return withSettings(row, lineSettingsSchemas.modbus_tcp, (settings) => ({
        ...identity,
        kind: 'modbus_tcp',
        settings,
      }))
    case 'mqtt_concentrator':
      return withSettings(row, lineSettingsSchemas.mqtt_concentrator, (settings) => ({
        ...identity,
        kind: 'mqtt_concentrator',
        settings,
      }))
    default:
      return unreachable(row.kind)
  }
}

function withSettings<S>(row: LineRow, schema: z.ZodType<S>, toLine: (settings: S) => Line): Result<Line, LineError> {
  const parsed = schema.safeParse(row.settings)
  if (parsed.success) return ok(toLine(parsed.data))
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  return err({ kind: 'line_settings_invalid', message: `${row.code}: ${field}: ${issue?.message ?? ''}` })
}
