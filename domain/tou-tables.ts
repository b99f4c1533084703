import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isLocalDate, type Instant } from './time.js'

/** What meters of DL/T 645-2007 have room for at most. */
export const touRoom = { zones: 14, dayTables: 8, daySlots: 14, tariffs: 63, holidays: 254 } as const

const monthDay = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day of the year is MM-DD')
const dayTable = z.int().min(1).max(99)

/** From this day of the year on, the day table holds. */
const zoneSchema = z.strictObject({ from: monthDay, dayTable })
/** From this minute of the day on, the tariff register counts. */
const daySlotSchema = z.strictObject({ fromMinute: z.int().min(0).max(1439), tariff: z.int().min(1).max(99) })
const holidaySchema = z.strictObject({ date: z.string().refine(isLocalDate, 'a day is YYYY-MM-DD'), dayTable })
const count = z.int().min(0).nullable()

/** One of the two sets: null where the meter does not have the table, or said something that is none. */
const setSchema = z.strictObject({
  zones: z.array(zoneSchema).min(1).nullable(),
  dayTables: z.array(z.array(daySlotSchema).min(1).nullable()),
})

/** The time-of-use tables of a meter as it says them, in the form in which they are stored. */
export const touTablesSchema = z.strictObject({
  /** How many of each the meter says that it uses; null where it does not say. */
  counts: z.strictObject({ zones: count, dayTables: count, daySlots: count, tariffs: count, holidays: count }),
  sets: z.tuple([setSchema, setSchema]),
  /** By date. */
  holidays: z.array(holidaySchema),
  /** Days of the week on which the meter rests, 0 Sunday to 6 Saturday, and their day table; null where the meter does not say. */
  rest: z.strictObject({ weekdays: z.array(z.int().min(0).max(6)), dayTable: z.int().min(0).max(99) }).nullable(),
  /** Items without a value, each with what came instead. */
  absent: z.array(z.strictObject({ item: z.string(), cause: z.string() })),
})

type Deep<T> = T extends (infer E)[]
  ? readonly Deep<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T
export type TouZone = Readonly<z.infer<typeof zoneSchema>>
export type TouDaySlot = Readonly<z.infer<typeof daySlotSchema>>
export type TouHoliday = Readonly<z.infer<typeof holidaySchema>>
export interface TouSet {
  readonly zones: readonly TouZone[] | null
  readonly dayTables: readonly (readonly TouDaySlot[] | null)[]
}
export interface TouTables extends Omit<Deep<z.infer<typeof touTablesSchema>>, 'sets'> {
  readonly sets: readonly [first: TouSet, second: TouSet]
}

/** Which of the two sets counts, and when it changes over to the other. Null where the meter does not say, or plans nothing. */
export interface TouUse {
  readonly zoneTable: 1 | 2 | null
  readonly dayTableSet: 1 | 2 | null
  readonly zoneSwitchAt: Instant | null
  readonly daySwitchAt: Instant | null
}

/** Why tables are not downloaded into a meter: no meter can hold the hours, or this one cannot, or nobody can say. */
export type TouDownloadReason =
  | 'too_many_zones'
  | 'too_many_day_tables'
  | 'too_many_day_slots'
  | 'too_many_tariffs'
  | 'too_many_holidays'
  | 'rest_days_by_season'
  | 'tables_unknown'
  | 'shared_tables_differ'

export function parseTouTables(document: unknown): TouTables {
  return touTablesSchema.parse(document)
}

/** SHA-256 of the document; equal tables have equal digests, in whatever order their keys were stored. */
export function touTablesDigest(tables: TouTables): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(touTablesSchema.parse(tables)))
    .digest()
}
