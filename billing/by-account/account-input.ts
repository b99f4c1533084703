import { z } from 'zod'
import { stateSchema } from '../rating/usage/usage-schema.js'
import { termsSchema } from './terms.js'

const whole = z.string().regex(/^-?\d+$/)
const registers = <T extends z.ZodType>(one: T) => z.tuple([one, one, one, one, one])

const intervalDaySchema = z.strictObject({
  multiplier: z.int(),
  start: z.int(),
  revision: z.int(),
  minutes: z.int(),
  /** Some of its slots are estimates. */
  isFilled: z.boolean(),
  /** kWh e4 before the multiplier, a little-endian int32 a slot. */
  values: z.base64(),
})

/** What `storage/billing/component-inputs.ts` reads of an account: energies and demands e4, instants epoch milliseconds. */
export const accountInputSchema = z.strictObject({
  kind: z.enum(['regular', 'transfer']),
  start: z.int(),
  end: z.int(),
  inUseFrom: z.string(),
  /** Total and tou1…tou4. */
  energies: registers(whole),
  quantities: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.enum(['kWh', 'kvarh', 'kW']),
      missing: z.string().nullable(),
      registers: registers(whole.nullable()),
      /** Of interval days that are the energy by slot in place of the registers: why. */
      insteadOf: z.string().optional(),
    }),
  ),
  /** Interval days by meter and time, where the tariff asks for the curve or they stand in for registers. */
  days: z.array(intervalDaySchema).optional(),
  terms: termsSchema.nullable(),
  agreement: z.array(
    z.strictObject({
      from: z.int(),
      to: z.int().nullable(),
      capacityKva: z.int().nullable(),
      usageClass: z.string().nullable(),
    }),
  ),
  /** Of the bill whose period ended last before this one began; `closing` where it was under a tariff of components. */
  lastBill: z
    .strictObject({ end: z.int(), tariff: z.string(), ladderE4: whole, closing: stateSchema.nullable() })
    .nullable(),
  /** Of the old books. */
  opening: z
    .strictObject({
      asOf: z.int(),
      ladderE4: whole,
      demands: z.array(z.strictObject({ month: z.string(), kwE4: whole })),
    })
    .nullable(),
})

export type AccountInput = z.infer<typeof accountInputSchema>
