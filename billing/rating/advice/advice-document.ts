import { z } from 'zod'
import { formatRational, formatRounded, round } from '../../../domain/rational.js'
import { exactText } from '../../tariffs/components/texts.js'
import { moneyText } from '../money-text.js'
import type { AtPowerFactor, PowerFactorAdvice } from './power-factor-advice.js'

const atPowerFactor = {
  powerFactor: exactText,
  adjustment: exactText.describe('Of all components that adjust by power factor; negative for a reward.'),
  total: exactText.describe('The bill of the period.'),
}

/** What `rate power-factor` answers. */
export const powerFactorAdviceSchema = z.strictObject({
  format: z.literal('power-factor-advice/1'),
  tariff: z.string(),
  currency: z.string(),
  start: z.string(),
  end: z.string(),
  reactive: z
    .strictObject({ name: z.string(), kvarh: exactText })
    .describe('The quantity that there would be less of, as it was charged.'),
  now: z.strictObject(atPowerFactor),
  steps: z
    .array(
      z.strictObject({
        ...atPowerFactor,
        lessKvarh: exactText.describe('Whole kvarh less than was metered; one less would not do.'),
        meanKvar: exactText.describe('The same as mean kvar over the hours of the period, to two decimals.'),
        saving: exactText.describe('The bill as it is less the bill with it.'),
      }),
    )
    .describe('From the next step of the table to the last that changes the bill.'),
})
export type PowerFactorAdviceDocument = z.infer<typeof powerFactorAdviceSchema>

export function powerFactorAdviceDocument(
  { period, reactive, now, steps }: PowerFactorAdvice,
  {
    code,
    currency,
  }: { readonly code: string; readonly currency: { readonly code: string; readonly decimals: number } },
): PowerFactorAdviceDocument {
  const money = (value: PowerFactorAdvice['now']['total']) => moneyText(value, currency.decimals)
  const at = ({ powerFactor, adjustment, total }: AtPowerFactor) => ({
    powerFactor: formatRational(powerFactor),
    adjustment: money(adjustment),
    total: money(total),
  })
  return {
    format: 'power-factor-advice/1',
    tariff: code,
    currency: currency.code,
    start: period.start,
    end: period.end,
    reactive: { name: reactive.name, kvarh: formatRational(reactive.kvarh) },
    now: at(now),
    steps: steps.map((step) => ({
      ...at(step),
      lessKvarh: String(step.lessKvarh),
      meanKvar: formatRounded(round(step.meanKvar, { mode: 'half_up', decimals: 2 }), 2),
      saving: money(step.saving),
    })),
  }
}
