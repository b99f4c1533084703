import * as z from 'zod'
import { present } from '../../domain/result.js'
import { formatScaled, parseScaled } from '../../domain/scaled.js'
import type { PolicyKind } from '../policies/policy-kind.js'
import { builtInLossPolicy, type LossPolicy } from './loss-policy.js'

function whole(unit: string, least: number, most: number) {
  const expected = { error: `expected whole ${unit} from ${least} to ${most}` }
  return z.int(expected).min(least, expected).max(most, expected)
}
const percent = z.string().refine(
  (text) => {
    const value = parseScaled(text, 2)
    return value !== null && value >= 0n && value <= 100_00n
  },
  { error: 'expected percent as text with at most two decimals, such as "1.5"' },
)

/** When the loss of an area is out of band, as people write and sign it. */
export const lossPolicySchema = z.strictObject({
  format: z.literal(1, { error: 'expected 1' }),
  abovePercent: percent.describe('线损率高于此即越限 a loss above this share of what flowed in'),
  risePercent: percent.describe('高于本台区常值此数即越限 or above the area’s own usual loss by this'),
  usualDays: whole('days', 1, 400).describe('常值取近几日之中位 days whose median is the usual loss'),
  usualLeastDays: whole('days', 1, 400).describe('常值至少所需日数 with fewer days in band there is none'),
  negativePercent: percent.describe('负损超过此数即越限 a gain above this, which no network has'),
  leastKwh: z
    .string()
    .refine((text) => (parseScaled(text, 4) ?? -1n) >= 0n, { error: 'expected kWh as text, such as "5"' })
    .describe('不足此电量不提 smaller losses and gains are not told'),
})
export type LossPolicyDocument = z.infer<typeof lossPolicySchema>

const percentOf = (fractionE4: number) => formatScaled(BigInt(fractionE4), 2)

export const builtInLossDocument: LossPolicyDocument = {
  format: 1,
  abovePercent: percentOf(builtInLossPolicy.aboveE4),
  risePercent: percentOf(builtInLossPolicy.riseE4),
  usualDays: builtInLossPolicy.usualDays,
  usualLeastDays: builtInLossPolicy.usualLeastDays,
  negativePercent: percentOf(builtInLossPolicy.negativeE4),
  leastKwh: formatScaled(builtInLossPolicy.leastE4, 4),
}

export const lossPolicyKind: PolicyKind<LossPolicyDocument> = {
  table: 'loss_policy',
  zh: '线损规则',
  en: 'the policy of area losses',
  schema: lossPolicySchema,
  builtIn: () => Promise.resolve(builtInLossDocument),
  versionOf: (revision) => (revision === null ? builtInLossPolicy.version : `losses/${revision}`),
}

/** A checked document as settlements use it: percent as fractions e4, texts of kWh as e4. */
export function toLossPolicy(version: string, document: LossPolicyDocument): LossPolicy {
  const fraction = (text: string) => Number(present(parseScaled(text, 2), 'percent of a checked document'))
  const { usualDays, usualLeastDays } = document
  return {
    version,
    aboveE4: fraction(document.abovePercent),
    riseE4: fraction(document.risePercent),
    usualDays,
    usualLeastDays,
    negativeE4: fraction(document.negativePercent),
    leastE4: present(parseScaled(document.leastKwh, 4), 'kWh of a checked document'),
  }
}
