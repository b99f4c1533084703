import * as z from 'zod'
import { parseScaled } from '../../domain/scaled.js'
import { usageClasses } from '../../domain/usage-class.js'
import { roles } from './policy.js'
import { ruleNames, severities } from './rule-names.js'

const kwh = z
  .string()
  .refine((text) => (parseScaled(text, 4) ?? -1n) >= 0n, { error: 'expected kWh as text, such as "12.5"' })

function whole(unit: string, least: number, most: number) {
  const expected = { error: `expected whole ${unit} from ${least} to ${most}` }
  return z.int(expected).min(least, expected).max(most, expected)
}

function forEach<Name extends string, Schema>(names: readonly Name[], schema: Schema): Readonly<Record<Name, Schema>> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>
}

const factor = whole('times', 2, 1000)
const departure = z.strictObject({
  times: factor.describe('超过（或不足）常日的倍数 times the usual day, or that part of it'),
  leastKwh: kwh.describe('且相差至少 and apart by at least, kWh a day'),
  deviations: whole('median deviations', 0, 1000).describe('且超过中位离差的倍数 and by more median deviations'),
})

const severity = z.enum(severities, { error: 'expected hold or flag' })

const classSchema = z
  .strictObject({
    severities: z
      // The defaults are for policies that were signed before a rule was there.
      .strictObject({ ...forEach(ruleNames, severity), above_fullest: severity.default('flag') })
      .describe('各规则：hold 不予采用，flag 采用但标明 hold keeps a value from use, flag names its doubt'),
    leastHistoryDays: whole('days', 1, 30).describe('历史不足此天数则不作比较 days of history that comparisons need'),
    jump: departure.describe('突增 far more than usual'),
    aboveFullest: z
      .strictObject({ percent: whole('percent', 100, 1000), leastKwh: kwh })
      .default({ percent: 150, leastKwh: '2' })
      .describe('超过历史最大日 a day beyond this share of the fullest one before, and beyond it by this much'),
    drop: departure.describe('突减 far less than usual'),
    peers: z
      .strictObject({ leastMeters: whole('meters', 3, 1000), times: factor, leastKwh: kwh })
      .describe('与同台区同类用户相比 against the same class in the same transformer area'),
    zeroRunDays: whole('days', 1, 30).describe('连续零度 days without any usage on a load that ran'),
    staleRepeat: z
      .strictObject({ days: whole('days', 1, 30), leastDayKwh: kwh })
      .describe('示值重复 the same registers although every day of the history used at least this much'),
    nearAbsolute: z
      .strictObject({ percent: whole('percent', 0, 50), leastKwh: kwh, firstPeriodDays: whole('days', 0, 400) })
      .describe('用量近于示值本身 usage within this share of the register itself'),
    unitSlip: z
      .strictObject({ tolerancePercent: whole('percent', 0, 20), steadyPercent: whole('percent', 0, 50) })
      .describe(
        '十、百、千倍 ten, a hundred or a thousand times; usage only of loads that vary by less than steadyPercent',
      ),
    reverseDays: whole('days', 1, 30).describe('倒走不超过常日用量的天数 a fall of so many usual days runs backwards'),
    exportLeastKwh: kwh.describe('无上网协议而反向增加超过 reverse energy beyond this where no export is agreed'),
    demandPercent: whole('percent', 100, 1000).describe(
      '需量超过合同容量 demand beyond this share of the contract capacity',
    ),
  })
  .describe('一类用户的阈值 thresholds of one class')

const groupSchema = z
  .array(z.enum(ruleNames, { error: `expected rules out of ${ruleNames.join(', ')}` }))
  .min(1, { error: 'expected at least one rule' })
  .refine((names) => new Set(names).size === names.length, { error: 'expected each rule once' })

/** A validation policy as people write and sign it. Energies are text in kWh at the meter, before the multiplier. */
export const policyDocumentSchema = z.strictObject({
  physicalLimitKwhPerHour: z
    .strictObject({ default: kwh, models: z.record(z.string().min(1).max(64), kwh).default({}) })
    .describe('电能表每小时至多可计 most a meter can count in an hour'),
  missingAfterHours: whole('hours', 1, 240).describe('应抄时刻后多久报缺抄 when a missing read is reported'),
  groups: z.strictObject(forEach(roles, groupSchema)).describe('各场合依次适用的规则 the rules of each role, in order'),
  classes: z.strictObject(forEach(usageClasses, classSchema)),
})

export type PolicyDocument = z.infer<typeof policyDocumentSchema>
export type ClassDocument = PolicyDocument['classes']['residential']
