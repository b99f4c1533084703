import { z } from 'zod'
import { dayOfYear, exactText, nameText, roundingSchema } from './texts.js'

/** What demand is: the highest (or the mean of the n highest) mean power over windows of so many minutes, or the sum of each day's highest. */
export const demandSchema = z.strictObject({
  op: z.literal('demand'),
  name: nameText
    .optional()
    .describe(
      'Name that it is kept under, for the bill and its history; absent: demand, and demand_2 … for further ones of the version that are not of the same rule.',
    ),
  of: nameText.describe('Quantity given as intervals.'),
  minutes: z.int().min(1).max(1440).describe('Length of the window.'),
  window: z
    .enum(['block', 'rolling'])
    .default('block')
    .describe('block: windows follow each other from local midnight.'),
  take: z
    .union([
      z.enum(['highest', 'sum_of_days']),
      z.strictObject({
        meanOf: z.int().min(1).max(1000),
        onDifferentDays: z.literal(true).optional().describe('At most one window of each local day.'),
      }),
    ])
    .default('highest')
    .describe('sum_of_days: the highest of each local day, added up (kW·days).'),
  slot: nameText.optional().describe('Only windows that lie in this slot.'),
})

const listed = <T extends z.ZodType>(inner: T) => z.array(inner).min(1).max(200)

/** A number that a rule computes: a constant, the name of a quantity, or an operation. */
export type Expression =
  | string
  | {
      readonly op: 'quantity'
      readonly name: string
      readonly slot?: string | undefined
      readonly over?: 'segment' | 'period' | undefined
    }
  | { readonly op: 'fact'; readonly name: string; readonly otherwise?: string | undefined }
  | { readonly op: 'amount'; readonly of: readonly string[]; readonly takes: 'exact' | 'rounded' }
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'max' | 'min'; readonly of: readonly Expression[] }
  | { readonly op: 'round'; readonly of: Expression; readonly to: z.infer<typeof roundingSchema> }
  | { readonly op: 'if'; readonly when: Condition; readonly yes: Expression; readonly no: Expression }
  | {
      readonly op: 'table'
      readonly by: Expression
      readonly rows: readonly TableRow[]
      readonly upperBound?: 'included' | 'excluded' | undefined
    }
  | z.output<typeof demandSchema>
  | {
      readonly op: 'history'
      readonly name: string
      readonly slot?: string | undefined
      readonly months: 'all' | { readonly preceding: number } | { readonly listed: readonly number[] }
      readonly take: 'highest' | 'mean'
      readonly withCurrent?: true | undefined
    }
  | {
      readonly op: 'power_factor'
      readonly active: Expression
      readonly reactive: Expression
      readonly decimals: number
    }
  | {
      readonly op: 'equipment'
      readonly charged: readonly EquipmentState[]
      readonly leastSuspendedDays?: number | undefined
    }
  | { readonly op: 'days' | 'months' | 'days_in_month' }
  | { readonly op: 'count'; readonly of: string }
  | { readonly op: 'absent'; readonly reason: string }

export interface TableRow {
  readonly upTo?: string | undefined
  readonly value: string
}

/** A question with the answer yes or no. */
export type Condition =
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | {
      readonly is: 'less' | 'less_or_equal' | 'equal' | 'greater_or_equal' | 'greater'
      readonly of: readonly [Expression, Expression]
    }
  | { readonly is: 'fact'; readonly name: string; readonly value: string | boolean }
  | { readonly is: 'month' | 'billing_month'; readonly of: readonly number[] }
  | { readonly is: 'season'; readonly from: string; readonly to: string }
  | { readonly is: 'kind'; readonly of: readonly PeriodKind[] }

export const equipmentStates = ['in_service', 'hot_standby', 'cold_standby', 'sealed', 'suspended'] as const
export type EquipmentState = (typeof equipmentStates)[number]
export const periodKinds = ['regular', 'transfer', 'closing'] as const
export type PeriodKind = (typeof periodKinds)[number]

const month = z.int().min(1).max(12)

export const expressionSchema: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    exactText,
    nameText,
    z.discriminatedUnion('op', [
      z.strictObject({
        op: z.literal('quantity'),
        name: nameText,
        slot: nameText.optional(),
        over: z.enum(['segment', 'period']).optional(),
      }),
      z.strictObject({ op: z.literal('fact'), name: nameText, otherwise: exactText.optional() }),
      z.strictObject({
        op: z.literal('amount'),
        of: z.array(z.string().min(1)).min(1),
        takes: z.enum(['exact', 'rounded']),
      }),
      z.strictObject({
        op: z.enum(['add', 'subtract', 'multiply', 'divide', 'max', 'min']),
        of: listed(expressionSchema),
      }),
      z.strictObject({ op: z.literal('round'), of: expressionSchema, to: roundingSchema }),
      z.strictObject({ op: z.literal('if'), when: conditionSchema, yes: expressionSchema, no: expressionSchema }),
      z.strictObject({
        op: z.literal('table'),
        by: expressionSchema,
        rows: listed(z.strictObject({ upTo: exactText.optional(), value: exactText })),
        upperBound: z.enum(['included', 'excluded']).optional(),
      }),
      demandSchema,
      z.strictObject({
        op: z.literal('history'),
        name: nameText,
        slot: nameText.optional(),
        months: z.union([
          z.literal('all'),
          z.strictObject({ preceding: z.int().min(1).max(120) }),
          z.strictObject({ listed: z.array(month).min(1).max(12) }),
        ]),
        take: z.enum(['highest', 'mean']),
        withCurrent: z.literal(true).optional().describe('The month that is charged counts too.'),
      }),
      z.strictObject({
        op: z.literal('power_factor'),
        active: expressionSchema,
        reactive: expressionSchema,
        decimals: z.int().min(1).max(20),
      }),
      z.strictObject({
        op: z.literal('equipment'),
        charged: z.array(z.enum(equipmentStates)).min(1),
        leastSuspendedDays: z.int().min(1).max(366).optional(),
      }),
      z.strictObject({ op: z.enum(['days', 'months', 'days_in_month']) }),
      z.strictObject({ op: z.literal('count'), of: nameText }).describe('How many events a quantity has.'),
      z
        .strictObject({ op: z.literal('absent'), reason: z.string().min(1) })
        .describe('A cell without a source: whoever needs it is refused, with this reason.'),
    ]),
  ]),
)

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion('is', [
    z.strictObject({ is: z.enum(['all', 'any']), of: listed(conditionSchema) }),
    z.strictObject({ is: z.literal('not'), of: conditionSchema }),
    z.strictObject({
      is: z.enum(['less', 'less_or_equal', 'equal', 'greater_or_equal', 'greater']),
      of: z.tuple([expressionSchema, expressionSchema]),
    }),
    z.strictObject({ is: z.literal('fact'), name: nameText, value: z.union([z.string(), z.boolean()]) }),
    z
      .strictObject({ is: z.enum(['month', 'billing_month']), of: z.array(month).min(1).max(12) })
      .describe(
        'month: of the time that is charged, which is cut where the answer changes; billing_month: of the period.',
      ),
    z
      .strictObject({ is: z.literal('season'), from: dayOfYear, to: dayOfYear })
      .describe('Days of the year [from, to), over the year end where to is earlier.'),
    z.strictObject({ is: z.literal('kind'), of: z.array(z.enum(periodKinds)).min(1) }),
  ]),
)
