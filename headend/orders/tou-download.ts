import { z } from 'zod'
import { isLocalDate } from '../../domain/time.js'
import { type TouDaySlot, touRoom, type TouTables, type TouUse, type TouZone } from '../../domain/tou-tables.js'
import { err, ok, type Result } from '../../domain/result.js'
import { touItems } from '../reading-sets/tou-items.js'

const minuteOfLocalTime = z
  .string()
  .regex(/^20\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/, 'a local time is 2026-07-01T00:00')
  .refine((text) => isLocalDate(text.slice(0, 10)), 'a day that does not exist')

/** The set of tables that a meter is to have besides the one in use, and when it takes over. */
export const touDownloadSchema = z
  .strictObject({
    /** The sets that are not in use: nothing that counts now is touched. */
    target: z.strictObject({ zoneTable: z.literal([1, 2]), dayTableSet: z.literal([1, 2]) }),
    zones: z
      .array(
        z.strictObject({ from: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/), dayTable: z.int().min(1) }),
      )
      .min(1)
      .max(touRoom.zones),
    dayTables: z
      .array(
        z
          .array(z.strictObject({ fromMinute: z.int().min(0).max(1439), tariff: z.int().min(1).max(touRoom.tariffs) }))
          .min(1)
          .max(touRoom.daySlots),
      )
      .min(1)
      .max(touRoom.dayTables),
    /** The meter's own local time. */
    switchAt: minuteOfLocalTime,
    /** Places that the meter fills in each table; what is not needed repeats the last entry. */
    places: z.strictObject({
      zones: z.int().min(1).max(touRoom.zones),
      daySlots: z.int().min(1).max(touRoom.daySlots),
    }),
  })
  .refine(({ zones, dayTables }) => zones.every(({ dayTable }) => dayTable <= dayTables.length), {
    error: 'a zone names a day table that is not there',
    path: ['zones'],
  })
  .refine(({ zones }) => ascends(zones.map(({ from }) => from)), { error: 'zones ascend', path: ['zones'] })
  .refine(
    ({ dayTables }) =>
      dayTables.every((slots) => slots[0]?.fromMinute === 0 && ascends(slots.map(({ fromMinute }) => fromMinute))),
    {
      error: 'the slots of a day begin at 00:00 and ascend',
      path: ['dayTables'],
    },
  )
  .refine(({ zones, places }) => zones.length <= places.zones, { error: 'more zones than places', path: ['zones'] })
  .refine(({ dayTables, places }) => dayTables.every(({ length }) => length <= places.daySlots), {
    error: 'more slots than places',
    path: ['dayTables'],
  })

export type TouDownload = z.infer<typeof touDownloadSchema>

function ascends(values: readonly (string | number)[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? value))
}

/** What a meter is to count by, from when on. */
export interface WantedTouTables {
  readonly zones: readonly TouZone[]
  readonly dayTables: readonly (readonly TouDaySlot[])[]
  readonly switchAt: string
}

/** A meter as it was last read. */
export interface LoadedMeter {
  readonly tables: TouTables
  readonly use: TouUse
}

/** Why a meter cannot hold a set of tables, or nobody can say. */
export interface TouDownloadRefused {
  readonly kind: /** The meter was never read, or does not say which sets are in use or how many places its tables have. */
  'tables_unknown' | 'too_many_zones' | 'too_many_day_tables' | 'too_many_day_slots' | 'too_many_tariffs'
  readonly found: number | null
  readonly room: number | null
}

/** The download that brings wanted tables into the sets that a meter does not use, if its own limits hold them. */
export function planTouDownload(
  { zones, dayTables, switchAt }: WantedTouTables,
  meter: LoadedMeter | null,
): Result<TouDownload, TouDownloadRefused> {
  const unknown = err<TouDownloadRefused>({ kind: 'tables_unknown', found: null, room: null })
  if (meter === null) return unknown
  const { counts } = meter.tables
  const { zoneTable, dayTableSet } = meter.use
  if (zoneTable === null || dayTableSet === null) return unknown
  if (counts.zones === null || counts.dayTables === null || counts.daySlots === null || counts.tariffs === null)
    return unknown
  const needs = [
    ['too_many_zones', zones.length, counts.zones],
    ['too_many_day_tables', dayTables.length, counts.dayTables],
    ['too_many_day_slots', Math.max(...dayTables.map(({ length }) => length)), counts.daySlots],
    ['too_many_tariffs', Math.max(...dayTables.flat().map(({ tariff }) => tariff)), counts.tariffs],
  ] as const
  const beyond = needs.find(([, found, room]) => found > room)
  if (beyond !== undefined) return err({ kind: beyond[0], found: beyond[1], room: beyond[2] })
  return ok({
    target: { zoneTable: other(zoneTable), dayTableSet: other(dayTableSet) },
    zones: zones.map((zone) => ({ ...zone })),
    dayTables: dayTables.map((slots) => slots.map((slot) => ({ ...slot }))),
    switchAt,
    places: { zones: Math.min(counts.zones, touRoom.zones), daySlots: Math.min(counts.daySlots, touRoom.daySlots) },
  })
}

function other(set: 1 | 2): 1 | 2 {
  return set === 1 ? 2 : 1
}

/** One write of a download, as an order of its own. */
export interface DownloadPart {
  readonly kind: 'tariff_table' | 'tariff_switch'
  readonly parameters: { readonly item: string; readonly values: readonly string[] }
}

/** The writes of a download in their sequence: the switch moments come last, when everything that they bring into use is there. */
export function partsOfDownload({ target, zones, dayTables, switchAt, places }: TouDownload): readonly DownloadPart[] {
  const table = (item: string, values: readonly string[]): DownloadPart => ({
    kind: 'tariff_table',
    parameters: { item, values },
  })
  const moment = (item: string): DownloadPart => ({ kind: 'tariff_switch', parameters: { item, values: [switchAt] } })
  return [
    ...dayTables.map((slots, index) =>
      table(touItems.dayTable(target.dayTableSet, index + 1), filled(slots.map(slotText), places.daySlots)),
    ),
    table(touItems.zoneTable(target.zoneTable), filled(zones.map(zoneText), places.zones)),
    moment(touItems.zoneSwitch),
    moment(touItems.daySwitch),
  ]
}

/** hhmmNN */
function slotText({ fromMinute, tariff }: TouDaySlot): string {
  return [Math.floor(fromMinute / 60), fromMinute % 60, tariff].map(two).join('')
}

/** MMDDNN */
function zoneText({ from, dayTable }: TouZone): string {
  return `${from.replace('-', '')}${two(dayTable)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function filled(entries: readonly string[], places: number): readonly string[] {
  return Array.from({ length: places }, (_, index) => entries[Math.min(index, entries.length - 1)] ?? '')
}
