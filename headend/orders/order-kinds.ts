import { z } from 'zod'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { formsOf } from '../../protocols/dlt645/data-item.js'
import { writeFields } from '../../protocols/dlt645/field.js'

const mostStepSeconds = 200 * 366 * 86_400

/** Items that hold the clock: both parts, the date, or the time. */
const clockItems = ['0400010C', '04000101', '04000102'] as const
export type ClockItem = (typeof clockItems)[number]

/** Zones, day tables, holidays, their numbers and the day tables of weekends: what decides which register counts. */
const tariffItem = /^(?:040[12]00\d\d|0403[0-9A-F]{4}|0400020[1-5]|0400080[12])$/
const switchItem = /^0400010[67]$/

/** Says which parameters a kind has, where something else or nothing came. */
function parametersOf<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape)
  const expected = names.length === 0 ? '应无参数 expected no parameters: {}' : `应为 expected ${names.join(', ')}`
  return z.strictObject(shape, { error: expected })
}

const stepExpected = { error: `应为整秒 expected whole seconds from 1 to ${mostStepSeconds}` }
const minutesExpected = { error: '应为整分钟 expected whole minutes from 1 to 60' }
const tableExpected = '应为时区、时段或节假日表 expected a table of zones, slots or holidays, such as 04010001'
const valuesExpected = { error: '应为字段值列表 expected 1 to 64 texts, the fields of the item in order' }
const switchExpected = '应为 expected 04000106 or 04000107'
const momentExpected = { error: '应为一个本地时间 expected one local time, such as ["2026-07-01T00:00"]' }
const eventsExpected = '应为以 FF 结尾的事件标识 expected an event identifier that ends in FF'

const tariffTable = parametersOf({
  /** The item that is written whole. */
  item: z.string(tableExpected).regex(tariffItem, tableExpected),
  /** Its fields in order, as `frame encode` takes them: `000004` is slot 00:00 on tariff 4. */
  values: z.array(z.string(valuesExpected), valuesExpected).min(1, valuesExpected).max(64, valuesExpected),
}).refine(fitsItem, { error: '各值不合此项 the values do not fit the item' })

const tariffSwitch = parametersOf({
  item: z.string(switchExpected).regex(switchItem, switchExpected),
  /** The meter's local time `2026-07-01T00:00`. */
  values: z.array(z.string(momentExpected), momentExpected).length(1, momentExpected),
}).refine(fitsItem, { error: '值不合此项 the value does not fit the item; expected a time such as 2026-07-01T00:00' })

/** What each kind of order must say. A kind that is not here is unknown to the guard. */
const orderParameters = {
  /** The true time at the moment of writing. */
  set_clock: parametersOf({
    item: z.enum(clockItems, { error: '应为 expected 0400010C, 04000101 or 04000102' }).default('0400010C'),
    /** A meter that is further off than the author knew is left alone. */
    mostStepSeconds: z.int(stepExpected).min(1, stepExpected).max(mostStepSeconds, stepExpected),
    /** The meter may show another day than ours: its freezes of the days between are lost or doubled. */
    acrossDays: z.boolean({ error: '应为 expected true or false' }).default(false),
  }),
  tariff_table: tariffTable,
  tariff_switch: tariffSwitch,
  relay_permit_close: parametersOf({
    /** After that many minutes by the meter's clock the command is void. */
    validMinutes: z.int(minutesExpected).min(1, minutesExpected).max(60, minutesExpected).default(10),
  }),
  event_reset: parametersOf({
    /** FFFFFFFF: all; 03xxxxFF: one kind. */
    events: z
      .string(eventsExpected)
      .regex(/^[0-9A-F]{6}FF$/, eventsExpected)
      .default('FFFFFFFF'),
  }),
  freeze: parametersOf({}),
} as const

export type OrderKind = keyof typeof orderParameters
export const orderKinds = Object.keys(orderParameters) as readonly OrderKind[]

/** A kind with its parameters, checked. */
export type OrderAct = { [K in OrderKind]: { readonly kind: K } & z.output<(typeof orderParameters)[K]> }[OrderKind]

export type OrderActError =
  | { readonly kind: 'kind_unknown' }
  | { readonly kind: 'parameters_malformed'; readonly path: string; readonly message: string }

export type ParsedAct =
  | { readonly ok: true; readonly value: OrderAct }
  | { readonly ok: false; readonly error: OrderActError }

/** Checks what an order says, where it enters and again before it is used. */
export function parseOrderAct(kind: string, parameters: unknown): ParsedAct {
  if (!isOrderKind(kind)) return { ok: false, error: { kind: 'kind_unknown' } }
  const parsed = orderParameters[kind].safeParse(parameters)
  if (parsed.success) return { ok: true, value: { kind, ...parsed.data } as OrderAct }
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  return { ok: false, error: { kind: 'parameters_malformed', path, message: issue?.message ?? 'invalid' } }
}

function isOrderKind(kind: string): kind is OrderKind {
  return Object.hasOwn(orderParameters, kind)
}

/** A freeze is the one thing that a meter does for everybody. */
export function needsCredential(kind: OrderKind): boolean {
  return kind !== 'freeze'
}

/** Bytes of an item's values in wire order; null when they fit none of its forms. */
export function itemBytes(dataIdentifier: string, values: readonly string[]): Buffer | null {
  const item = findDataItem('2007', dataIdentifier)
  if (item === null) return null
  const form = formsOf(item.layout).find((fields) => fields.length === values.length)
  return form === undefined ? null : writeFields(form, values)
}

function fitsItem({ item, values }: { readonly item: string; readonly values: readonly string[] }): boolean {
  return itemBytes(item, values) !== null
}
