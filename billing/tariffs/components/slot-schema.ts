import { z } from 'zod'
import { weekdays } from '../../../domain/slot-calendar.js'
import { gradeSchema } from './evidence-schema.js'
import { dateText, dayOfYear, existingInstantText, nameText } from './texts.js'

const timeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '应为时刻 a time of day hh:mm, up to 24:00')

/** When a slot holds: all that is said must hold; what is not said does not matter. */
const whenSchema = z.strictObject({
  months: z.array(z.int().min(1).max(12)).min(1).max(12).optional(),
  dates: z
    .strictObject({ from: dayOfYear, to: dayOfYear })
    .optional()
    .describe('Days of the year [from, to), over the year end where to is earlier.'),
  days: z
    .array(nameText)
    .min(1)
    .optional()
    .describe(
      `weekday, weekend, ${weekdays.join(', ')}, or a type that specialDays gives; a special day is only of its own type, or of the day of the week that it is said to be.`,
    ),
  windows: z
    .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
    .min(1)
    .optional()
    .describe('Wall-clock times [from, to) of that same day; 22:00 to 08:00 is its first eight and last two hours.'),
})

const slotSchema = z.strictObject({
  name: nameText,
  when: z.array(whenSchema).min(1).max(200).optional().describe('Any of these.'),
  otherwise: z.literal(true).optional().describe('All time that no other slot of the calendar takes.'),
  intervals: z
    .array(z.strictObject({ start: existingInstantText, end: existingInstantText }))
    .min(1)
    .max(10_000)
    .optional()
    .describe('Explicit intervals [start, end); they go before whatever the clock says.'),
})

/** Named slots. Each minute belongs to exactly one of them, unless the calendar is partial: then to one at the most. */
export const slotSetSchema = z.strictObject({
  name: nameText,
  partial: z.literal(true).optional(),
  specialDays: z
    .array(z.strictObject({ date: dateText, as: nameText }))
    .max(2000)
    .optional()
    .describe(
      'Holidays and the like: the type goes before the day of the week. As a day of the week (sunday) the day is in all that day would be, weekend included.',
    ),
  weekend: z.array(z.enum(weekdays)).max(7).default(['saturday', 'sunday']),
  residual: nameText.optional().describe('Slot that takes what registers by slot leave of a given total.'),
  registers: z
    .strictObject({
      tou1: nameText.optional(),
      tou2: nameText.optional(),
      tou3: nameText.optional(),
      tou4: nameText.optional(),
    })
    .optional()
    .describe('Slot that each register of a meter counts, for runs: what was read comes by register.'),
  whenMeterDiffers: z
    .enum(['hold', 'rate_from_curves'])
    .optional()
    .describe(
      'With registers: an account whose meter counts other hours than these is held (so when nothing is said), or its energy by slot is that of its interval days.',
    ),
  slots: z.array(slotSchema).min(1).max(100),
  source: z.string().min(1).optional().describe('Where the hours stand.'),
  grade: gradeSchema.optional(),
})
export type SlotSet = z.infer<typeof slotSetSchema>
