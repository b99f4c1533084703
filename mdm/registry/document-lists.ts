import type { RegistryDocument } from '../../domain/registry-document.js'
import { type RegistryTableName, registryTableNames } from '../../storage/registry/tables.js'

/** The list of a document whose entries go into a table. */
export const documentLists = {
  actor: 'actors',
  organisation: 'organisations',
  grid_cell: 'gridCells',
  transformer_area: 'transformerAreas',
  line: 'lines',
  meter: 'meters',
  usage_point: 'usagePoints',
  customer: 'customers',
  account: 'accounts',
  installation_timeline: 'installations',
  multiplier_timeline: 'multipliers',
  agreement_timeline: 'agreements',
  contact_timeline: 'contacts',
  crew: 'crews',
  crew_area_timeline: 'crewAreas',
  planned_outage: 'plannedOutages',
  suspension_timeline: 'suspensions',
  reading_day_timeline: 'readingDays',
  relation_timeline: 'relations',
  area_supply_timeline: 'areaSupplies',
  flow_timeline: 'flows',
  transformer_timeline: 'transformers',
  meter_verification: 'verifications',
  crew_member_timeline: 'crewMembers',
  opening_batch: 'openingBatches',
  opening_item: 'openingItems',
  field_event: 'fieldEvents',
} as const satisfies Readonly<Record<RegistryTableName, keyof RegistryDocument>>

export type ListName = keyof RegistryDocument
export const listNames: readonly ListName[] = registryTableNames.map((table) => documentLists[table])

type EntryOf<L extends ListName> = NonNullable<RegistryDocument[L]>[number]
/** A document whose entries may lack what nobody could read. */
export type LegibleDocument = { readonly [L in ListName]?: readonly Partial<EntryOf<L>>[] }

/** Fields that name the object of which an entry is, or is a stretch. */
export const objectFields = {
  actors: ['actor'],
  organisations: ['code'],
  gridCells: ['code'],
  transformerAreas: ['code'],
  lines: ['code'],
  meters: ['code'],
  usagePoints: ['code'],
  customers: ['code'],
  accounts: ['code'],
  installations: ['usagePoint'],
  multipliers: ['usagePoint'],
  agreements: ['account'],
  contacts: ['account', 'channel'],
  crews: ['code'],
  crewAreas: ['transformerArea'],
  plannedOutages: ['code'],
  suspensions: ['usagePoint'],
  readingDays: ['usagePoint'],
  relations: ['usagePoint'],
  areaSupplies: ['transformerArea', 'usagePoint'],
  flows: ['usagePoint'],
  transformers: ['usagePoint'],
  verifications: ['meter', 'verifiedOn'],
  crewMembers: ['crew', 'person'],
  openingBatches: ['code'],
  openingItems: ['batch', 'account', 'kind', 'meter', 'month', 'bill', 'fromDay'],
  fieldEvents: ['meter', 'at', 'event'],
} as const satisfies Readonly<Record<ListName, readonly string[]>>

/** What people call the object of an entry, checked or not. */
export function objectOf(list: ListName, entry: Readonly<Record<string, unknown>>): string {
  const [first, ...more]: readonly string[] = objectFields[list]
  const name = plainText(entry[first ?? ''])
  return more.length === 0 ? name : [name, ...more.map((field) => plainText(entry[field]))].join(' ')
}

/** Text of a field that holds text, a number or a truth; '' for what is absent or has parts of its own. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : ''
}

/** A field that holds text. */
export function textIn(entry: object, field: string): string | undefined {
  const value: unknown = Reflect.get(entry, field)
  return typeof value === 'string' ? value : undefined
}
