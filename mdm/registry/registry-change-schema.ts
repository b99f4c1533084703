import { z } from 'zod'
import type { RegistryChange } from '../../domain/registry-document.js'
import type { Result } from '../../domain/result.js'
import { type InvalidDocument, parseWith } from './document-problem.js'
import { code, energy, instant, ratio, text } from './entries/fields.js'
import { fieldEventFields, hasPlacedSeals, placesSeals } from './entries/field-event-entry.js'
import { meter } from './entries/meter-entries.js'
import {
  account,
  capacity,
  channel,
  consented,
  customer,
  reachability,
  usageClass,
} from './entries/customer-entries.js'
import { hasLaterEnd, hasOneScope, laterEnd, oneScope, outage } from './entries/outage-entry.js'
import { dayOfMonth, direction, nameplate, relationTerms } from './entries/supply-entries.js'

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
  z.strictObject({ kind: z.literal('field_event'), ...fieldEventFields }).refine(hasPlacedSeals, placesSeals),
]) satisfies z.ZodType<RegistryChange>

export function parseRegistryChange(input: unknown): Result<RegistryChange, InvalidDocument> {
  return parseWith(registryChangeSchema, input)
}
