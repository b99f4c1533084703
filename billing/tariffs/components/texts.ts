import { z } from 'zod'
import { parseRational } from '../../../domain/rational.js'
import { isLocalDate } from '../../../domain/time.js'

/** Decimals are texts, so that no reader of the file turns them into binary fractions. Any number of decimals, or a quotient. */
export const exactText = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `应为加引号的数 expected a decimal written as a text: "${input}", with quotation marks, not the number ${input}`
        : undefined,
  })
  .refine(
    (text) => parseRational(text) !== null,
    '应为数 a decimal text such as "0.5769", or a quotient such as "5/12"',
  )
  .describe('Exact number as text: "0.5769", "-12.5" or a quotient "5/12".')

/** For divisors: days of a month, steps. */
export const positiveText = exactText.refine(
  (text) => (parseRational(text)?.n ?? 0n) > 0n,
  '应大于零 a number above zero',
)

export const notNegativeText = exactText.refine(
  (text) => (parseRational(text)?.n ?? 0n) >= 0n,
  'a number not below zero',
)

export const nameText = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, '应为名称 a name: lower-case letters, digits and _')
  .describe('Name: lower-case letters, digits and _.')

export const dateText = z
  .string()
  .refine(isLocalDate, '应为实有的日期 a calendar day YYYY-MM-DD')
  .describe('Local calendar day YYYY-MM-DD.')

/** Any: its days of the year are all that there are. */
const leapYear = 2024

export const dayOfYear = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, '应为月日 a day of the year MM-DD')
  .refine((text) => isLocalDate(`${leapYear}-${text}`), '无此月日 no month has that day')
  .describe('Day of the year MM-DD.')

/** `2026-07-01` is that day's midnight; a time without offset is what the wall clock of the zone shows. */
export const instantText = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/,
    '应为日期或时刻 a day YYYY-MM-DD or a time YYYY-MM-DDThh:mm[:ss], in the zone of the usage or with Z or ±hh:mm',
  )
  .describe('A local day (its midnight), a local time, or a time with its offset from UTC.')

/** The same, of a tariff: a day and a time of day that exist. Whether the clocks of a zone ever show it is seen when a usage says the zone. */
export const existingInstantText = instantText.refine(
  (text) => isLocalDate(text.slice(0, 10)) && !text.includes('T24') && !Number.isNaN(Date.parse(text)),
  '无此日期或时刻 no such day or time',
)

export const bilingualText = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

export const roundingSchema = z
  .strictObject({
    mode: z.enum(['half_up', 'half_even', 'up', 'down']).describe('half_up is half away from zero.'),
    decimals: z.int().min(-9).max(20),
  })
  .describe('One declared rounding.')

export const unitText = z.string().min(1).max(20).describe('Unit of the quantity, for people: kWh, kW, kVA …')
