import { z } from 'zod'
import { exactText } from '../../tariffs/components/texts.js'
import { totalOf } from '../bill-difference.js'
import { moneyText } from '../money-text.js'
import type { Comparison } from './compare-bills.js'
import { factors } from './factors.js'
import { figureOf } from './what-changed.js'

const sideSchema = z.strictObject({ tariff: z.string(), start: z.string(), end: z.string(), amount: exactText })

/** What `rate compare` answers. */
export const comparisonSchema = z.strictObject({
  format: z.literal('comparison/1'),
  currency: z.string(),
  from: sideSchema,
  to: sideSchema,
  difference: exactText.describe('The second bill less the first: the sum of the amounts below.'),
  factors: z
    .array(
      z.strictObject({
        factor: z.enum(factors),
        was: z
          .string()
          .nullable()
          .describe('The figure that it is about, in the first bill; null where there is none.'),
        is: z.string().nullable(),
        amount: exactText.describe('What the bill changes by when this factor is taken over from the second.'),
        total: exactText.describe('What the bill comes to with it.'),
        byComponent: z.array(z.strictObject({ component: z.string(), amount: exactText })),
        tariff: z.string().optional().describe('With --keep: the documents that rate to this total.'),
        usage: z.string().optional(),
      }),
    )
    .describe('In the order in which they were taken over.'),
})
export type ComparisonDocument = z.infer<typeof comparisonSchema>

/** `filesOf` names the kept documents of a step, by its place. */
export function comparisonDocument(
  { first, second, difference, steps }: Comparison,
  filesOf: (place: number) => { readonly tariff: string; readonly usage: string } | null,
): ComparisonDocument {
  const { decimals } = second.tariff.currency
  const side = ({ bill }: typeof first) => ({
    tariff: bill.tariff,
    start: bill.periods[0]?.start ?? '',
    end: bill.periods.at(-1)?.end ?? '',
    amount: moneyText(totalOf(bill), decimals),
  })
  return {
    format: 'comparison/1',
    currency: second.bill.currency,
    from: side(first),
    to: side(second),
    difference: moneyText(difference, decimals),
    factors: steps.map(({ factor, amount, total, byComponent }, index) => ({
      factor,
      was: figureOf(factor, first),
      is: figureOf(factor, second),
      amount: moneyText(amount, decimals),
      total: moneyText(total, decimals),
      byComponent: byComponent.map((one) => ({ component: one.component, amount: one.amount })),
      ...filesOf(index + 1),
    })),
  }
}
