import type { DataItem } from '../../protocols/dlt645/data-item.js'
import type { Field } from '../../protocols/dlt645/field.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { fitted, groupsKept } from './field-bytes.js'
import type { MeterEvent } from './memory.js'
import type { MeterView } from './moments.js'

/** Counts and records of what happened; a record that was never made holds zeros. */
export function eventPayload({ memory }: MeterView, item: DataItem): Buffer {
  const kind = item.dataIdentifier.slice(0, 6)
  const index = Number.parseInt(item.dataIdentifier.slice(6), 16)
  const fields = groupsKept(item.layout).flat()
  const isCount = kind.startsWith('03') ? index === 0 : kind.endsWith('00')
  const events = memory.events.filter((event) => event.kind === (isCount ? recordKindOf(kind) : kind))
  if (isCount)
    return Buffer.concat(fields.map(({ type }, position) => fitted(type, position === 0 ? String(events.length) : '0')))
  const event = events[index - 1]
  return Buffer.concat(
    fields.map((field) => (event === undefined ? Buffer.alloc(field.type.bytes) : recordField(field, event))),
  )
}

function recordKindOf(kind: string): string {
  return kind.startsWith('03') ? kind : `${kind.slice(0, 2)}0001`
}

function recordField({ name, type }: Field, event: MeterEvent): Buffer {
  const text =
    name === 'happenedAt'
      ? meterTimeAt(event.at)
      : name === 'operator'
        ? event.operator
        : (event.detail[detailIndex(name)] ?? null)
  const bytes = text === null ? null : type.write(text)
  return bytes ?? Buffer.alloc(type.bytes)
}

function detailIndex(name: string): number {
  if (name === 'dataIdentifier' || name === 'dataIdentifier1' || name === 'timeBefore') return 0
  return name === 'timeAfter' ? 1 : Number.NaN
}
