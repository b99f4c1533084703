import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { FieldValue } from '../../protocols/dlt645/field.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { EventKind } from './event-kinds.js'
import type { SetItemError } from './set-item-error.js'

/** Something a meter wrote down, by its own time. */
export interface EventRecord {
  readonly kind: EventKind
  /** When it happened or began; a clock that was set is filed under the time after, which is the nearer one to the truth. */
  readonly occurredAt: Instant
  /** Null for what has no length, or goes on. */
  readonly endedAt: Instant | null
  /** Whether the kind has an end that is not there yet. */
  readonly isOpen: boolean
  /** Eight digits of the operator who acted; null where the record has none. */
  readonly operator: string | null
  /** All other fields that hold a value, by their names in the catalogue. */
  readonly detail: Readonly<Record<string, string>>
}

const beginnings = ['happenedAt', 'startedAt', 'timeAfter'] as const
const headFields: ReadonlySet<string> = new Set([...beginnings, 'endedAt', 'operator'])

/** The record that a payload's fields hold; null where the meter has none (no time). */
export function eventRecord(kind: EventKind, fields: readonly FieldValue[]): Result<EventRecord | null, SetItemError> {
  const values = new Map(fields.map(({ name, value }) => [name, value]))
  const beginning = beginnings.find((name) => values.has(name))
  if (beginning === undefined) return err({ kind: 'unknown_item' })
  const occurredAt = toInstant(values.get(beginning))
  if (occurredAt === null) return ok(null)
  const endedAt = toInstant(values.get('endedAt'))
  const rest = fields.flatMap(({ name, value }) => (headFields.has(name) || value === null ? [] : [[name, value]]))
  return ok({
    kind,
    occurredAt,
    endedAt,
    isOpen: values.has('endedAt') && endedAt === null,
    operator: values.get('operator') ?? null,
    detail: Object.fromEntries(rest),
  })
}

function toInstant(text: string | null | undefined): Instant | null {
  return text === null || text === undefined ? null : instantOfMeterTime(text)
}

/**
 * The ordinal of each event among those of its second, counted from the oldest, so that it is the same however often and whenever the
 * records are read. `times` are of one kind, the latest first, and hold every event of each second in them.
 */
export function ordinalsOf(times: readonly Instant[]): readonly number[] {
  return times.map((time, index) => times.slice(index).filter((each) => each === time).length)
}
