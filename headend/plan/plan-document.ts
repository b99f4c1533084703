import { createHash } from 'node:crypto'
import * as z from 'zod'
import { clockLimitsSchema } from '../../domain/clock-limits.js'
import { lineSettingsSchemas } from '../../domain/line-settings.js'
import { modelQuirksSchema } from '../../domain/meter-quirks.js'
import type { LineEntry } from '../../domain/line-entries.js'
import { type Result, unreachable } from '../../domain/result.js'
import { type DocumentError, readYaml } from '../../domain/yaml-document.js'
import { placedCauses } from '../accounting/classify-cause.js'
import { frozenQuantities } from '../reading-sets/read-daily-freezes.js'

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, {
  error: 'expected a name of small letters, digits, - _, at most 60 characters',
})
const code = z.string().min(1).max(64)
const codes = (what: string) =>
  z
    .array(code)
    .min(1, { error: `expected at least one code of ${what}` })
    .optional()
    .describe(what)

function wholeNumber(unit: string, least: number, most: number) {
  const expected = { error: `expected whole ${unit} from ${least} to ${most}` }
  return z.int(expected).min(least, expected).max(most, expected)
}

const dayMinutes = 1440

export const lineKinds = Object.keys(lineSettingsSchemas) as readonly LineEntry['kind'][]

/** What the collection node knows how to read. */
export const planReads = [
  'daily_freeze',
  'monthly_set',
  'curve',
  'events',
  'clock',
  'relay_status',
  'tou_tables',
] as const

const furtherQuantities = frozenQuantities.filter((each) => each !== 'forward_active_energy')

const templateSchema = z
  .discriminatedUnion(
    'reads',
    [
      z.strictObject({
        name,
        reads: z.literal('daily_freeze'),
        quantities: z
          .array(z.enum(furtherQuantities, { error: `expected one of ${furtherQuantities.join(', ')}` }))
          .min(1, { error: 'expected at least one quantity' })
          .exactOptional()
          .describe('正向有功之外的量 what is read besides forward active energy'),
      }),
      z.strictObject({ name, reads: z.literal('monthly_set') }),
      z.strictObject({
        name,
        reads: z.literal('curve'),
        curve: z
          .enum(['load_energy', 'load_power'], { error: 'expected load_energy or load_power' })
          .default('load_energy')
          .describe('负荷记录：电能示值或功率 load records of registers or of power'),
      }),
      z.strictObject({ name, reads: z.literal('events') }),
      z.strictObject({ name, reads: z.literal('clock') }),
      z.strictObject({ name, reads: z.literal('relay_status') }),
      z.strictObject({ name, reads: z.literal('tou_tables') }),
    ],
    { error: `expected reads ${planReads.join(', ')}` },
  )
  .describe('采集内容 what is read')

const groupSchema = z
  .strictObject({
    name,
    kinds: z
      .array(z.enum(lineKinds))
      .min(1, { error: 'expected at least one kind of line' })
      .optional()
      .describe('通信方式 kinds of line'),
    organisations: codes('单位，含下级 organisations with all below them'),
    lines: codes('通信线路 lines'),
    areas: codes('台区 transformer areas of the usage points'),
    models: codes('表型 meter models'),
  })
  .describe('分组，所列条件同时满足 all conditions that are given must hold; none means everything')

const monthDayExpected = { error: 'expected a day of the month from 1 to 31; a shorter month is due on its last day' }
const everySchema = z.discriminatedUnion(
  'unit',
  [
    z.strictObject({ unit: z.literal('day') }),
    z
      .strictObject({ unit: z.literal('reading_day') })
      .describe(
        '抄表例日，随各计量点的档案 the reading day that the registry states of each usage point; 1 where it states none',
      ),
    z.strictObject({
      unit: z.literal('month'),
      onDay: z
        .int(monthDayExpected)
        .min(1, monthDayExpected)
        .max(31, monthDayExpected)
        .describe(
          '每月此日，非抄表例日 a day of the month, whatever the reading days are; a shorter month is due on its last day',
        ),
    }),
    z.strictObject({
      unit: z.literal('minutes'),
      minutes: z
        .union([z.literal(5), z.literal(10), z.literal(15), z.literal(20), z.literal(30), z.literal(60)], {
          error: 'expected 5, 10, 15, 20, 30 or 60',
        })
        .describe('自当地零点起等分 counted from local midnight'),
    }),
  ],
  { error: 'expected unit day, reading_day, month or minutes' },
)

