import { z } from 'zod'
import { evidenceSchema, gradeSchema } from './evidence-schema.js'
import { conditionSchema, expressionSchema } from './expression-schema.js'
import { bilingualText, exactText, nameText, positiveText, roundingSchema, unitText } from './texts.js'

/** What every component has. */
const common = {
  code: nameText,
  name: bilingualText.optional(),
  tags: z.array(nameText).optional().describe('Words under which other components find this one: "#taxable".'),
  when: conditionSchema.optional().describe('Without it the component always applies.'),
  level: z
    .enum(['settlement', 'month'])
    .default('settlement')
    .describe('month: charged on the last settlement of the month only, on the whole month.'),
  multiple: expressionSchema.optional().describe('Multiplies the exact amount: "2" for double, "-1" for a credit.'),
  rounding: z
    .strictObject({
      quantity: roundingSchema.optional(),
      line: roundingSchema.optional(),
      component: roundingSchema.optional(),
    })
    .optional()
    .describe("Instead of the version's."),
  source: z.string().min(1).optional().describe('Where the prices stand, unless evidence says otherwise.'),
  grade: gradeSchema.optional(),
  evidence: evidenceSchema.optional(),
}

const prices = {
  price: expressionSchema.optional().describe('Per unit, in all slots.'),
  prices: z.record(nameText, expressionSchema).optional().describe('Per unit, by slot.'),
}

const blockSchema = z.strictObject({
  upTo: expressionSchema
    .optional()
    .describe('Upper bound, which belongs to the block (see upperBound); absent in the last one.'),
  ...prices,
  flat: expressionSchema.optional().describe('Charged once when the block is entered.'),
  size: expressionSchema.optional().describe('The price is for each started package of so many units.'),
})
export type Block = z.infer<typeof blockSchema>

const scopeSchema = z.strictObject({
  of: z.enum(['day', 'month', 'quarter', 'year', 'period']).describe('The blocks begin anew with each.'),
  yearStart: z
    .string()
    .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$/, '应为月日，至 29 日 a day of the year MM-DD, up to the 29th')
    .refine((text) => text !== '02-29', '并非每年都有 not every year has that day')
    .default('01-01')
    .describe('First day of the ladder year.'),
  times: z
    .enum(['once', 'days', 'months', 'months_by_days'])
    .default('once')
    .describe(
      'Bounds are multiplied by the days or months in use in the scope; a started month counts whole, or by its days. Facts in a bound are those of each month.',
    ),
  factsAt: z
    .enum(['start', 'end'])
    .default('start')
    .describe('Which moment of a month decides its facts; start: what is granted during a month counts from the next.'),
  prorateOn: z
    .array(z.enum(['transfer', 'closing']))
    .default([])
    .describe('Kinds of period after which the rest of the scope gives no room.'),
  reclear: z
    .enum(['never', 'transfer_and_closing', 'always'])
    .default('never')
    .describe('Whether what was used before is put into blocks anew when bounds have changed.'),
  crossing: z
    .enum(['refuse', 'split', 'period_end'])
    .default('refuse')
    .describe('A period that crosses the scope: split by time, or wholly of the scope that holds its last day.'),
})
export type Scope = z.infer<typeof scopeSchema>

const blocks = {
  blocks: z.array(blockSchema).min(1).max(50),
  upperBound: z
    .enum(['included', 'excluded'])
    .default('included')
    .describe('Whether a quantity that just reaches a bound belongs to the block below it.'),
  scope: scopeSchema.prefault({ of: 'period' }),
  flatAtZero: z.boolean().default(false).describe('The first flat amount is due without any use.'),
}

const modelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('per_unit'), ...prices }).describe('Quantity × price.'),
  z
    .strictObject({
      kind: z.literal('graduated'),
      ...blocks,
      sharing: z
        .enum(['per_slot', 'time_order', 'proportional'])
        .default('per_slot')
        .describe(
          'With slots: blocks of their own; one ladder filled as time goes by (needs intervals); one ladder whose blocks are shared by each slot in proportion.',
        ),
    })
    .describe('Each unit at the price of the block it falls into.'),
  z
    .strictObject({
      kind: z.literal('volume'),
      ...blocks,
      chosenBy: expressionSchema.optional().describe('Number that chooses the block instead of the quantity.'),
    })
    .describe('All units at the price of one block.'),
  z
    .strictObject({
      kind: z.literal('package'),
      size: expressionSchema,
      price: expressionSchema,
      scope: scopeSchema.prefault({ of: 'period' }),
    })
    .describe('Each started package of so many units, counted over the scope; with slots those of each slot.'),
  z
    .strictObject({ kind: z.literal('interval_prices'), series: nameText, add: expressionSchema.optional() })
    .describe('Each interval at the price that a series gives for it, plus a constant.'),
  z
    .strictObject({
      kind: z.literal('per_event'),
      price: expressionSchema.optional().describe('Per unit of an event: "0.013" for 1.3 % of a payment.'),
      flat: expressionSchema.optional().describe('For each event.'),
      least: expressionSchema.optional().describe('What an event costs at the least, price and flat together.'),
      most: expressionSchema.optional().describe('… and at the most.'),
      free: z
        .strictObject({ events: expressionSchema.optional(), quantity: expressionSchema.optional() })
        .optional()
        .describe('The first events of a period, and so much of them, until the first of the two is used up.'),
    })
    .describe('Each event of a quantity that is given as events by itself.'),
])
export type Model = z.infer<typeof modelSchema>

const freeSchema = z.strictObject({
  quantity: expressionSchema,
  scope: scopeSchema.prefault({ of: 'period' }),
  carried: z
    .literal(true)
    .optional()
    .describe('Granted with each period, and what a period leaves is kept until the scope ends (net metering).'),
  from: z
    .union([z.literal('proportional'), z.strictObject({ slots: z.array(nameText).min(1) })])
    .default('proportional')
    .describe('Slots that it is taken from, in this order, or all in proportion.'),
})
export type Free = z.infer<typeof freeSchema>

const usage = z.strictObject({
  kind: z.literal('usage'),
  ...common,
  quantity: expressionSchema.default('energy'),
  unit: unitText.default('kWh'),
  slots: z.strictObject({ calendar: nameText, names: z.array(nameText).min(1).optional() }).optional(),
  convert: z
    .strictObject({ multiply: expressionSchema, rounding: roundingSchema.optional() })
    .optional()
    .describe('First: into another unit.'),
  share: expressionSchema.optional().describe('Second: "0.3" for 30 % of it.'),
  free: z
    .union([expressionSchema, freeSchema])
    .optional()
    .describe('Third: taken off, down to zero, once a scope (of the period, where only an expression is given).'),
  atLeast: expressionSchema
    .optional()
    .describe('Last: the least quantity that is charged in a period, all slots together.'),
  model: modelSchema,
})

const timed = {
  per: z.enum(['day', 'month', 'year', 'period']).describe('What the price is for.'),
  dayCount: z
    .union([z.enum(['calendar', 'whole']), z.strictObject({ days: positiveText })])
    .default('calendar')
    .describe(
      'Parts of a month or year: days ÷ days of it, a started one whole, or days ÷ a given number. A whole month counts one, of the calendar or from a day to the same day of the next; a period that states its months counts those.',
    ),
}

const fixed = z.strictObject({
  kind: z.literal('fixed'),
  ...common,
  quantity: expressionSchema.default('1').describe('kVA, kW, meters …; split where a fact in it changes.'),
  unit: unitText.default('1'),
  price: expressionSchema,
  ...timed,
})

