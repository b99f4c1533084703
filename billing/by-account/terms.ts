import { z } from 'zod'
import { equipmentSchema, factSchema } from '../rating/usage/usage-schema.js'

/** What is agreed with an account beside its tariff: the whole of it, with dates inside. Facts and equipment are those of `rate`'s usage. */
export const termsSchema = z.strictObject({
  format: z.literal('terms/1'),
  facts: z.array(factSchema).max(1000).default([]),
  equipment: z.array(equipmentSchema).max(1000).default([]),
})
export type Terms = z.infer<typeof termsSchema>
