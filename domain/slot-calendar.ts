import { z } from 'zod'
import { isLocalDate } from './time.js'

/** Days of the week as documents name them; the number is that of `Date.getUTCDay`. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
export type Weekday = (typeof weekdays)[number]

const dayName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'lower-case letters, digits, - and _')
const mostChanges = 48

/**
 * The hours of a tariff version, in local time: which slot each minute of each day belongs to. The first slot of a day begins at 00:00;
 * a season begins on its day of the year and lasts until the next one does, round the year.
 */
export const slotCalendarSchema = z.strictObject({
  days: z.record(
    dayName,
    z
      .array(
        z.strictObject({
          from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM'),
          slot: z.enum(['sharp', 'peak', 'flat', 'valley']),
        }),
      )
      .min(1)
      .max(mostChanges),
  ),
  seasons: z
    .array(
      z.strictObject({
        from: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day of the year is MM-DD'),
        day: dayName,
        /** On days of the week that rest; as on all others when nothing is said. */
        restDay: dayName.optional(),
      }),
    )
    .min(1)
    .max(31),
  restWeekdays: z.array(z.enum(weekdays)).min(1).max(7).optional(),
  /** Public holidays, and working days among the rest days that make up for them. */
  holidays: z
    .array(z.strictObject({ date: z.string().refine(isLocalDate, 'not a calendar day YYYY-MM-DD'), day: dayName }))
    .max(400)
    .optional(),
})

export type SlotCalendar = z.infer<typeof slotCalendarSchema>

/** What is wrong with a calendar that is well formed; `where` names the place in it. */
export interface CalendarDefect {
  readonly kind: 'hours_out_of_order' | 'season_repeated' | 'holiday_repeated' | 'day_unknown' | 'rest_day_unused'
  readonly where: string
}

/** Everything that would leave a minute of a day without a slot, or with two. */
export function checkCalendar({ days, seasons, restWeekdays, holidays = [] }: SlotCalendar): readonly CalendarDefect[] {
  const defects: CalendarDefect[] = []
  for (const [name, changes] of Object.entries(days)) {
    const isAscending =
      changes.every(({ from }, index) => from > (changes[index - 1]?.from ?? '')) && changes[0]?.from === '00:00'
    if (!isAscending) defects.push({ kind: 'hours_out_of_order', where: `days.${name}` })
  }
  for (const where of repeated(seasons.map(({ from }) => from))) defects.push({ kind: 'season_repeated', where })
  for (const where of repeated(holidays.map(({ date }) => date))) defects.push({ kind: 'holiday_repeated', where })
  const named = [
    ...seasons.flatMap(({ day, restDay }) => (restDay === undefined ? [day] : [day, restDay])),
    ...holidays.map(({ day }) => day),
  ]
  for (const where of new Set(named)) if (!Object.hasOwn(days, where)) defects.push({ kind: 'day_unknown', where })
  const hasRestDays = seasons.some(({ restDay }) => restDay !== undefined)
  if (hasRestDays !== (restWeekdays !== undefined)) defects.push({ kind: 'rest_day_unused', where: 'restWeekdays' })
  return defects
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index)
}