const bases = z
  .array(z.string().regex(/^#?[a-z][a-z0-9_]{0,59}$/, '应为费用项或 #标签 a component, or #tag'))
  .min(1)
  .describe('Components, or #tags of them, that come before.')

const percentage = z.strictObject({
  kind: z.literal('percentage'),
  ...common,
  of: bases,
  percent: expressionSchema,
  takes: z
    .enum(['exact', 'rounded'])
    .default('rounded')
    .describe('Amounts as computed, or as rounded on the bill, by line and by component.'),
  included: z.literal(true).optional().describe('A tax that the base contains: shown, not added.'),
})

const powerFactor = z.strictObject({
  kind: z.literal('power_factor'),
  ...common,
  of: bases,
  takes: z.enum(['exact', 'rounded']).default('rounded'),
  active: expressionSchema.default('energy'),
  reactive: expressionSchema.default('reactive'),
  given: expressionSchema.optional().describe('A power factor that is known, instead of active and reactive.'),
  decimals: z.int().min(1).max(6).default(2).describe('The power factor is rounded half up first.'),
  table: z.union([
    z.strictObject({ standard: z.enum(['0.90', '0.85', '0.80']) }).describe('《功率因数调整电费办法》 of 1983.'),
    z
      .strictObject({
        rows: z
          .array(z.strictObject({ from: exactText, percent: exactText }))
          .min(1)
          .max(200),
      })
      .describe('Percent from this power factor up to the next row; ascending.'),
    z
      .strictObject({
        target: exactText,
        step: positiveText,
        below: exactText,
        above: exactText,
        most: exactText.optional(),
      })
      .describe(
        'Percent added for each started step below the target, and taken off for each full one above it; most bounds what is taken off.',
      ),
  ]),
})

const bound = z.strictObject({
  kind: z.enum(['minimum', 'maximum']),
  ...common,
  of: bases,
  amount: expressionSchema,
  per: timed.per.default('period'),
  dayCount: timed.dayCount,
  scope: z
    .strictObject({ of: z.enum(['month', 'quarter', 'year']), yearStart: scopeSchema.shape.yearStart })
    .optional()
    .describe(
      'The amount is one of a whole scope: what its earlier bills charged counts, and a least amount comes with the last of them.',
    ),
})

const amount = z
  .strictObject({
    kind: z.literal('amount'),
    ...common,
    amount: expressionSchema,
    quantity: expressionSchema.optional(),
    unit: unitText.optional(),
  })
  .describe('What an expression gives: adjustments, misuse charges.')

const credit = z
  .strictObject({
    kind: z.literal('credit'),
    ...common,
    of: bases.describe('Components, or #tags of them, that come before and that the balance pays for.'),
    earns: bases
      .optional()
      .describe('Components whose amounts are put on the balance instead of being charged: shown, not added.'),
    earned: expressionSchema
      .optional()
      .describe('Money that the period puts on the balance: a grant, a payment ahead.'),
    most: expressionSchema.optional().describe('So much is paid from the balance in a period at the most.'),
    scope: z
      .strictObject({ of: z.enum(['month', 'quarter', 'year']), yearStart: scopeSchema.shape.yearStart })
      .optional()
      .describe('How long a balance is kept: it lapses with the end of the scope. Absent: for good.'),
    payOut: z
      .strictObject({ when: conditionSchema, share: expressionSchema.default('1') })
      .optional()
      .describe('When it holds, this share of what is left is paid out, and the rest of it lapses.'),
  })
  .describe('Money put by for later bills: export credits, a wallet.')

export const componentSchema = z.discriminatedUnion('kind', [
  usage,
  fixed,
  percentage,
  powerFactor,
  bound,
  amount,
  credit,
])
export type Component = z.infer<typeof componentSchema>
export type UsageComponent = z.infer<typeof usage>
export type FixedComponent = z.infer<typeof fixed>
export type PercentageComponent = z.infer<typeof percentage>
export type PowerFactorComponent = z.infer<typeof powerFactor>
export type BoundComponent = z.infer<typeof bound>
export type AmountComponent = z.infer<typeof amount>
export type CreditComponent = z.infer<typeof credit>
