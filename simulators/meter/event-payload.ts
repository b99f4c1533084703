import type { DataItem } from '../../protocols/dlt645/data-item.js'
import type { Field } from '../../protocols/dlt645/field.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { fitted, groupsKept } from './field-bytes.js'
import type { MeterEvent } from './memory.js'
import { measuredText } from './measured-values.js'
import { type MeterView, momentAt, settlementInstant } from './moments.js'

/** Counts and records of what happened; a record that was never made holds zeros. */
export function eventPayload(view: MeterView, item: DataItem): Buffer {
  const { memory } = view
  const kind = item.dataIdentifier.slice(0, 6)
  const index = Number.parseInt(item.dataIdentifier.slice(6), 16)
  const fields = groupsKept(item.layout).flat()
  const isCount = kind.startsWith('03') ? index === 0 : kind.endsWith('00')
  const events = memory.events.filter((event) => event.kind === (isCount ? recordKindOf(kind) : kind))
  if (isCount)
    return Buffer.concat(fields.map(({ type }, position) => fitted(type, position === 0 ? String(events.length) : '0')))
  const event = events[index - 1]
  return Buffer.concat(
    fields.map((field) => (event === undefined ? Buffer.alloc(field.type.bytes) : recordField(field, event, view))),
  )
}

function recordKindOf(kind: string): string {
  return kind.startsWith('03') ? kind : `${kind.slice(0, 2)}0001`
}

function recordField({ name, type }: Field, event: MeterEvent, view: MeterView): Buffer {
  if (name === 'happenedAt') return fitted(type, meterTimeAt(event.at))
  if (name === 'operator') return fitted(type, event.operator)
  const detail = event.detail[detailIndex(name)]
  if (detail !== undefined) return fitted(type, detail)
  const text = registerText(name, event, view)
  return text === null ? Buffer.alloc(type.bytes) : fitted(type, text)
}

/** Registers as they stood just before it happened: after a clear they would all be zero. */
function registerText(name: string, event: MeterEvent, view: MeterView): string | null {
  const at = view.memory.clock.trueInstantOf(event.at) - 1
  const moment = momentAt({ ...view, now: at }, at, settlementInstant({ ...view, now: at }, 1))
  return moment === null ? null : measuredText(name, moment)
}

function detailIndex(name: string): number {
  if (name === 'dataIdentifier' || name === 'dataIdentifier1' || name === 'timeBefore') return 0
  return name === 'timeAfter' ? 1 : Number.NaN
}
