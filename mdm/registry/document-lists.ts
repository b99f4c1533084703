import type { RegistryDocument } from '../../domain/registry-document.js'
import type { RegistryTableName } from '../../storage/registry/tables.js'

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
  opening_state: 'openings',
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
} as const satisfies Readonly<Record<RegistryTableName, keyof RegistryDocument>>
