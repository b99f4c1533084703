import { err, ok, type Result } from '../../domain/result.js'
import { beijing, dayMs, type Instant, type LocalDate, minuteMs, weekdayOf } from '../../domain/time.js'
import type { TouTables, TouUse } from '../../domain/tou-tables.js'
import { type DaySlots, joinSlots, slotsWithin } from './day-slots.js'

/** Which of the two sets counts at a moment; null where the meter does not say. */
export type SetsInUse = Pick<TouUse, 'zoneTable' | 'dayTableSet'>

/** The tables of a meter as a read found them. */
export interface ReadTables {
  readonly tables: TouTables
  readonly use: TouUse
  readonly readAt: Instant
}

/** Why nobody can say which register a meter counts: the item that it does not tell. */
export interface TablesGap {
  readonly kind: 'tables_incomplete'
  readonly item: string
}

/**
 * The set in use at a moment, by what a read at `readAt` found: at a planned moment the other one takes over, and before one that was
 * over when it was read the other one counted.
 */
export function setAt(found: 1 | 2 | null, switchAt: Instant | null, readAt: Instant, at: Instant): 1 | 2 | null {
  if (found === null || switchAt === null) return found
  const isSameSide = at < switchAt === readAt < switchAt
  if (isSameSide) return found
  return found === 1 ? 2 : 1
}

export function setsInUse({ use, readAt }: Pick<ReadTables, 'use' | 'readAt'>, at: Instant): SetsInUse {
  return {
    zoneTable: setAt(use.zoneTable, use.zoneSwitchAt, readAt, at),
    dayTableSet: setAt(use.dayTableSet, use.daySwitchAt, readAt, at),
  }
}

/**
 * Which tariff register a meter counts at each minute of a day of its own calendar, by what it was found with, the change-over of its
 * sets included. Meters keep Beijing time.
 */
export function slotsOfMeter(read: ReadTables, date: LocalDate): Result<DaySlots<number>, TablesGap> {
  const dayStart = beijing.startOfDay(date)
  const dayEnd = dayStart + dayMs
  const switches = [read.use.zoneSwitchAt, read.use.daySwitchAt].filter(
    (at) => at !== null && at > dayStart && at < dayEnd,
  )
  const starts = [dayStart, ...switches.filter((at) => at !== null).sort((left, right) => left - right)]
  const slots: DaySlots<number>[] = []
  for (const [index, from] of starts.entries()) {
    const part = slotsOfSets(read.tables, setsInUse(read, from), date)
    if (!part.ok) return part
    const to = starts[index + 1] ?? dayEnd
    slots.push(slotsWithin(part.value, (from - dayStart) / minuteMs, (to - dayStart) / minuteMs))
  }
  return ok(joinSlots(slots.flat()))
}

/** A whole day by the same two sets: a holiday's table, that of a rest day, or that of the season. */
export function slotsOfSets(
  tables: TouTables,
  { zoneTable, dayTableSet }: SetsInUse,
  date: LocalDate,
): Result<DaySlots<number>, TablesGap> {
  const unread = unreadOf(tables)
  if (unread !== null) return gap(unread)
  if (zoneTable === null || dayTableSet === null) return gap(statusWord3)
  const number = holidayTable(tables, date) ?? restTable(tables, date) ?? seasonTable(tables, zoneTable, date)
  if (number === null) return gap(`040${zoneTable}0000`)
  const slots = tables.sets[dayTableSet - 1]?.dayTables[number - 1] ?? null
  const [first] = slots ?? []
  if (slots === null || first === undefined) return gap(`040${dayTableSet}00${String(number).padStart(2, '0')}`)
  const day = slots.map(({ fromMinute, tariff }) => ({ fromMinute, value: tariff }))
  // Before the first slot of a day the last one still counts, round midnight.
  const wrapped =
    first.fromMinute === 0 ? day : [{ fromMinute: 0, value: slots.at(-1)?.tariff ?? first.tariff }, ...day]
  return ok(joinSlots(wrapped))
}

const statusWord3 = '04000503'
/** What a meter does not have cannot move a day to another table. */
const notKept: ReadonlySet<string> = new Set(['no_such_data', 'value_absent'])
/** Holidays with their number, and rest days: they hold for both sets. */
const sharedItem = /^(?:0403|04000205|0400080[12])/

/** An item that may decide about any day and did not come right. */
function unreadOf({ absent }: TouTables): string | null {
  return absent.find(({ item, cause }) => sharedItem.test(item) && !notKept.has(cause))?.item ?? null
}

function holidayTable({ holidays }: TouTables, date: LocalDate): number | null {
  return holidays.find((holiday) => holiday.date === date)?.dayTable ?? null
}

function restTable({ rest }: TouTables, date: LocalDate): number | null {
  return rest !== null && rest.dayTable > 0 && rest.weekdays.includes(weekdayOf(date)) ? rest.dayTable : null
}

/** The last zone that began on the day or before, going round the year. */
function seasonTable({ sets }: TouTables, zoneTable: 1 | 2, date: LocalDate): number | null {
  const zones = sets[zoneTable - 1]?.zones ?? []
  const monthDay = date.slice(5)
  return (zones.findLast(({ from }) => from <= monthDay) ?? zones.at(-1))?.dayTable ?? null
}

function gap(item: string) {
  return err<TablesGap>({ kind: 'tables_incomplete', item })
}
