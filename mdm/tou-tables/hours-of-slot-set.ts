import { z } from 'zod'
import type { TimeOfUseSlot } from '../../domain/bill.js'
import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { type SlotCalendar, type Weekday, weekdays } from '../../domain/slot-calendar.js'
import { minutesBySlot, type SlotHours, type SlotWhen, specialDayTypes, weekdayTypes } from '../../domain/slot-hours.js'
import { minuteText } from './day-slots.js'

const slotName = z.enum(['sharp', 'peak', 'flat', 'valley'])
const from = z.string()
const spanSchema = z.object({ from, to: z.string() })
const whenSchema = z.object({
  months: z.array(z.int()).optional(),
  dates: spanSchema.optional(),
  days: z.array(z.string()).optional(),
  windows: z.array(spanSchema).optional(),
})

/** A calendar of a tariff of components whose slots a meter can count: those of one clock on the wall, under the four names of registers. */
export const countedSetSchema = z.object({
  partial: z.undefined().optional(),
  specialDays: z.array(z.object({ date: z.string(), as: z.string() })).default([]),
  weekend: z.array(z.enum(weekdays)).default(['saturday', 'sunday']),
  registers: z.object({
    tou1: slotName.optional(),
    tou2: slotName.optional(),
    tou3: slotName.optional(),
    tou4: slotName.optional(),
  }),
  whenMeterDiffers: z.enum(['hold', 'rate_from_curves']).optional(),
  slots: z.array(
    z.object({
      name: slotName,
      when: z.array(whenSchema).optional(),
      otherwise: z.literal(true).optional(),
      intervals: z.undefined().optional(),
    }),
  ),
})
export type CountedSet = z.infer<typeof countedSetSchema>

/**
 * The hours of a calendar as meters hold them: seasons, each with a usual day and a rest day, and holidays. Null where days of the week are of
 * more than two kinds, for which no meter has tables.
 */
export function hoursOfSlotSet(set: CountedSet): SlotCalendar | null {
  const borders = seasonBorders(set)
  const dayIn = (border: string, types: readonly string[]) => dayText(set, `${anyLeapYear}-${border}`, types)
  const year = (weekday: Weekday) => borders.map((border) => dayIn(border, weekdayTypes(set, weekday))).join('|')
  const kinds = [...groupBy(weekdays, year).values()].toSorted((a, b) => b.length - a.length)
  const [usual, rest] = kinds
  if (usual === undefined || kinds.length > 2) return null
  const typesOf = (kind: readonly Weekday[]) => weekdayTypes(set, present(kind[0], 'a day of the week'))
  const days = createDays()
  const seasons = borders.map((border) => ({
    from: border,
    day: days.nameOf(dayIn(border, typesOf(usual))),
    ...(rest === undefined ? {} : { restDay: days.nameOf(dayIn(border, typesOf(rest))) }),
  }))
  const holidays = set.specialDays.map(({ date, as }) => ({
    date,
    day: days.nameOf(dayText(set, date, specialDayTypes(set, as))),
  }))
  return {
    days: days.all(),
    seasons: seasons.filter((season, index) => !isSame(season, seasons[index - 1])),
    ...(rest === undefined ? {} : { restWeekdays: [...rest] }),
    ...(holidays.length === 0 ? {} : { holidays }),
  }
}

const anyLeapYear = '2024'

/** Days of the year from which on another rule may hold; the first of January among them. */
function seasonBorders({ slots }: SlotHours): readonly string[] {
  const whens: readonly SlotWhen[] = slots.flatMap(({ when = [] }) => when)
  const months = whens.some((when) => when.months !== undefined)
    ? Array.from({ length: 12 }, (_, month) => month + 1)
    : [1]
  const dates = whens.flatMap((when) => (when.dates === undefined ? [] : [when.dates.from, when.dates.to]))
  const firsts = months.map((month) => `${String(month).padStart(2, '0')}-01`)
  return [...new Set([...firsts, ...dates])].sort()
}

/** The changes of a day as JSON, which is the same for days that are. */
function dayText(set: SlotHours, date: string, types: readonly string[]): string {
  const minutes = minutesBySlot(set, date, types)
  const changes = minutes.flatMap((slot, minute) =>
    minute > 0 && minutes[minute - 1] === slot ? [] : [{ from: minuteText(minute), slot: slot as TimeOfUseSlot }],
  )
  return JSON.stringify(changes)
}

function createDays() {
  const names = new Map<string, string>()
  return {
    nameOf(text: string): string {
      const name = names.get(text) ?? `day_${names.size + 1}`
      names.set(text, name)
      return name
    },
    all: (): SlotCalendar['days'] =>
      Object.fromEntries([...names].map(([text, name]) => [name, JSON.parse(text) as SlotCalendar['days'][string]])),
  }
}

type Season = SlotCalendar['seasons'][number]

function isSame(season: Season, before: Season | undefined): boolean {
  return before !== undefined && season.day === before.day && season.restDay === before.restDay
}
