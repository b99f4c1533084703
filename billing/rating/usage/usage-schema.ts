import { z } from 'zod'
import { compare, parseRational, sum } from '../../../domain/rational.js'
import { componentSchema } from '../../tariffs/components/component-schema.js'
import { demandSchema, equipmentStates, periodKinds } from '../../tariffs/components/expression-schema.js'
import { priceSeriesSchema } from '../../tariffs/components/tariff-schema.js'
import {
  dateText,
  exactText,
  instantText,
  nameText,
  notNegativeText,
  positiveText,
  roundingSchema,
  unitText,
} from '../../tariffs/components/texts.js'

const span = {
  from: instantText.optional().describe('Absent: from the start of the period.'),
  to: instantText.optional().describe('Absent: to the end of the period.'),
}
const slot = nameText.optional().describe('Slot that it was counted in; absent: all of them.')

const readySchema = z.strictObject({
  name: nameText,
  slot,
  value: exactText,
  unit: unitText.optional(),
  factor: exactText.optional().describe('Correction factor.'),
  ...span,
})

const registerSchema = z.strictObject({
  name: nameText,
  slot,
  register: z.strictObject({
    start: exactText,
    end: exactText,
    digits: z
      .int()
      .min(1)
      .max(12)
      .optional()
      .describe('Digits before the point: the register turns over at 10^digits.'),
    multiplier: exactText.default('1'),
    turnedOver: z
      .literal(true)
      .optional()
      .describe('Somebody vouches that the register turned over; a fall is refused without it.'),
  }),
  meter: z.string().optional(),
  unit: unitText.optional(),
  factor: exactText.optional(),
  ...span,
})

const intervalsSchema = z.strictObject({
  name: nameText,
  intervals: z.strictObject({
    start: instantText,
    minutes: z.int().min(1).max(1440),
    unit: z.enum(['kWh', 'kvarh', 'kVAh', 'kW', 'kvar', 'kVA']).describe('kW, kvar, kVA: the mean of each interval.'),
    values: z.array(exactText).min(1).max(200_000).describe('A value belongs to [start, start + minutes).'),
    multiplier: exactText.default('1'),
    missing: z
      .enum(['refuse', 'zero'])
      .default('refuse')
      .describe('Time of a period that no interval covers: refused, or without use.'),
  }),
  factor: exactText.optional(),
})
const eventsSchema = z.strictObject({
  name: nameText,
  events: z
    .array(exactText)
    .max(200_000)
    .describe('How much each event was of, in order of time: payments, charging sessions.'),
  unit: unitText.optional(),
  ...span,
})
export const quantitySchema = z.union([registerSchema, intervalsSchema, eventsSchema, readySchema])
export type QuantityEntry = z.infer<typeof quantitySchema>
export type RegisterEntry = z.infer<typeof registerSchema>
export type IntervalsEntry = z.infer<typeof intervalsSchema>
export type ReadyEntry = z.infer<typeof readySchema>
export type EventsEntry = z.infer<typeof eventsSchema>

export const factSchema = z
  .strictObject({
    name: nameText,
    value: z.union([exactText, z.string(), z.boolean()]),
    from: instantText.optional(),
    to: instantText.optional(),
  })
  .describe('Something true during [from, to): contracted kW, a household of five, a free quota.')

export const equipmentSchema = z.strictObject({
  name: z.string().min(1),
  rating: notNegativeText.describe('kVA, or kW of a high-voltage motor.'),
  state: z.enum(equipmentStates),
  interlock: z.string().optional().describe('Of a group that cannot run together only the largest counts.'),
  from: instantText.optional(),
  to: instantText.optional(),
})

