import { addDays, beijing, type Instant, minuteMs } from '../../domain/time.js'
import { findFamily } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { DataItem } from '../../protocols/dlt645/data-item.js'
import type { Field } from '../../protocols/dlt645/field.js'
import { eventPayload } from './event-payload.js'
import { fieldsPayload, groupBytes, groupsKept } from './field-bytes.js'
import { loadRecords, type RecordSelection } from './load-record-payload.js'
import { factoryTable } from './tariff-schedule.js'
import { type MeterView, momentAt, settlementInstant, settlementMoment } from './moments.js'

/** What the meter answers for an item; null for one that it refuses as unknown. Fields of FFH: known, but it has no such value. */
export function itemPayload(view: MeterView, item: DataItem, selection: RecordSelection | null): Buffer | null {
  const { dataIdentifier } = item
  if (findFamily(item.edition, dataIdentifier)?.access === 'w') return null
  const written = view.memory.parameters.get(dataIdentifier)
  if (written !== undefined) return written
  const table = factoryTable(view.description.source, dataIdentifier)
  if (table !== null) return table
  if (item.edition === '1997')
    return fieldsPayload(item.layout, view, settlementMoment(view, monthsBack(dataIdentifier)))
  const [kind = 0, sort = 0, , index = 0] = [...Buffer.from(dataIdentifier, 'hex')]
  switch (kind) {
    case 0x03:
    case 0x1d:
    case 0x1e:
      return eventPayload(view, item)
    case 0x05:
      return freezePayload(view, item, sort, index)
    case 0x06:
      return loadRecords(view, sort, index, selection ?? { count: 1, from: null })
    case 0x00:
    case 0x01:
      return settledPayload(view, item, index)
    default:
      return fieldsPayload(item.layout, view, settlementMoment(view, 0))
  }
}

/** In the 1997 edition the months stand 4 apart in the first byte: 90 now, 94 last month, 98 the month before. */
function monthsBack(dataIdentifier: string): number {
  const [first = 0] = Buffer.from(dataIdentifier, 'hex')
  return first < 0xc0 && first !== 0xb2 && first !== 0xb3 && first !== 0xb6 ? (first & 0xf) >> 2 : 0
}

const mostSettlements = 12
const blockByte = 0xff

function settledPayload(view: MeterView, item: DataItem, index: number): Buffer | null {
  if (index !== blockByte) return fieldsPayload(item.layout, view, settlementMoment(view, index))
  const { layout } = item
  const groups = layout.kind === 'block' ? layout.groups.slice(0, mostSettlements + 1) : groupsKept(layout)
  return Buffer.concat(groups.flat().map((field) => settledField(field, view)))
}

/** Fields of a block over settlement days carry the day in their name. */
function settledField({ name, type }: Field, view: MeterView): Buffer {
  const day = Number(/Settlement(\d+)/.exec(name)?.[1] ?? 0)
  return groupBytes([{ name: name.replace(/Settlement\d+/, ''), type }], view, settlementMoment(view, day))
}

const maxIndexOfCommanded = 60

function freezePayload(view: MeterView, item: DataItem, sort: number, index: number): Buffer | null {
  switch (sort) {
    case 0x06:
      return index > view.description.freezeDepth ? null : frozen(view, item, dailyFreeze(view, index))
    case 0x04:
      return frozen(view, item, hourlyFreeze(view, index))
    case 0x07:
      return index > mostSettlements ? null : frozen(view, item, settlementInstant(view, index))
    case 0x01:
      return index > 3 ? null : frozen(view, item, view.memory.instantFreezes[index - 1] ?? null)
    default:
      return index > maxIndexOfCommanded ? null : frozen(view, item, null)
  }
}

/** Midnights by the meter's clock, 1 the newest; null for one at which it had no supply. */
function dailyFreeze({ description, memory, now }: MeterView, index: number): Instant | null {
  const day = addDays(beijing.dateAt(memory.clock.shownAt(now)), 1 - index)
  return description.missedFreezes.has(day) ? null : memory.clock.trueInstantOf(beijing.startOfDay(day))
}

function hourlyFreeze({ memory, now }: MeterView, index: number): Instant {
  const hourMs = 60 * minuteMs
  const shown = Math.floor(memory.clock.shownAt(now) / hourMs) * hourMs - (index - 1) * hourMs
  return memory.clock.trueInstantOf(shown)
}

function frozen(view: MeterView, item: DataItem, at: Instant | null): Buffer {
  const moment = at === null ? null : momentAt(view, at, settlementInstant({ ...view, now: at }, 1))
  return fieldsPayload(item.layout, view, moment)
}
