import type { Instant } from '../../domain/time.js'
import type { DataItem } from '../../protocols/dlt645/data-item.js'
import type { Field } from '../../protocols/dlt645/field.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { fitted, groupsKept } from './field-bytes.js'
import type { MeterEvent } from './memory.js'
import { measuredText } from './measured-values.js'
import { type MeterView, momentAt, settlementInstant } from './moments.js'

/** Counts and records of what happened; a record that was never made holds zeros. */
export function eventPayload(view: MeterView, item: DataItem): Buffer {
  const kind = item.dataIdentifier.slice(0, 6)
  const index = Number.parseInt(item.dataIdentifier.slice(6), 16)
  const fields = groupsKept(item.layout).flat()
  const isCount = kind.startsWith('03') ? index === 0 : kind.endsWith('00')
  if (isCount) return Buffer.concat(fields.map(({ name, type }) => fitted(type, countText(name, kind, view))))
  const event = eventsOf(kind, view)[index - 1]
  return Buffer.concat(
    fields.map((field) => (event === undefined ? Buffer.alloc(field.type.bytes) : recordField(field, event, view))),
  )
}

/** `eventCount` of the kind, `eventCountB` of its phase B; durations are not kept. */
function countText(name: string, kind: string, { memory, description, now }: MeterView): string {
  const [, phase] = /^eventCount([ABC]?)$/.exec(name) ?? []
  if (phase === undefined) return '0'
  const counted = phase === '' ? recordKindOf(kind) : `${kind.slice(0, 4)}0${'ABC'.indexOf(phase) + 1}`
  const happened = description.habits?.happenings?.filter((each) => each.kind === counted && each.from <= now) ?? []
  return String((memory.eventCounts.get(counted) ?? 0) + happened.length)
}

/** What was told to the meter, and what happened to it by itself, the latest first. */
function eventsOf(kind: string, { memory, description, now }: MeterView): readonly RecordedEvent[] {
  const happened = (description.habits?.happenings ?? [])
    .filter((each) => each.kind === kind && each.from <= now)
    .map(
      ({ from, to }): RecordedEvent => ({
        kind,
        at: memory.clock.shownAt(from),
        endedAt: to <= now ? memory.clock.shownAt(to) : null,
        operator: nobody,
        detail: [],
      }),
    )
  return [...happened.toReversed(), ...memory.events.filter((event) => event.kind === kind)].slice(0, recordsKept)
}

interface RecordedEvent extends MeterEvent {
  readonly endedAt?: Instant | null
}

const nobody = '00000000'
const recordsKept = 10

function recordKindOf(kind: string): string {
  return kind.startsWith('03') ? kind : `${kind.slice(0, 2)}0001`
}

function recordField({ name, type }: Field, event: RecordedEvent, view: MeterView): Buffer {
  if (name === 'endedAt') {
    // Zeros while it goes on.
    const { endedAt = null } = event
    return endedAt === null ? Buffer.alloc(type.bytes) : fitted(type, meterTimeAt(endedAt))
  }
  if (name === 'happenedAt' || name === 'startedAt') return fitted(type, meterTimeAt(event.at))
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
