import { z } from 'zod'
import { lineSettingsSchemas } from '../../domain/line-settings.js'
import type { RegistryChange, RegistryDocument } from '../../domain/registry-document.js'
import { err, ok, type Result } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { calendarOf, isLocalDate } from '../../domain/time.js'

/** What is wrong with a document, at a path such as `meters.3.registerDigits`. */
export interface DocumentProblem {
  readonly path: string
  readonly problem: string
}
export interface InvalidDocument {
  readonly kind: 'invalid_document'
  readonly problems: readonly DocumentProblem[]
}

const code = z.string().min(1).max(64)
const text = z.string().min(1).max(400)
const instant = z.iso.datetime({ offset: true })
const localDate = z.string().refine(isLocalDate, 'expected a calendar day YYYY-MM-DD')
const zone = z.string().refine((name) => calendarOf(name) !== null, 'expected a time zone the product knows')
const energy = z.string().refine(isEnergy, 'expected a decimal text in kWh, at most 4 decimals, not negative')
const power = z.string().refine(isEnergy, 'expected a decimal text in kW, at most 4 decimals, not negative')
const percent = z.string().refine(isEnergy, 'expected a decimal text in per cent, at most 4 decimals, not negative')
const share = z.string().refine(isShare, 'expected a decimal text above 0, at most 1, with at most 6 decimals')
const ratio = z.int().min(1).max(100_000)
const effective = { from: instant, to: instant.exactOptional() }

const actor = z.strictObject({ actor: code, displayName: text, kind: z.enum(['person', 'process']) })
const organisation = z.strictObject({
  code,
  parent: code.exactOptional(),
  name: text,
  level: z.enum(['province', 'city', 'county', 'station']),
  timeZone: zone,
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code'),
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
    error: 'expected 12 digits for dlt645_2007, a unit id from 1 to 247 for modbus',
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
const agreement = z.strictObject({
  ...effective,
  account: code,
  usagePoint: code,
  tariff: code,
  ladderFrom: localDate,
  usageClass: z.enum(['residential', 'commercial', 'large_industrial', 'agricultural']).exactOptional(),
  contractCapacityKva: z.int().min(1).max(10_000_000).exactOptional(),
})
const reachability = {
  channel: z.enum(['sms', 'voice', 'email', 'webhook']),
  address: text,
  consentEvidence: text,
  verified: z.boolean(),
}
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
  error: 'expected either a transformerArea or a line',
}
interface Scope {
  readonly transformerArea?: string
  readonly line?: string
}
function hasOneScope(scope: Scope): boolean {
  return (scope.transformerArea === undefined) !== (scope.line === undefined)
}
const laterEnd = { path: ['to'], error: 'expected an instant after from' }
function hasLaterEnd({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return Date.parse(from) < Date.parse(to)
}
const plannedOutage = z.strictObject(outage).refine(hasOneScope, oneScope).refine(hasLaterEnd, laterEnd)
const suspension = z.strictObject({ ...effective, usagePoint: code, document: text })
const dayOfMonth = z.int().min(1).max(31)
const readingDay = z.strictObject({ ...effective, usagePoint: code, readingDay: dayOfMonth })

const related = { ...effective, usagePoint: code, parent: code }
const relation = z.discriminatedUnion('kind', [
  z.strictObject({ ...related, kind: z.enum(['main_sub', 'deducted']) }),
  z.strictObject({ ...related, kind: z.literal('share'), share }),
  z.strictObject({
    ...related,
    kind: z.literal('quantity'),
    quantityKwh: energy.refine((text) => Number(text) > 0, 'expected more than 0'),
  }),
])
const areaSupply = z.strictObject({ ...effective, transformerArea: code, usagePoint: code })
const flow = z.strictObject({ ...effective, usagePoint: code, direction: z.enum(['import', 'export', 'both']) })
const transformer = z.strictObject({
  ...effective,
  usagePoint: code,
  transformer: code,
  ratedKva: z.int().min(1).max(1_000_000),
  noLoadLossKw: power,
  loadLossKw: power,
  noLoadCurrentPercent: percent.exactOptional(),
  impedancePercent: percent.exactOptional(),
  meteringSide: z.enum(['high', 'low']),
})
const verification = z
  .strictObject({ meter: code, verifiedOn: localDate, validUntil: localDate, certificate: text })
  .refine(({ verifiedOn, validUntil }) => verifiedOn < validUntil, {
    path: ['validUntil'],
    error: 'expected a day after verifiedOn',
  })
const crewMember = z.strictObject({ ...effective, crew: code, person: code })

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
}) satisfies z.ZodType<RegistryDocument>

const registers = z.strictObject({
  total: energy,
  tou1: energy.exactOptional(),
  tou2: energy.exactOptional(),
  tou3: energy.exactOptional(),
  tou4: energy.exactOptional(),
})
const registryChange = z.discriminatedUnion('kind', [
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
  return parseWith(registryChange, input)
}

function parseWith<T>(schema: z.ZodType<T>, input: unknown): Result<T, InvalidDocument> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message }))
  return err({ kind: 'invalid_document', problems })
}

function isEnergy(value: string): boolean {
  const parsed = parseScaled(value, 4)
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