const lossTarget = {
  active: nameText.default('energy'),
  reactive: nameText.optional(),
}
const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('given'),
    ...lossTarget,
    activeLoss: exactText,
    reactiveLoss: exactText.optional(),
  }),
  z
    .strictObject({
      kind: z.literal('percent'),
      ...lossTarget,
      percent: exactText,
      reactivePercent: exactText.optional().describe('Absent: the same percent.'),
      over: z
        .enum(['metered', 'with_losses'])
        .default('metered')
        .describe('A share of what was metered, or of that and the losses that stand before this one.'),
    })
    .describe('Line loss agreed as a share.'),
  z
    .strictObject({
      kind: z.literal('formula'),
      ...lossTarget,
      ratedKva: exactText,
      noLoadKw: exactText,
      loadKw: exactText,
      noLoadCurrentPercent: exactText.optional(),
      impedancePercent: exactText.optional(),
      shiftFactor: exactText.default('1'),
      days: exactText.optional().describe('Days in service; absent: those of the period.'),
    })
    .describe('P0·24·D + k·(Wp²+Wq²)·Pk/(S²·24·D), and alike for kvarh.'),
  z
    .strictObject({
      kind: z.literal('table'),
      ...lossTarget,
      rows: z
        .array(
          z.strictObject({ upTo: exactText.optional(), activeLoss: exactText, reactiveLoss: exactText.optional() }),
        )
        .min(1),
      days: exactText.optional(),
      monthDays: positiveText
        .optional()
        .describe('The row is of so many days: shared days ÷ monthDays. Without days those of the period count.'),
    })
    .refine(
      ({ days, monthDays }) => days === undefined || monthDays !== undefined,
      'days need monthDays beside them: the days that a row of the table is for',
    )
    .describe('Loss of the first row whose upTo is not exceeded.'),
])
export type LossEntry = z.infer<typeof lossSchema>

const relationSchema = z.strictObject({
  name: nameText.describe('The quantity that arises; components of its own class ask for it.'),
  of: nameText.default('energy'),
  kind: z.enum(['fixed', 'ratio', 'sub_meter']).describe('定量, 定比, 总分; applied in this order.'),
  value: exactText.optional().describe('Fixed quantity, or share.'),
  quantity: nameText.optional().describe('Quantity that the sub-meter counted.'),
  from: z
    .union([z.literal('proportional'), z.strictObject({ slots: z.array(nameText).min(1) })])
    .default('proportional')
    .describe('Slots that it is taken from, in this order, or all in proportion.'),
  rounding: roundingSchema.optional(),
})
export type Relation = z.infer<typeof relationSchema>

const derivedDemand = z.strictObject({ ...demandSchema.shape, name: nameText }).omit({ op: true })

const scopeText = dateText.describe('First day of the scope.')

/** Of blocks that are listed, what was used is what they hold. */
function isWhole({ used, byBlock }: { readonly used: string; readonly byBlock: readonly string[] }): boolean {
  if (byBlock.length === 0) return true
  const [whole, ...parts] = [used, ...byBlock].map(parseRational)
  return (
    whole !== null &&
    whole !== undefined &&
    parts.every((part) => part !== null) &&
    compare(whole, sum(parts.filter((part) => part !== null))) === 0
  )
}

/** Says of whatever stands twice in a list that it does: of two counters one would go unheard. */
function onceOnly<Item>(keyOf: (item: Item) => string) {
  return (list: readonly Item[], context: z.RefinementCtx) => {
    const seen = new Set<string>()
    for (const [index, item] of list.entries()) {
      if (seen.has(keyOf(item))) context.addIssue({ code: 'custom', path: [index], message: 'each of them once' })
      seen.add(keyOf(item))
    }
  }
}

