import { z } from 'zod'
import { fieldEventKinds } from '../../domain/field-event.js'
import type { RegistryChange } from '../../domain/registry-correction.js'
import type { Result } from '../../domain/result.js'
import { type InvalidDocument, parseWith } from './document-problem.js'
import { code, energy, instant, ratio, text } from './entries/fields.js'
import { fieldEventFields, hasPlacedSeals, placesSeals } from './entries/field-event-entry.js'
import { describedFields, meter } from './entries/meter-entries.js'
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
const meterExchange = z.strictObject({
  kind: z.literal('meter_exchange'),
  usagePoint: code,
  at: instant,
  oldMeter: code,
  newMeter: meter,
  stopRegisters: registers,
  startRegisters: registers,
  document: text,
})
const multiplier = z.strictObject({
  kind: z.literal('multiplier'),
  usagePoint: code,
  at: instant,
  ctRatio: ratio,
  ptRatio: ratio,
  registers,
  document: text,
})
const meterRemoval = z.strictObject({
  kind: z.literal('meter_removal'),
  usagePoint: code,
  at: instant,
  meter: code,
  stopRegisters: registers,
  document: text,
})
const installation = z.strictObject({
  kind: z.literal('installation'),
  usagePoint: code,
  at: instant,
  meter: code,
  line: code,
  startRegisters: registers.exactOptional(),
  document: text,
})
const agreement = z.strictObject({
  kind: z.literal('agreement'),
  account: code,
  usagePoint: code,
  at: instant,
  tariff: code.exactOptional(),
  usageClass: usageClass.exactOptional(),
  contractCapacityKva: capacity.exactOptional(),
  document: text,
})
const relation = z.strictObject({
  kind: z.literal('relation'),
  usagePoint: code,
  at: instant,
  relation: relationTerms.nullable(),
  document: text,
})
const flow = z.strictObject({
  kind: z.literal('flow'),
  usagePoint: code,
  at: instant,
  direction: direction.nullable(),
  document: text,
})
const transformer = z.strictObject({
  kind: z.literal('transformer'),
  usagePoint: code,
  at: instant,
  transformer: z.strictObject(nameplate).nullable(),
  document: text,
})
const fieldEventChange = z
  .strictObject({ kind: z.literal('field_event'), ...fieldEventFields })
  .refine(hasPlacedSeals, placesSeals)

const meterDescription = z.strictObject({ kind: z.literal('meter'), meter: code, ...describedFields, document: text })

/** Another change that takes the place of a wrong one; of which kinds there are corrections, domain/registry-correction.ts says. */
const correctable = z.discriminatedUnion('kind', [
  meterExchange,
  meterRemoval,
  installation,
  multiplier,
  agreement,
  relation,
  flow,
  transformer,
  fieldEventChange,
  meterDescription,
])
const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['meter_exchange', 'meter_removal', 'installation', 'multiplier', 'relation', 'flow', 'transformer']),
    usagePoint: code,
    at: instant,
  }),
  z.strictObject({ kind: z.literal('agreement'), account: code, at: instant }),
  z.strictObject({ kind: z.literal('field_event'), meter: code, event: z.enum(fieldEventKinds), at: instant }),
  z.strictObject({ kind: z.literal('meter'), meter: code }),
])
const correction = z
  .strictObject({
    kind: z.literal('correction'),
    of: target,
    instead: correctable.nullable(),
    reason: text,
    document: text,
    correctionBillDue: z.boolean().exactOptional(),
  })
  .refine(({ of, instead }) => instead === null || instead.kind === of.kind, {
    path: ['instead', 'kind'],
    error:
      '与所更正的变更同类；否则先撤销再变更 of the same kind as the change that is corrected; else withdraw it and change anew',
  })
  .refine(({ of, instead }) => of.kind !== 'meter' || (instead?.kind === 'meter' && instead.meter === of.meter), {
    path: ['instead'],
    error: '电能表的描述只能改正，须为同一块表 a description is put right, not withdrawn, and of the same meter',
  })

/** A dated change of master data, or the correction of one; see domain/registry-change.ts. */
export const registryChangeSchema = z.discriminatedUnion('kind', [
  meterExchange,
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
  multiplier,
  meterRemoval,
  installation,
  agreement,
  relation,
  flow,
  transformer,
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
  fieldEventChange,
  correction,
]) satisfies z.ZodType<RegistryChange>

export function parseRegistryChange(input: unknown): Result<RegistryChange, InvalidDocument> {
  return parseWith(registryChangeSchema, input)
}
