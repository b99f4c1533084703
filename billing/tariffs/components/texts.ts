import { z } from 'zod'
import { parseRational } from '../../../domain/rational.js'
import { isLocalDate } from '../../../domain/time.js'

/** Decimals are texts, so that no reader of the file turns them into binary fractions. Any number of decimals, or a quotient. */
export const exactText = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `expected a decimal written as a text: "${input}", with quotation marks, not the number ${input}`
        : undefined,
  })
  .refine((text) => parseRational(text) !== null, 'a decimal text such as "0.5769", or a quotient such as "5/12"')
  .describe('Exact number as text: "0.5769", "-12.5" or a quotient "5/12".')

/** For divisors: days of a month, steps. */
export const positiveText = exactText.refine((text) => (parseRational(text)?.n ?? 0n) > 0n, 'a number above zero')

export const notNegativeText = exactText.refine(
  (text) => (parseRational(text)?.n ?? 0n) >= 0n,
  'a number not below zero',
)

export const nameText = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'a name: lower-case letters, digits and _')
  .describe('Name: lower-case letters, digits and _.')

export const dateText = z
  .string()
  .refine(isLocalDate, 'a calendar day YYYY-MM-DD')
  .describe('Local calendar day YYYY-MM-DD.')

export const dayOfYear = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day of the year MM-DD')
  .describe('Day of the year MM-DD.')

/** `2026-07-01` is that day's midnight; a time without offset is what the wall clock of the zone shows. */
export const instantText = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/,
    'a day YYYY-MM-DD or a time YYYY-MM-DDThh:mm[:ss], in the zone of the usage or with Z or ±hh:mm',
  )
  .describe('A local day (its midnight), a local time, or a time with its offset from UTC.')

export const bilingualText = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

export const roundingSchema = z
  .strictObject({
    mode: z.enum(['half_up', 'half_even', 'up', 'down']).describe('half_up is half away from zero.'),
    decimals: z.int().min(-9).max(20),
  })
  .describe('One declared rounding.')

export const unitText = z.string().min(1).max(20).describe('Unit of the quantity, for people: kWh, kW, kVA …')
