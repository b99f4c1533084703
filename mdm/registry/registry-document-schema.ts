import { z } from 'zod'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { Result } from '../../domain/result.js'
import { type InvalidDocument, parseWith } from './document-problem.js'
import {
  actor,
  crew,
  crewArea,
  crewMember,
  gridCell,
  organisation,
  transformerArea,
} from './entries/organisation-entries.js'
import { line } from './entries/line-entry.js'
import { fieldEvent } from './entries/field-event-entry.js'
import { installation, meter, multiplier, verification } from './entries/meter-entries.js'
import { account, agreement, contact, customer } from './entries/customer-entries.js'
import { plannedOutage } from './entries/outage-entry.js'
import {
  areaSupply,
  flow,
  readingDay,
  relation,
  suspension,
  transformer,
  usagePoint,
} from './entries/supply-entries.js'
import { openingBatch, openingItem } from './entries/opening-entries.js'

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
  fieldEvents: z.array(fieldEvent).exactOptional(),
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
  fieldEvents: fieldEvent,
} as const satisfies Readonly<Record<keyof RegistryDocument, z.ZodType>>

/** Shape only; what objects say of each other is `problemsBetween`. */
export function parseRegistryDocument(input: unknown): Result<RegistryDocument, InvalidDocument> {
  return parseWith(registryDocumentSchema, input)
}