/** Where blocks, months and roundings stand; the closing state of one call is the opening state of the next. */
export const stateSchema = z.strictObject({
  blocks: z
    .array(
      z
        .strictObject({
          component: nameText,
          scope: scopeText,
          to: dateText.optional().describe('First day after it, from which on nobody needs the counter.'),
          slot: nameText.optional(),
          used: exactText,
          byBlock: z.array(exactText).describe('None: it lies in the blocks as their bounds say.'),
        })
        .refine(isWhole, 'what was used is the sum of what lies in the blocks'),
    )
    .superRefine(onceOnly((counter) => `${counter.component} ${counter.scope} ${counter.slot ?? ''}`))
    .default([]),
  billed: z
    .array(
      z.strictObject({
        component: nameText,
        month: z.string().regex(/^\d{4}-\d{2}$/),
        quantity: exactText,
        amountExact: exactText,
        amount: exactText,
      }),
    )
    .superRefine(onceOnly(({ component, month }) => `${component} ${month}`))
    .default([])
    .describe('What earlier settlements of a month have charged, by component.'),
  quantities: z
    .array(
      z.strictObject({
        name: nameText,
        slot: nameText.optional(),
        month: z.string().regex(/^\d{4}-\d{2}$/),
        value: exactText,
      }),
    )
    .default([])
    .describe('Demand history, and what earlier settlements of the month have used.'),
  free: z
    .array(
      z.strictObject({
        component: nameText,
        scope: scopeText,
        to: dateText.optional(),
        granted: exactText,
        used: exactText,
      }),
    )
    .superRefine(onceOnly(({ component, scope }) => `${component} ${scope}`))
    .default([])
    .describe('Free quantities: what a scope has granted so far (carried ones only) and what was taken of it.'),
  credits: z
    .array(
      z.strictObject({
        component: nameText,
        scope: z.union([scopeText, z.literal('')]),
        to: dateText.optional(),
        balance: exactText,
      }),
    )
    .superRefine(onceOnly(({ component, scope }) => `${component} ${scope}`))
    .optional()
    .describe(
      'Money put by: what a credit has left for later bills, by the first day of its scope (empty: kept for good).',
    ),
  months: z
    .array(z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/), start: z.string() }))
    .default([])
    .describe('Months whose last settlement is still to come, and when their first one began.'),
  rounding: z
    .array(z.strictObject({ line: z.string(), exact: exactText, rounded: exactText }))
    .superRefine(onceOnly(({ line }) => line))
    .default([])
    .describe('Sums of cumulative rounding, by line.'),
})
export type RatingState = z.infer<typeof stateSchema>

const periodSchema = z.strictObject({
  start: instantText,
  end: instantText.describe('First instant that no longer belongs to the period.'),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .describe('Billing month; absent: that of the last day.'),
  months: exactText.optional().describe('Months that the period counts for; absent: by the calendar.'),
  settlement: z.strictObject({ number: z.int().positive(), last: z.boolean() }).prefault({ number: 1, last: true }),
  kind: z.enum(periodKinds).default('regular'),
  quantities: z.array(quantitySchema).max(10_000).default([]),
  correctionFactors: z
    .array(z.strictObject({ of: nameText.default('energy'), slot: nameText.optional(), factor: exactText }))
    .max(100)
    .default([])
    .describe('A quantity is multiplied, in one slot or in all: a meter that was found to be wrong.'),
  demands: z.array(derivedDemand).max(100).default([]),
  losses: z.array(lossSchema).max(50).default([]),
  relations: z.array(relationSchema).max(200).default([]),
  adjustments: z
    .array(componentSchema)
    .max(100)
    .default([])
    .describe('退补, 违约使用: charged after the components of the tariff.'),
})
export type UsagePeriod = z.infer<typeof periodSchema>

/** What one account used, in periods that follow each other, and what is true of it meanwhile. */
export const usageDocumentSchema = z.strictObject({
  format: z.literal('usage/1'),
  zone: z.string().min(1).describe('IANA zone of the clocks: Asia/Shanghai.'),
  inUseFrom: dateText.optional().describe('Since when the account has room in its ladder.'),
  facts: z.array(factSchema).max(10_000).default([]),
  equipment: z.array(equipmentSchema).max(1000).default([]),
  specialDays: z
    .array(z.strictObject({ date: dateText, as: nameText }))
    .max(2000)
    .default([])
    .describe('Days that the calendars of the tariff could not know: called by temperature, by the grid.'),
  quantities: z
    .array(intervalsSchema)
    .max(100)
    .default([])
    .describe('Intervals that run over several periods, or begin before.'),
  series: z.array(priceSeriesSchema).max(50).default([]),
  opening: stateSchema.prefault({}),
  periods: z.array(periodSchema).min(1).max(600),
})
export type UsageDocument = z.infer<typeof usageDocumentSchema>
