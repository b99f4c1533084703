import { z } from 'zod'
import { exactText } from '../tariffs/components/texts.js'
import { stateSchema } from './usage/usage-schema.js'

const stepSchema = z.strictObject({ rule: z.string(), inputs: z.record(z.string(), z.string()), result: z.string() })

const lineSchema = z.strictObject({
  component: z.string(),
  slot: z.string().nullable(),
  block: z.int().nullable(),
  segment: z.int().describe('Part of the period under one version, from 1.'),
  from: z.string().describe('Local time at which the line begins.'),
  to: z.string(),
  quantity: exactText.nullable(),
  unit: z.string().nullable(),
  unitPrice: exactText.nullable().describe('Null where each interval has its own.'),
  multiple: exactText.optional(),
  amountExact: exactText.describe('Never rounded: a decimal, or a quotient where it does not end.'),
  amount: exactText,
  version: z.int(),
  included: z.literal(true).optional().describe('Contained in other lines: shown, not added.'),
  steps: z.array(stepSchema).optional().describe('With --explain.'),
})

const componentTotalSchema = z.strictObject({ component: z.string(), exact: exactText, amount: exactText })

const billPeriodSchema = z.strictObject({
  start: z.string(),
  end: z.string(),
  month: z.string(),
  kind: z.string(),
  settlement: z.strictObject({ number: z.int(), last: z.boolean() }),
  lines: z.array(lineSchema),
  totals: z.strictObject({
    exact: exactText.describe('Sum of the exact amounts.'),
    amount: exactText,
    byComponent: z.array(componentTotalSchema),
  }),
  quantities: z.array(z.strictObject({ name: z.string(), slot: z.string().nullable(), value: exactText })),
  steps: z.array(stepSchema).optional().describe('With --explain: how the quantities came about.'),
  closing: stateSchema,
})
export type BillPeriod = z.infer<typeof billPeriodSchema>

/** What `rate` answers. */
export const billSchema = z.strictObject({
  format: z.literal('bill/1'),
  tariff: z.string(),
  currency: z.string(),
  zone: z.string(),
  periods: z.array(billPeriodSchema),
  difference: z
    .strictObject({ exact: exactText, amount: exactText, byComponent: z.array(componentTotalSchema) })
    .optional()
    .describe('With --previous: this bill less that one.'),
})
export type Bill = z.infer<typeof billSchema>
