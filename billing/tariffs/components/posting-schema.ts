import { z } from 'zod'
import { exactText, nameText } from './texts.js'

/** Government funds that the chart of accounts knows (代征基金). */
export const fundNames = ['rural_grid_loan', 'reservoir_resettlement', 'renewable_energy'] as const

/** How the amount of a bill is split in the ledger: tax, funds, purchased power, and revenue as what is left. Sources stand in the version's evidence. */
export const postingSchema = z.strictObject({
  vat: z.union([
    z.strictObject({ rate: exactText }).describe('Contained in the amount of the bill: 0.13 for 13 %.'),
    z.strictObject({ component: nameText }).describe('The component that charges the tax, or shows what is included.'),
  ]),
  funds: z
    .array(
      z.union([
        z.strictObject({ fund: z.enum(fundNames), component: nameText }).describe('Charged as a component.'),
        z
          .strictObject({ fund: z.enum(fundNames), price: exactText })
          .describe('Inside the prices: so much of each kWh billed.'),
      ]),
    )
    .max(fundNames.length)
    .default([]),
  purchases: z
    .array(nameText)
    .optional()
    .describe('Components that credit what the customer feeds in: a cost of purchased power, outside a contained tax.'),
})
export type Posting = z.infer<typeof postingSchema>
