import { z } from 'zod'
import { lineSettingsSchemas } from '../../domain/line-settings.js'
import type { RegistryChange, RegistryDocument } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { issueText } from '../../domain/schema-issue.js'
import { parseScaled } from '../../domain/scaled.js'
import { calendarOf, isLocalDate } from '../../domain/time.js'

/** What is wrong with a document, at a path such as `meters.3.registerDigits`. */
export interface DocumentProblem {
  readonly path: string
  readonly problem: string
  readonly code?: EntryProblemCode
  /** The entry that is named and is not there. */
  readonly names?: NamedEntry
  /** Codes that may have been meant. */
  readonly nearest?: readonly string[]
  /** Paths of other entries that have their part in it: which of them is wrong, a program cannot know. */
  readonly others?: readonly string[]
}
export interface NamedEntry {
  readonly list: keyof RegistryDocument
  readonly code: string
  /** Nothing of the kind is known at all, neither to the document nor to the registry. */
  readonly isListEmpty: boolean
}
/** What entries say wrongly of each other, for programs. */
export type EntryProblemCode =
  | 'there_twice'
  | 'unknown_code'
  | 'unknown_tariff'
  | 'stretches_overlap'
  | 'ends_before_start'
  | 'part_of_itself'
  | 'described_in_two_ways'
  | 'does_not_add_up'
export interface InvalidDocument {
  readonly kind: 'invalid_document'
  readonly problems: readonly DocumentProblem[]
}

const code = z.string().min(1).max(64)
const text = z.string().min(1).max(400)
const instant = z.iso
  .datetime({ offset: true })
  .refine(
    (value) => isInRange(value),
    '1980 至 2099 年的时刻；无止则空白 expected an instant from 1980 to 2099; blank for an end that is not known',
  )
const localDate = z
  .string()
  .refine(isLocalDate, '日期，如 2026-07-01 expected a calendar day YYYY-MM-DD')
  .refine((value) => isInRange(value), '1980 至 2099 年的日期 expected a day from 1980 to 2099')
const zone = z
  .string()
  .refine((name) => calendarOf(name) !== null, '已知的时区，如 Asia/Shanghai expected a time zone the product knows')
const energy = z
  .string()
  .refine(
    isEnergy,
    '电量 kWh 小数文本，至多 4 位小数，非负 expected a decimal text in kWh, at most 4 decimals, not negative',
  )
const power = z
  .string()
  .refine(
    isEnergy,
    '功率 kW 小数文本，至多 4 位小数，非负 expected a decimal text in kW, at most 4 decimals, not negative',
  )
const percent = z
  .string()
  .refine(
    isEnergy,
    '百分数小数文本，至多 4 位小数，非负 expected a decimal text in per cent, at most 4 decimals, not negative',
  )
const share = z
  .string()
  .refine(
    isShare,
    '大于 0、至多 1 的小数文本，至多 6 位小数 expected a decimal text above 0, at most 1, with at most 6 decimals',
  )
const money = z
  .string()
  .refine(isMoney, '金额小数文本，至多 2 位小数，非负 expected a decimal text, at most 2 decimals, not negative')
const owed = money.refine((value) => Number(value) > 0, '须大于 0 expected more than 0')
const ratio = z.int().min(1).max(100_000)
const effective = { from: instant, to: instant.exactOptional() }

const actor = z.strictObject({ actor: code, displayName: text, kind: z.enum(['person', 'process']) })
const organisation = z.strictObject({
  code,
  parent: code.exactOptional(),
  name: text,
  level: z.enum(['province', 'city', 'county', 'station']),
  timeZone: zone,
  currency: z.string().regex(/^[A-Z]{3}$/, '货币代码，如 CNY expected an ISO 4217 code'),
  minorDigits: z.int().min(0).max(4),
})
const gridCell = z.strictObject({ code, organisation: code, name: text, manager: code, deputy: code.exactOptional() })
const transformerArea = z.strictObject({ code, organisation: code, name: text })
const line = z.discriminatedUnion('kind', [
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('dlt645_tcp'),
    settings: lineSettingsSchemas.dlt645_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('dlt645_serial'),
    settings: lineSettingsSchemas.dlt645_serial,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_tcp'),
    settings: lineSettingsSchemas.modbus_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_rtu_tcp'),
    settings: lineSettingsSchemas.modbus_rtu_tcp,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('modbus_rtu_serial'),
    settings: lineSettingsSchemas.modbus_rtu_serial,
  }),
  z.strictObject({
    code,
    organisation: code,
    kind: z.literal('mqtt_concentrator'),
    settings: lineSettingsSchemas.mqtt_concentrator,
  }),
])
const addressed = z.object({ protocol: z.enum(['dlt645_2007', 'modbus']), communicationAddress: z.string() })
const meter = z
  .strictObject({
    code,
    protocol: z.enum(['dlt645_2007', 'modbus']),
    communicationAddress: z.string(),
    model: text,
    registerDigits: z.int().min(4).max(12),
    registerDecimals: z.int().min(0).max(4),
  })
  .refine((entry) => addressPatterns[entry.protocol].test(entry.communicationAddress), {
    path: ['communicationAddress'],
    error:
      '645 为 12 位数字，Modbus 为 1 至 247 expected 12 digits for dlt645_2007, a unit id from 1 to 247 for modbus',
    // A fault elsewhere in the entry hides none here.
    when: ({ value }) => addressed.safeParse(value).success,
  })