/** Minutes after the due instant. A window may reach beyond its own day, never into the next window of its schedule. */
const fromDue = wholeNumber('minutes', 0, 2 * dayMinutes)
const windowSchema = z
  .strictObject({
    opensMinutes: fromDue.describe('开窗，应抄时刻后的分钟数 minutes after the due instant'),
    closesMinutes: fromDue.describe('关窗 the end, itself outside'),
    passesMinutes: z
      .array(fromDue)
      .min(1, { error: 'expected at least one pass' })
      .max(50, { error: 'expected at most 50 passes' })
      .describe('各轮起始 when each pass over what is still open begins'),
  })
  .refine(({ opensMinutes, closesMinutes }) => opensMinutes < closesMinutes, {
    error: 'expected a close after the opening',
    path: ['closesMinutes'],
  })
  .refine(
    ({ passesMinutes: passes }) => passes.every((pass, place) => place === 0 || pass > (passes[place - 1] ?? 0)),
    {
      error: 'expected passes in ascending order',
      path: ['passesMinutes'],
    },
  )
  .refine(
    ({ opensMinutes, closesMinutes, passesMinutes }) =>
      passesMinutes.every((pass) => pass >= opensMinutes && pass <= closesMinutes),
    { error: 'expected passes between the opening and the close', path: ['passesMinutes'] },
  )

const scheduleSchema = z.strictObject({
  name,
  template: name,
  group: name,
  every: everySchema,
  window: windowSchema,
  catchUp: z
    .boolean()
    .describe('错过的窗口事后补采 a window that nobody was there for is made up for as soon as somebody is'),
})

const atOnce = wholeNumber('lines', 1, 100_000)
const limitsSchema = z.strictObject({
  node: atOnce.describe('每个采集节点同时采集的线路数 lines at once on one node'),
  concentrator: atOnce.describe('同一集中器或串口服务器 lines at once behind one concentrator or serial server'),
  carriers: z
    .array(z.strictObject({ name, group: name, lines: atOnce }))
    .default([])
    .describe('运营商网络 lines at once in one carrier’s network; its group says which lines those are'),
})

const ladderSchema = z.strictObject({
  backfillDays: wholeNumber('days', 0, 366).describe('补召天数 older midnights are not asked for again'),
  noFreezeLimit: wholeNumber('times', 1, 20).describe('电表答无冻结的次数上限 “no such freeze” so often gives it up'),
  retry: z
    .strictObject({
      firstDelaySeconds: wholeNumber('seconds', 1, 3600),
      longestDelaySeconds: wholeNumber('seconds', 1, 86_400),
      yieldsEvery: wholeNumber('tries', 1, 100),
    })
    .refine(({ firstDelaySeconds, longestDelaySeconds }) => firstDelaySeconds <= longestDelaySeconds, {
      error: 'expected no less than firstDelaySeconds',
      path: ['longestDelaySeconds'],
    })
    .describe(
      '连不上的线路：间隔加倍，每若干次让后一级 a line that is down: the delay doubles, and so many tries cost a rank',
    ),
  onDemandSeconds: wholeNumber('seconds', 5, 3600).describe('召测时限 an on-demand read is answered within'),
  fieldOrderAfterWindows: wholeNumber('windows', 1, 100).describe(
    '几个窗口不成派补抄 windows that fail before a visit',
  ),
  fieldOrderHours: wholeNumber('hours', 1, 24 * 31).describe('补抄时限 a visit is due within'),
  estimateAfterHours: wholeNumber('hours', 1, 24 * 62).describe('此后估算 estimated from then on'),
  cutOffHours: wholeNumber('hours', 1, 24 * 62).describe('截止 after the end of a period nothing is open any more'),
})

const causeName = z.enum(placedCauses, { error: `expected one of ${placedCauses.join(', ')}` })

