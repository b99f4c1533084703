import { touRoom, type TouDaySlot, type TouHoliday, type TouZone } from '../../domain/tou-tables.js'
import { err, ok, type Result } from '../../domain/result.js'
import { isLocalDate } from '../../domain/time.js'
import type { Instant } from '../../domain/time.js'
import { range } from '../../protocols/dlt645/item-family.js'
import type { FieldValue } from '../../protocols/dlt645/field.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { SetItemError } from './set-item-error.js'

/** What one item of the time-of-use tables says. */
export type TouItem =
  | { readonly part: 'count'; readonly count: number }
  | { readonly part: 'zones'; readonly zones: readonly TouZone[] }
  | { readonly part: 'day_table'; readonly slots: readonly TouDaySlot[] }
  /** Null: the place is not used. */
  | { readonly part: 'holiday'; readonly holiday: TouHoliday | null }
  | { readonly part: 'rest_days'; readonly weekdays: readonly number[] }
  | { readonly part: 'rest_table'; readonly dayTable: number }
  /** Null: no change-over is planned. */
  | { readonly part: 'switch'; readonly at: Instant | null }

/** Identifiers of the set; status word 3, which says what is in use, is another reading set's too. */
export const touItems = {
  counts: {
    zones: '04000201',
    dayTables: '04000202',
    daySlots: '04000203',
    tariffs: '04000204',
    holidays: '04000205',
  },
  restDays: '04000801',
  restTable: '04000802',
  zoneSwitch: '04000106',
  daySwitch: '04000107',
  zoneTable: (set: 1 | 2) => `040${set}0000`,
  dayTable: (set: 1 | 2, number: number) => `040${set}00${hexByte(number)}`,
  holiday: (place: number) => `040300${hexByte(place)}`,
} as const

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase()
}

type Decode = (fields: readonly FieldValue[]) => Result<TouItem, SetItemError>

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ...Object.values(touItems.counts).map((item) => [item, count] as const),
  [touItems.restDays, restDays],
  [touItems.restTable, restTable],
  [touItems.zoneSwitch, switchMoment],
  [touItems.daySwitch, switchMoment],
  ...([1, 2] as const).flatMap((set) => [
    [touItems.zoneTable(set), zones] as const,
    ...range(1, touRoom.dayTables).map((number) => [touItems.dayTable(set, number), daySlots] as const),
  ]),
  ...range(1, touRoom.holidays).map((place) => [touItems.holiday(place), holiday] as const),
])

/** The decoder of an item of the tables; null for any other item. */
export function touDecoder(dataIdentifier: string): Decode | null {
  return decoders.get(dataIdentifier) ?? null
}

const absent = err<SetItemError>({ kind: 'value_absent' })
const invalid = err<SetItemError>({ kind: 'value_invalid' })

function count([field]: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const text = field?.value ?? null
  return text === null ? absent : ok({ part: 'count', count: Number(text) })
}

/** Bit 0 is Sunday, bit 6 Saturday; 0 is a day of rest, 1 a working day (two public sources agree, none disagrees). */
function restDays([field]: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const text = field?.value ?? null
  if (text === null) return absent
  const bits = Number.parseInt(text, 16)
  return ok({ part: 'rest_days', weekdays: range(0, 6).filter((weekday) => (bits & (1 << weekday)) === 0) })
}

function restTable([field]: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const text = field?.value ?? null
  return text === null ? absent : ok({ part: 'rest_table', dayTable: Number(text) })
}

function switchMoment([field]: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const text = field?.value ?? null
  return ok({ part: 'switch', at: text === null ? null : instantOfMeterTime(`${text}:00`) })
}

/** MMDDNN; zeros fill places that are not used. */
function zones(fields: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const entries = used(fields).map((text) => ({
    from: `${text.slice(0, 2)}-${text.slice(2, 4)}`,
    dayTable: Number(text.slice(4)),
  }))
  if (entries.length === 0) return absent
  // 2000 was a leap year: 29 February begins a zone like any other day.
  const areReal = entries.every(({ from, dayTable }) => isLocalDate(`2000-${from}`) && dayTable > 0)
  return areReal ? ok({ part: 'zones', zones: entries }) : invalid
}

/** hhmmNN; entries without a tariff fill places that are not used. */
function daySlots(fields: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const entries = used(fields)
  if (entries.length === 0) return absent
  const areReal = entries.every((text) => Number(text.slice(0, 2)) < 24 && Number(text.slice(2, 4)) < 60)
  const slots = entries.map((text) => ({
    fromMinute: Number(text.slice(0, 2)) * 60 + Number(text.slice(2, 4)),
    tariff: Number(text.slice(4)),
  }))
  return areReal ? ok({ part: 'day_table', slots }) : invalid
}

/** YYMMDDNN. */
function holiday([field]: readonly FieldValue[]): Result<TouItem, SetItemError> {
  const text = field?.value ?? null
  if (text === null || Number(text) === 0) return ok({ part: 'holiday', holiday: null })
  const date = `20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`
  const number = Number(text.slice(6))
  return isLocalDate(date) && number > 0 ? ok({ part: 'holiday', holiday: { date, dayTable: number } }) : invalid
}

/** Entries that name a table or a tariff. */
function used(fields: readonly FieldValue[]): readonly string[] {
  return fields.flatMap(({ value }) => (value === null || value.endsWith('00') ? [] : [value]))
}
