import { z } from 'zod'
import { componentSchema } from './component-schema.js'
import { evidenceSchema } from './evidence-schema.js'
import { postingSchema } from './posting-schema.js'
import { slotSetSchema } from './slot-schema.js'
import { bilingualText, dateText, exactText, existingInstantText, nameText, roundingSchema } from './texts.js'

export const priceSeriesSchema = z.strictObject({
  name: nameText,
  start: existingInstantText,
  minutes: z.int().min(1).max(1440),
  values: z.array(exactText).min(1).max(200_000),
})
export type PriceSeries = z.infer<typeof priceSeriesSchema>

const versionSchema = z.strictObject({
  version: z.int().positive(),
  validFrom: existingInstantText.describe('First instant of validity.'),
  validTo: existingInstantText
    .optional()
    .describe('First instant that is no longer covered; absent: until further notice.'),
  succeeds: z
    .literal(true)
    .optional()
    .describe('The version before, which has no validTo, ends where this one begins.'),
  documentNumber: z.string().min(1).optional(),
  evidence: evidenceSchema.optional(),
  signatures: z
    .array(z.strictObject({ person: z.string().min(1), on: dateText }))
    .max(10)
    .optional()
    .describe('Two people before a run may use it; offline rating does not ask.'),
  energyRounding: z
    .enum(['none', 'reading_truncated', 'difference_half_up', 'after_loss_half_up'])
    .default('none')
    .describe(
      'Whole units of every register quantity: each reading before the multiplier, the difference × multiplier, or what is there after losses.',
    ),
  rounding: z
    .strictObject({
      quantity: roundingSchema.optional(),
      line: roundingSchema.optional(),
      component: roundingSchema.optional(),
      total: roundingSchema
        .extend({
          carried: z
            .literal(true)
            .optional()
            .describe('What the rounding of a bill leaves goes to the next one, by the closing state (取整).'),
        })
        .optional(),
      cumulative: z
        .literal(true)
        .optional()
        .describe('A line takes what its rounded sum since the opening state has gained, so that errors never add up.'),
    })
    .describe('Where amounts are rounded: nothing is where nothing is said.'),
  unread: z
    .enum(['refuse', 'by_days'])
    .default('refuse')
    .describe('A quantity without a reading at a change inside the period: refuse, or share by days.'),
  straddling: z
    .enum(['refuse', 'by_time'])
    .default('refuse')
    .describe('An interval that straddles a slot border: refuse, or share by time.'),
  lossShare: z
    .enum(['residual', 'proportional'])
    .default('proportional')
    .describe(
      'How losses are put on slots: all on the residual slot, or by the energy of each. What has no slots bears them as a whole.',
    ),
  lossRounding: roundingSchema.optional(),
  lossBefore: z
    .enum(['relations', 'rating'])
    .default('rating')
    .describe('Losses are added before sub-meters are taken off, or after.'),
  posting: postingSchema.optional().describe('How a bill is booked; runs ask for it, offline rating does not.'),
  calendars: z.array(slotSetSchema).max(20).default([]),
  series: z.array(priceSeriesSchema).max(50).default([]),
  components: z.array(componentSchema).min(1).max(500).describe('Applied in this order.'),
})
export type TariffVersion = z.infer<typeof versionSchema>

/** A tariff as ordered components, all its versions in one file. */
export const componentTariffSchema = z.strictObject({
  format: z.literal('tariff/2'),
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '应为代码 a code: lower-case letters, digits and - between them'),
  name: bilingualText.optional(),
  province: z.string().min(1).optional(),
  currency: z.strictObject({
    code: z.string().regex(/^[A-Z]{3}$/, '应为货币代码 a currency: three capital letters'),
    decimals: z.int().min(0).max(6),
  }),
  mayBeNegative: z.literal(true).optional().describe('Without it a negative price is a slip and refused.'),
  versions: z.array(versionSchema).min(1).max(500),
})
export type ComponentTariff = z.infer<typeof componentTariffSchema>