const tablesSchema = z.strictObject({
  exchangesApprovedBy: z
    .enum(['person', 'standing_policy'], { error: 'expected person or standing_policy' })
    .describe('换表引起的档案下发由谁批准 who lets a meter table go out that an exchange asks for'),
})

/** A collection plan: what is read where, when and how patiently. One revision is one whole document. */
export const planDocumentSchema = z
  .strictObject({
    format: z.literal(1, { error: 'expected 1' }),
    templates: z.array(templateSchema).min(1),
    groups: z.array(groupSchema).min(1),
    schedules: z.array(scheduleSchema).min(1, { error: 'expected at least one schedule' }),
    limits: limitsSchema,
    ladder: ladderSchema,
    models: modelQuirksSchema
      .default({})
      .describe('各表型的通信特性 how meters of a model differ from what their line is set to'),
    clock: clockLimitsSchema.describe('时钟限值，毫秒 what a clock is worth by how far it is off; milliseconds'),
    causes: z
      .array(causeName)
      .min(1)
      .describe(
        '原因的优先次序；未列出的按内置次序排在其后 of several causes the first one counts; the others come behind, in the built-in order',
      ),
    tables: tablesSchema
      .default({ exchangesApprovedBy: 'person' })
      .describe('集中器档案 meter tables of concentrators'),
  })
  .superRefine((plan, context) => {
    const refuse = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message })
    for (const list of ['templates', 'groups', 'schedules'] as const) {
      const taken = new Set<string>()
      for (const [place, each] of plan[list].entries()) {
        if (taken.has(each.name))
          refuse([list, place, 'name'], `expected a name of its own; ${each.name} is there twice`)
        taken.add(each.name)
      }
    }
    const templates = new Map(plan.templates.map((each) => [each.name, each.reads]))
    const groups = new Set(plan.groups.map((each) => each.name))
    for (const [place, { template, group, every, window }] of plan.schedules.entries()) {
      if (!templates.has(template))
        refuse(['schedules', place, 'template'], `expected one of the templates, not ${template}`)
      if (!groups.has(group)) refuse(['schedules', place, 'group'], `expected one of the groups, not ${group}`)
      if ((templates.get(template) === 'monthly_set') !== (every.unit === 'reading_day'))
        refuse(
          ['schedules', place, 'every', 'unit'],
          'expected reading_day for monthly sets, and for them only: the day is data of the registry, 1 where it states none',
        )
      if (window.closesMinutes - window.opensMinutes > periodMinutes(every))
        refuse(
          ['schedules', place, 'window', 'closesMinutes'],
          'expected a window that ends before the next one begins',
        )
    }
    for (const [place, { group }] of plan.limits.carriers.entries())
      if (!groups.has(group)) refuse(['limits', 'carriers', place, 'group'], `expected one of the groups, not ${group}`)
    for (const [place, cause] of plan.causes.entries())
      if (plan.causes.indexOf(cause) !== place)
        refuse(['causes', place], `expected each cause once; ${cause} is there twice`)
  })

export type CollectionPlan = z.infer<typeof planDocumentSchema>
export type PlanSchedule = CollectionPlan['schedules'][number]
export type PlanGroup = CollectionPlan['groups'][number]
export type PlanTemplate = CollectionPlan['templates'][number]
export type PlanReads = (typeof planReads)[number]
export type Every = PlanSchedule['every']

/** Shortest time between two due instants. */
function periodMinutes(every: z.infer<typeof everySchema>): number {
  switch (every.unit) {
    case 'day':
    case 'reading_day':
      return dayMinutes
    case 'month':
      return 28 * dayMinutes
    case 'minutes':
      return every.minutes
    default:
      return unreachable(every)
  }
}

/** A plan from YAML or JSON, or its first mistake. */
export function parsePlan(text: string): Result<CollectionPlan, DocumentError> {
  return readYaml(text, planDocumentSchema)
}

/** Equal plans have equal digests, however they were written down: parsing puts the keys in the schema's order, models are sorted. */
export function planDigest(plan: CollectionPlan): Buffer {
  const parsed = planDocumentSchema.parse(plan)
  const models = Object.entries(parsed.models).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify({ ...parsed, models }))
    .digest()
}
