import * as z from 'zod'
import { isLocalDate } from '../../domain/time.js'

/** Classes of supply (用电类别) as agreements state them. */
export const usageClasses = ['residential', 'commercial', 'large_industrial', 'agricultural'] as const
export type UsageClass = (typeof usageClasses)[number]

export const methodNames = ['interpolation', 'peer_profile', 'own_history', 'same_day_type', 'previous_period'] as const
export type MethodName = (typeof methodNames)[number]

function wholeNumber(unit: string, least: number, most: number) {
  const expected = { error: `expected whole ${unit} from ${least} to ${most}` }
  return z.int(expected).min(least, expected).max(most, expected)
}

const methodSchema = z.strictObject({
  method: z.enum(methodNames, { error: `expected one of ${methodNames.join(', ')}` }),
  afterHours: wholeNumber('hours', 0, 24 * 62).describe('应抄时刻后多久方可用 how long the point must have been open'),
  leastHistoryDays: wholeNumber('days', 0, 60).describe('至少已知日用电天数 days whose usage is known before the gap'),
  greatestGapDays: wholeNumber('days', 1, 62).describe('缺口最长天数 the longest gap that it may fill'),
  leastPeers: wholeNumber('points', 3, 50)
    .default(5)
    .describe('同台区同类别户数下限 peers that are known on each missing day; for peer_profile only'),
})
export type MethodRule = z.infer<typeof methodSchema>

const classSchema = z
  .strictObject({
    methods: z
      .array(methodSchema)
      .min(1, { error: 'expected at least one method' })
      .describe('按序取首个可用者 in order of rank: the first one that can be used is'),
    mostConsecutiveDays: wholeNumber('days', 1, 62).describe(
      '最后实抄后连续估算天数上限 days after the last real reading; beyond them the point stays open',
    ),
    mostConsecutivePeriods: wholeNumber('periods', 1, 3).describe(
      '连续以估算结账的月数上限 months in a row that may end on an estimate, where a boundary may be estimated',
    ),
    billingBoundary: z
      .enum(['never', 'previous_period'], { error: 'expected never or previous_period' })
      .describe(
        '结算边界可否暂按前期电量 whether a bill may begin or end on an estimate: by the quantity of the period before, to be settled at the next reading, or never',
      ),
  })
  .superRefine(({ methods, billingBoundary }, context) => {
    for (const [place, { method }] of methods.entries())
      if (methods.findIndex((each) => each.method === method) !== place)
        context.addIssue({
          code: 'custom',
          path: ['methods', place, 'method'],
          message: `expected each method once; ${method} is there twice`,
        })
    if (billingBoundary === 'previous_period' && methods.every(({ method }) => method !== 'previous_period'))
      context.addIssue({
        code: 'custom',
        path: ['billingBoundary'],
        message: 'expected previous_period among the methods where a boundary may rest on it',
      })
  })
export type ClassRule = z.infer<typeof classSchema>

const errorsSchema = z
  .array(
    z.strictObject({
      days: wholeNumber('days', 1, 62),
      usual: wholeNumber('thousandths', 0, 1_000_000).describe(
        '平均误差，占估算值千分数；内插为占缺口电量百万分数 mean error in thousandths of the estimate; for interpolation in millionths of the usage of the gap',
      ),
      scores: z
        .array(wholeNumber('thousandths', -1_000_000, 1_000_000))
        .min(20, { error: 'expected at least 20 scores' })
        .max(400, { error: 'expected at most 400 scores' })
        .describe('误差除以该户平均误差，千分数，升序 errors in thousandths of the point’s own mean error, in order'),
    }),
  )
  .min(1)
const methodErrorsSchema = z.partialRecord(z.enum(methodNames), errorsSchema)

const date = z.string().refine(isLocalDate, { error: 'expected a day such as 2026-10-01' })
const dates = (what: string) => z.array(date).default([]).describe(what)

/** Methods by class in order of rank, and how far they may go. One revision is one whole document. */
export const estimationPolicySchema = z.strictObject({
  format: z.literal(1, { error: 'expected 1' }),
  classes: z.strictObject({
    residential: classSchema,
    commercial: classSchema,
    large_industrial: classSchema,
    agricultural: classSchema,
  }),
  holidays: dates('法定节假日 public holidays'),
  workingWeekends: dates('调休上班日 weekend days that are worked'),
  errors: z
    .partialRecord(z.enum(usageClasses), methodErrorsSchema)
    .exactOptional()
    .describe('按类别实测的误差，缺省用内置值 errors measured by class; the built-in ones where none are given'),
})

export type EstimationPolicyDocument = z.infer<typeof estimationPolicySchema>
