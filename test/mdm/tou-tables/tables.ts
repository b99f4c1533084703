import type { SlotCalendar } from '../../../domain/slot-calendar.js'
import { beijing, hourMs, type Instant, type LocalDate, minuteMs } from '../../../domain/time.js'
import { type TouDaySlot, type TouTables, touTablesDigest, type TouUse } from '../../../domain/tou-tables.js'
import type { SeenTables } from '../../../mdm/tou-tables/beliefs.js'
import type { WantedTables } from '../../../mdm/tou-tables/tables-of-tariff.js'
import type { TariffHours } from '../../../mdm/tou-tables/tariff-hours.js'

/** `8-22:2` is tariff 2 from eight to ten in the evening; what no part covers is the first tariff named before it. */
export function dayTable(...entries: readonly (readonly [time: string, tariff: number])[]): readonly TouDaySlot[] {
  return entries.map(([time, tariff]) => ({
    fromMinute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
    tariff,
  }))
}

/** Peak from eight to ten in the evening, valley at night: the residential hours of Shandong. */
export const eightToTwentyTwo = dayTable(['00:00', 4], ['08:00', 2], ['22:00', 4])
/** The heating season's. */
export const eightToTwenty = dayTable(['00:00', 4], ['08:00', 2], ['20:00', 4])

export function touTables(parts: Partial<TouTables> = {}): TouTables {
  const set = { zones: [{ from: '01-01', dayTable: 1 }], dayTables: [eightToTwentyTwo] }
  return {
    counts: { zones: 1, dayTables: 1, daySlots: 3, tariffs: 4, holidays: 0 },
    sets: [set, set],
    holidays: [],
    rest: { weekdays: [], dayTable: 1 },
    absent: [],
    ...parts,
  }
}

export const firstSets: TouUse = { zoneTable: 1, dayTableSet: 1, zoneSwitchAt: null, daySwitchAt: null }

export function at(date: LocalDate, hour = 0, minute = 0): Instant {
  return beijing.startOfDay(date) + hour * hourMs + minute * minuteMs
}

export function seenTables(
  tables: TouTables,
  firstSeenAt: Instant,
  lastSeenAt: Instant,
  use: Partial<TouUse> = {},
): SeenTables {
  return {
    digest: touTablesDigest(tables).toString('hex'),
    tables,
    use: { ...firstSets, ...use },
    firstSeenAt,
    lastSeenAt,
  }
}

/** The tables of a meter into which both sets were loaded as a tariff wants them. */
export function loadedWith({ zones, dayTables, holidays, rest }: WantedTables): TouTables {
  const set = { zones, dayTables }
  return {
    counts: {
      zones: zones.length,
      dayTables: dayTables.length,
      daySlots: Math.max(...dayTables.map(({ length }) => length)),
      tariffs: 4,
      holidays: holidays.length,
    },
    sets: [set, set],
    holidays,
    rest: rest ?? { weekdays: [], dayTable: 1 },
    absent: [],
  }
}

export const residentialCalendar: SlotCalendar = {
  days: {
    usual: [
      { from: '00:00', slot: 'valley' },
      { from: '08:00', slot: 'peak' },
      { from: '22:00', slot: 'valley' },
    ],
  },
  seasons: [{ from: '01-01', day: 'usual' }],
}

export function hours(parts: Partial<TariffHours> = {}): TariffHours {
  return {
    code: 'tariff',
    version: 1,
    validFrom: '2026-01-01',
    validTo: null,
    calendar: residentialCalendar,
    registers: [null, 'peak', null, 'valley'],
    ratesFromCurves: false,
    ...parts,
  }
}