const usagePoint = z.strictObject({
  code,
  organisation: code,
  transformerArea: code,
  gridCell: code,
  supplyAddress: text,
})
const customer = z.strictObject({
  code,
  name: text,
  kind: z.enum(['residential', 'commercial']),
  keyAccount: z.boolean(),
})
const account = z.strictObject({ code, organisation: code, customer: code })
const installation = z.strictObject({ ...effective, usagePoint: code, meter: code, line: code })
const multiplier = z.strictObject({ ...effective, usagePoint: code, ctRatio: ratio, ptRatio: ratio })
const usageClass = z.enum(['residential', 'commercial', 'large_industrial', 'agricultural'])
const capacity = z.int().min(1).max(10_000_000)
const agreement = z.strictObject({
  ...effective,
  account: code,
  usagePoint: code,
  tariff: code,
  ladderFrom: localDate,
  usageClass: usageClass.exactOptional(),
  contractCapacityKva: capacity.exactOptional(),
})
const channel = z.enum(['sms', 'voice', 'email', 'webhook'])
const consented = { address: text, consentEvidence: text, verified: z.boolean() }
const reachability = { channel, ...consented }
const contact = z.strictObject({ ...effective, account: code, ...reachability })
const opening = z.strictObject({ account: code, asOf: instant, ladderEnergyKwh: energy, document: text })
const crew = z.strictObject({ code, organisation: code, name: text })
const crewArea = z.strictObject({ ...effective, transformerArea: code, crew: code })
const outage = {
  code,
  transformerArea: code.exactOptional(),
  line: code.exactOptional(),
  from: instant,
  to: instant,
  document: text,
}
const oneScope = {
  path: ['transformerArea'],
  error: '台区或线路，二者之一 expected either a transformerArea or a line',
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
}
interface Scope {
  readonly transformerArea?: string
  readonly line?: string
}
function hasOneScope(scope: Scope): boolean {
  return (scope.transformerArea === undefined) !== (scope.line === undefined)
}
const dated = z.object({ from: instant, to: instant })
const laterEnd = {
  path: ['to'],
  error: '止须晚于起 expected an instant after from',
  when: ({ value }: { readonly value: unknown }) => dated.safeParse(value).success,
}
function hasLaterEnd({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return Date.parse(from) < Date.parse(to)
}
const plannedOutage = z.strictObject(outage).refine(hasOneScope, oneScope).refine(hasLaterEnd, laterEnd)
const suspension = z.strictObject({ ...effective, usagePoint: code, document: text })
const dayOfMonth = z.int().min(1).max(31)
const readingDay = z.strictObject({ ...effective, usagePoint: code, readingDay: dayOfMonth })

const monthlyEnergy = energy.refine((value) => Number(value) > 0, '须大于 0 expected more than 0')
const related = { ...effective, usagePoint: code, parent: code }
const relation = z.discriminatedUnion('kind', [
  z.strictObject({ ...related, kind: z.enum(['main_sub', 'deducted']) }),
  z.strictObject({ ...related, kind: z.literal('share'), share }),
  z.strictObject({ ...related, kind: z.literal('quantity'), quantityKwh: monthlyEnergy }),
])
const relationTerms = z.discriminatedUnion('kind', [
  z.strictObject({ parent: code, kind: z.enum(['main_sub', 'deducted']) }),
  z.strictObject({ parent: code, kind: z.literal('share'), share }),
  z.strictObject({ parent: code, kind: z.literal('quantity'), quantityKwh: monthlyEnergy }),
])
const areaSupply = z.strictObject({ ...effective, transformerArea: code, usagePoint: code })
const direction = z.enum(['import', 'export', 'both'])
const flow = z.strictObject({ ...effective, usagePoint: code, direction })
const nameplate = {
  transformer: code,
  ratedKva: z.int().min(1).max(1_000_000),
  noLoadLossKw: power,
  loadLossKw: power,
  noLoadCurrentPercent: percent.exactOptional(),
  impedancePercent: percent.exactOptional(),
  meteringSide: z.enum(['high', 'low']),
}
const transformer = z.strictObject({ ...effective, usagePoint: code, ...nameplate })
const tested = z.object({ verifiedOn: localDate, validUntil: localDate })
const verification = z
  .strictObject({ meter: code, verifiedOn: localDate, validUntil: localDate, certificate: text })
  .refine(({ verifiedOn, validUntil }) => verifiedOn < validUntil, {
    path: ['validUntil'],
    error: '须晚于检定日 expected a day after verifiedOn',
    when: ({ value }) => tested.safeParse(value).success,
  })
const crewMember = z.strictObject({ ...effective, crew: code, person: code })

const openingBatch = z.strictObject({
  code,
  asOf: instant,
  document: text,
  itemCount: z.int().min(1).max(100_000_000),
  registersKwh: energy,
  ladderKwh: energy,
  estimatesKwh: energy,
  prepaid: money,
  arrears: money,
})
const openedFor = { batch: code, account: code }
const openingItem = z.discriminatedUnion('kind', [
  z.strictObject({
    ...openedFor,
    kind: z.literal('register'),
    meter: code,
    energyKwh: energy,
    tou1Kwh: energy.exactOptional(),
    tou2Kwh: energy.exactOptional(),
    tou3Kwh: energy.exactOptional(),
    tou4Kwh: energy.exactOptional(),
  }),
  z.strictObject({ ...openedFor, kind: z.literal('ladder'), energyKwh: energy, ladderMonths: z.int().min(0).max(12) }),
  z.strictObject({
    ...openedFor,
    kind: z.literal('demand'),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份，如 2026-05 expected a month such as 2026-05'),
    demandKw: power,
  }),
  z.strictObject({
    ...openedFor,
    kind: z.literal('estimate'),
    fromDay: localDate,
    toDay: localDate,
    energyKwh: energy,
  }),
  z.strictObject({ ...openedFor, kind: z.literal('prepaid'), amount: owed }),
  z.strictObject({ ...openedFor, kind: z.literal('arrear'), bill: code, amount: owed, dueDate: localDate }),
])

/** A master data document; see domain/registry-document.ts. */
export const registryDocumentSchema = z.strictObject({
  actors: z.array(actor),
  organisations: z.array(organisation),
  gridCells: z.array(gridCell),
  transformerAreas: z.array(transformerArea),
  lines: z.array(line),
  meters: z.array(meter),
  usagePoints: z.array(usagePoint),
  customers: z.array(customer),
  accounts: z.array(account),
  installations: z.array(installation),
  multipliers: z.array(multiplier),
  agreements: z.array(agreement),
  contacts: z.array(contact),
  openings: z.array(opening),
  crews: z.array(crew).exactOptional(),
  crewAreas: z.array(crewArea).exactOptional(),
  plannedOutages: z.array(plannedOutage).exactOptional(),
  suspensions: z.array(suspension).exactOptional(),
  readingDays: z.array(readingDay).exactOptional(),
  relations: z.array(relation).exactOptional(),
  areaSupplies: z.array(areaSupply).exactOptional(),
  flows: z.array(flow).exactOptional(),
  transformers: z.array(transformer).exactOptional(),
  verifications: z.array(verification).exactOptional(),
  crewMembers: z.array(crewMember).exactOptional(),
  openingBatches: z.array(openingBatch).exactOptional(),
  openingItems: z.array(openingItem).exactOptional(),
}) satisfies z.ZodType<RegistryDocument>

/** What one entry of each list has to look like. */
export const entrySchemas = {
  actors: actor,
  organisations: organisation,
  gridCells: gridCell,
  transformerAreas: transformerArea,
  lines: line,
  meters: meter,
  usagePoints: usagePoint,
  customers: customer,
  accounts: account,
  installations: installation,
  multipliers: multiplier,
  agreements: agreement,
  contacts: contact,
  openings: opening,
  crews: crew,
  crewAreas: crewArea,
  plannedOutages: plannedOutage,
  suspensions: suspension,
  readingDays: readingDay,
  relations: relation,
  areaSupplies: areaSupply,
  flows: flow,
  transformers: transformer,
  verifications: verification,
  crewMembers: crewMember,
  openingBatches: openingBatch,
  openingItems: openingItem,
} as const satisfies Readonly<Record<keyof RegistryDocument, z.ZodType>>

const registers = z.strictObject({
  total: energy,
  tou1: energy.exactOptional(),
  tou2: energy.exactOptional(),
  tou3: energy.exactOptional(),
  tou4: energy.exactOptional(),
})
/** A dated change of master data; see domain/registry-document.ts. */
export const registryChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('meter_exchange'),
    usagePoint: code,
    at: instant,
    oldMeter: code,
    newMeter: meter,
    stopRegisters: registers,
    startRegisters: registers,
    document: text,
  }),
  z.strictObject({
    kind: z.literal('account_transfer'),
    usagePoint: code,
    at: instant,
    oldAccount: code,
    customer,
    account,
    contacts: z.array(z.strictObject(reachability)),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('crew_assignment'),
    transformerArea: code,
    at: instant,
    crew: code,
    document: text,
  }),
  z.strictObject({
    kind: z.literal('reading_day'),
    usagePoints: z.array(code).min(1),
    at: instant,
    readingDay: dayOfMonth,
    document: text,
  }),
  z.strictObject({
    kind: z.literal('multiplier'),
    usagePoint: code,
    at: instant,
    ctRatio: ratio,
    ptRatio: ratio,
    registers,
    document: text,
  }),
  z.strictObject({
    kind: z.literal('meter_removal'),
    usagePoint: code,
    at: instant,
    meter: code,
    stopRegisters: registers,
    document: text,
  }),
  z.strictObject({
    kind: z.literal('agreement'),
    account: code,
    usagePoint: code,
    at: instant,
    tariff: code.exactOptional(),
    usageClass: usageClass.exactOptional(),
    contractCapacityKva: capacity.exactOptional(),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('relation'),
    usagePoint: code,
    at: instant,
    relation: relationTerms.nullable(),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('flow'),
    usagePoint: code,
    at: instant,
    direction: direction.nullable(),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('transformer'),
    usagePoint: code,
    at: instant,
    transformer: z.strictObject(nameplate).nullable(),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('area_supply'),
    transformerArea: code,
    usagePoint: code,
    at: instant,
    isSupplied: z.boolean(),
    document: text,
  }),
  z.strictObject({
    kind: z.literal('contact'),
    account: code,
    channel,
    at: instant,
    contact: z.strictObject(consented).nullable(),
    document: text,
  }),
  z
    .strictObject({ kind: z.literal('planned_outage'), ...outage })
    .refine(hasOneScope, oneScope)
    .refine(hasLaterEnd, laterEnd),
]) satisfies z.ZodType<RegistryChange>

