import { unreachable } from '../../domain/result.js'
import { addDays, beijing, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { DataItem, Layout } from '../../protocols/dlt645/data-item.js'
import type { Field, FieldType } from '../../protocols/dlt645/field.js'
import { encodeLoadRecord, loadClasses } from '../../protocols/dlt645/load-records.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { hashBelow } from '../load/integer-hash.js'
import { type MeterDescription, usualTariffs } from './description.js'
import type { MeterEvent, MeterMemory } from './memory.js'
import { measuredText, type Moment } from './measured-values.js'
import type { RegisterSource } from './register-source.js'
import { livingParameter, tableDefault, usualParameters } from './parameters.js'

export interface MeterView {
  readonly description: MeterDescription
  readonly memory: MeterMemory
  readonly now: Instant
}

/** How many load records are wanted, and from when by the meter's clock; null for the default of one, the latest. */
export interface RecordSelection {
  readonly count: number
  readonly from: Instant | null
}

/** What the meter answers for an item; null for one that it refuses as unknown. Fields of FFH: known, but it has no such value. */
export function itemPayload(view: MeterView, item: DataItem, selection: RecordSelection | null): Buffer | null {
  const { dataIdentifier } = item
  const written = view.memory.parameters.get(dataIdentifier)
  if (written !== undefined) return written
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
/** Zone and day tables have 14 entries. */
const mostTableEntries = 14
const blockByte = 0xff

function settledPayload(view: MeterView, item: DataItem, index: number): Buffer | null {
  if (index !== blockByte) return fieldsPayload(item.layout, view, settlementMoment(view, index))
  if (item.layout.kind !== 'block') return null
  const groups = item.layout.groups.slice(0, mostSettlements + 1)
  return Buffer.concat(
    groups.map((group, day) => groupBytes(group.map(withoutSettlement), view, settlementMoment(view, day))),
  )
}

function withoutSettlement({ name, type }: Field): Field {
  return { name: name.replace(/Settlement\d+/, ''), type }
}

/** The moment of the n-th last settlement, 0 now; null where the meter had no supply yet. */
function settlementMoment(view: MeterView, index: number): Moment | null {
  const at = index === 0 ? view.now : settlementInstant(view, index)
  return momentAt(view, at, settlementInstant(view, index + 1))
}

/** Settlement day 1 at its hour by the meter's clock, `index` months back from the last one. */
function settlementInstant({ memory, now }: MeterView, index: number): Instant {
  const ddhh = memory.parameters.get('04000B01')?.toReversed()
  const [day, hour] = ddhh === undefined ? ['01', '00'] : [hexByte(ddhh[0]), hexByte(ddhh[1])]
  const shown = meterTimeAt(memory.clock.shownAt(now))
  const hasPassed = shown.slice(8, 13) >= `${day}T${hour}`
  const monthsBefore = index - (hasPassed ? 1 : 0)
  const months = Number(shown.slice(0, 4)) * 12 + Number(shown.slice(5, 7)) - 1 - monthsBefore
  const month = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
  const date = `${month}-${day}`
  return memory.clock.trueInstantOf(
    beijing.startOfDay(isReal(date) ? date : `${month}-01`) + Number(hour) * 60 * minuteMs,
  )
}

function hexByte(byte: number | undefined): string {
  return (byte ?? 1).toString(16).padStart(2, '0')
}

/** Settlement days are 1 to 28; a day that a master wrote beyond counts as the first. */
function isReal(date: LocalDate): boolean {
  return Number(date.slice(8)) >= 1 && Number(date.slice(8)) <= 28
}

function momentAt({ description, memory }: MeterView, at: Instant, demandFrom: Instant): Moment | null {
  const { source, energisedFrom, habits } = description
  if (at < energisedFrom) return null
  const { demandClearedAt, meterClearedAt } = memory
  return {
    source: meterClearedAt !== null && meterClearedAt <= at ? countingFrom(source, meterClearedAt) : source,
    at,
    energisedFrom,
    demandFrom: Math.max(demandFrom, energisedFrom, demandClearedAt < at ? demandClearedAt : demandFrom),
    feedInPercent: habits?.feedInPercent ?? 0,
    seed: hashBelow(2 ** 31, Number(description.address.slice(-9))),
  }
}

/** The registers of a meter that was set to zero. */
function countingFrom(source: RegisterSource, clearedAt: Instant): RegisterSource {
  const before = source.registersAt(clearedAt)
  const less = (value: bigint | null, cleared: bigint | null) =>
    value === null || cleared === null ? null : value - cleared
  return {
    registersAt(instant) {
      const { totalE4, touE4 } = source.registersAt(Math.max(instant, clearedAt))
      const [tou1, tou2, tou3, tou4] = before.touE4
      return {
        totalE4: totalE4 - before.totalE4,
        touE4: [less(touE4[0], tou1), less(touE4[1], tou2), less(touE4[2], tou3), less(touE4[3], tou4)],
      }
    },
  }
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

function fieldsPayload(layout: Layout, view: MeterView, moment: Moment | null): Buffer {
  return Buffer.concat(groupsKept(layout, tariffsOf(moment)).map((group) => groupBytes(group, view, moment)))
}

function tariffsOf(moment: Moment | null): number {
  if (moment === null) return usualTariffs
  return 1 + moment.source.registersAt(moment.at).touE4.findLastIndex((register) => register !== null)
}

/** A block has as many groups as the meter keeps: its tariffs, or all that the item names. */
function groupsKept(layout: Layout, tariffs = usualTariffs): readonly (readonly Field[])[] {
  switch (layout.kind) {
    case 'fixed':
      return [layout.fields]
    case 'variants':
      // Where forms differ by the number of tariffs, there is one for each number; otherwise the first is the usual one.
      return [layout.variants[tariffs] ?? layout.variants[0] ?? []]
    case 'block': {
      const isByTariff = layout.groups[1]?.[0]?.name.includes('Tou1') === true
      const count = isByTariff
        ? 1 + tariffs
        : layout.least > 1
          ? layout.least
          : Math.min(layout.groups.length, mostTableEntries)
      return layout.groups.slice(0, count)
    }
    case 'load_records':
      return []
    default:
      return unreachable(layout)
  }
}

function groupBytes(fields: readonly Field[], view: MeterView, moment: Moment | null): Buffer {
  return Buffer.concat(fields.map((field) => fieldBytes(field, view, moment)))
}

function fieldBytes({ name, type }: Field, { memory, now }: MeterView, moment: Moment | null): Buffer {
  if (moment === null) return absentField(type)
  if (name === 'frozenAt') return fitted(type, meterTimeAt(memory.clock.shownAt(moment.at)).slice(0, 16))
  const text =
    livingParameter(name, memory, now) ?? measuredText(name, moment) ?? usualParameters[name] ?? tableDefault(name)
  if (text !== null) return fitted(type, text)
  return isMeasured(name) ? absentField(type) : fitted(type, type.example)
}

/** Registers that the meter does not have: tariffs beyond its own, demands that never came about. */
function isMeasured(name: string): boolean {
  return /Energy|Demand/.test(name)
}

function absentField({ absentBytes, bytes }: FieldType): Buffer {
  return Buffer.alloc(bytes, absentBytes[0] ?? 0)
}

/** Editions keep different decimals and signs of one quantity: what a field cannot hold is cut off. */
function fitted(type: FieldType, text: string): Buffer {
  for (let shorter = text; ; shorter = shorter.slice(0, -1)) {
    const bytes = type.write(shorter) ?? type.write(shorter.replace(/^-/, ''))
    if (bytes !== null) return bytes
    if (!/\.\d*$/.test(shorter)) return absentField(type)
  }
}

/** Counts and records of what happened; a record that was never made holds zeros. */
function eventPayload({ memory }: MeterView, item: DataItem): Buffer {
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

const loadRecordMs = 15 * minuteMs
const mostRecordsInReply = 10

function loadRecords(
  view: MeterView,
  selector: number,
  order: number,
  { count, from }: RecordSelection,
): Buffer | null {
  const { memory, description, now } = view
  const newest = Math.floor(memory.clock.shownAt(now) / loadRecordMs) * loadRecordMs
  const oldest = Math.ceil(memory.clock.shownAt(description.energisedFrom) / loadRecordMs) * loadRecordMs
  const wanted = Math.min(Math.max(count, 1), mostRecordsInReply)
  const first =
    order === 0
      ? oldest
      : order === 1 && from !== null
        ? Math.max(oldest, Math.ceil(from / loadRecordMs) * loadRecordMs)
        : newest - (wanted - 1) * loadRecordMs
  const times = Array.from({ length: wanted }, (_, index) => first + index * loadRecordMs).filter(
    (time) => time >= oldest && time <= newest,
  )
  if (times.length === 0) return null
  return Buffer.concat(times.map((shown) => loadRecord(view, selector, shown)))
}

function loadRecord(view: MeterView, selector: number, shown: Instant): Buffer {
  const at = view.memory.clock.trueInstantOf(shown)
  const moment = momentAt(view, at, at)
  const classes = loadClasses.map((fields, index) =>
    selector === 0 || selector === index + 1 ? groupBytes(fields, view, moment) : null,
  )
  const stamp = findDataItem('2007', '05060001')
  const [field] = stamp?.layout.kind === 'fixed' ? stamp.layout.fields : []
  const time = field === undefined ? Buffer.alloc(5) : fitted(field.type, meterTimeAt(shown).slice(0, 16))
  return encodeLoadRecord(time, classes)
}
