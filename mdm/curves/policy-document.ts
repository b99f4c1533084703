import * as z from 'zod'
import { curveChannels } from '../../domain/interval-day.js'
import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { hourMs } from '../../domain/time.js'
import type { PolicyKind } from '../policies/policy-kind.js'
import { builtInCurvePolicy, type CurvePolicy } from './policy.js'
import { curveRuleNames } from './rule-names.js'

function whole(unit: string, least: number, most: number) {
  const expected = { error: `expected whole ${unit} from ${least} to ${most}` }
  return z.int(expected).min(least, expected).max(most, expected)
}
const names = <Name extends string>(known: readonly Name[], what: string) =>
  z
    .array(z.enum(known, { error: `expected ${what} out of ${known.join(', ')}` }))
    .refine((list) => new Set(list).size === list.length, { error: 'expected each once' })

/** How curves become days, as people write and sign it. Energies are text in kWh at the meter, before the multiplier. */
export const curvePolicySchema = z.strictObject({
  format: z.literal(1, { error: 'expected 1' }),
  channels: names(curveChannels, 'channels')
    .min(1, { error: 'expected at least one channel' })
    .describe('结算的曲线 channels that are settled'),
  closeAfterHours: whole('hours', 1, 24 * 31).describe('日终后多久结清未满之日 when an incomplete day is closed'),
  longestFillHours: whole('hours', 0, 24 * 31).describe('补全最长时段 the longest stretch that may be filled'),
  historyDays: whole('days', 7, 400).describe('相似日回溯天数 how far back similar days are looked for'),
  similarDays: whole('days', 1, 60).describe('取形的相似日数 how many of them give a shape'),
  leastSimilarDays: whole('days', 1, 60).describe('相似日下限 with fewer there is no shape'),
  limitKwhPerHour: z
    .string()
    .refine((text) => (parseScaled(text, 4) ?? 0n) > 0n, { error: 'expected kWh as text, such as "66"' })
    .describe('每小时至多可计 most a meter can count in an hour'),
  zeroRunHours: whole('hours', 1, 24).describe('连续零度 measured slots that stand still for so long'),
  toleranceSteps: whole('steps', 0, 1000).describe(
    '与示数之差，表显末位数 steps of the display by which the sum may differ from the registers',
  ),
  notes: names(curveRuleNames, 'rules').describe('只提示不存疑的规则 rules that are heard without holding the day'),
})
export type CurvePolicyDocument = z.infer<typeof curvePolicySchema>

export const builtInCurveDocument: CurvePolicyDocument = {
  format: 1,
  channels: [...builtInCurvePolicy.channels],
  closeAfterHours: builtInCurvePolicy.closeAfterMs / hourMs,
  longestFillHours: builtInCurvePolicy.longestFillMs / hourMs,
  historyDays: builtInCurvePolicy.historyDays,
  similarDays: builtInCurvePolicy.similarDays,
  leastSimilarDays: builtInCurvePolicy.leastSimilarDays,
  limitKwhPerHour: '66',
  zeroRunHours: builtInCurvePolicy.zeroRunMs / hourMs,
  toleranceSteps: Number(builtInCurvePolicy.toleranceSteps),
  notes: [...builtInCurvePolicy.notes],
}

export const curvePolicyKind: PolicyKind<CurvePolicyDocument> = {
  table: 'curve_policy',
  zh: '曲线规则',
  en: 'the policy of day curves',
  schema: curvePolicySchema,
  builtIn: () => Promise.resolve(builtInCurveDocument),
  versionOf: (revision) => (revision === null ? builtInCurvePolicy.version : `curves/${revision}`),
}

/** A checked document as settlements use it: texts of kWh as e4, hours as milliseconds. */
export function toCurvePolicy(version: string, document: CurvePolicyDocument): CurvePolicy {
  const { channels, historyDays, similarDays, leastSimilarDays, notes } = document
  return {
    version,
    channels,
    closeAfterMs: document.closeAfterHours * hourMs,
    longestFillMs: document.longestFillHours * hourMs,
    historyDays,
    similarDays,
    leastSimilarDays,
    limitE4PerHour: present(parseScaled(document.limitKwhPerHour, 4), 'kWh of a checked document'),
    zeroRunMs: document.zeroRunHours * hourMs,
    toleranceSteps: BigInt(document.toleranceSteps),
    notes,
  }
}