/** Shape only; what objects say of each other is `problemsBetween`. */
export function parseRegistryDocument(input: unknown): Result<RegistryDocument, InvalidDocument> {
  return parseWith(registryDocumentSchema, input)
}

export function parseRegistryChange(input: unknown): Result<RegistryChange, InvalidDocument> {
  return parseWith(registryChangeSchema, input)
}

function parseWith<T>(schema: z.ZodType<T>, input: unknown): Result<T, InvalidDocument> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issueText(issue) }))
  return err({ kind: 'invalid_document', problems })
}

function isEnergy(value: string): boolean {
  const parsed = parseScaled(value, 4)
  return parsed !== null && parsed >= 0n
}

/** Outside of it dates are slips of the pen, or stand for "no end". */
function isInRange(value: string): boolean {
  const year = new Date(value).getUTCFullYear()
  // Text that is no date at all is told of once.
  return Number.isNaN(year) || (year >= 1979 && year < 2100)
}

function isMoney(value: string): boolean {
  const parsed = parseScaled(value, 2)
  return parsed !== null && parsed >= 0n
}

function isShare(value: string): boolean {
  const parsed = parseScaled(value, 6)
  return parsed !== null && parsed > 0n && parsed <= 1_000_000n
}

const addressPatterns = {
  dlt645_2007: /^\d{12}$/,
  modbus: /^([1-9]|[1-9]\d|1\d\d|2[0-3]\d|24[0-7])$/,
} as const
