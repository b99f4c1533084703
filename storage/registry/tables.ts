import type { Queryable } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'

/**
 * The registry tables in the order in which their foreign keys allow inserts. `content` reads what a document states of each
 * object (no recorded time, no actor), of timelines the first revision; `object` names the columns that identify the object.
 */
export const registryTables = {
  actor: {
    object: ['actor_id'],
    content: 'select actor_id, display_name, kind from actor',
    insert: 'insert into actor select * from json_populate_recordset(null::actor, $1)',
  },
  organisation: {
    object: ['code'],
    content:
      'select organisation_id, code, parent_id, name, level, time_zone, currency, minor_digits from organisation',
    insert: 'insert into organisation select * from json_populate_recordset(null::organisation, $1)',
  },
  grid_cell: {
    object: ['code'],
    content: 'select grid_cell_id, organisation_id, code, name, manager, deputy from grid_cell',
    insert: 'insert into grid_cell select * from json_populate_recordset(null::grid_cell, $1)',
  },
  transformer_area: {
    object: ['code'],
    content: 'select transformer_area_id, organisation_id, code, name from transformer_area',
    insert: 'insert into transformer_area select * from json_populate_recordset(null::transformer_area, $1)',
  },
  line: {
    object: ['code'],
    content: 'select line_id, organisation_id, code, kind, settings from line',
    // Without its schema the name means PostgreSQL's own geometric type.
    insert: 'insert into line select * from json_populate_recordset(null::public.line, $1)',
  },
  meter: {
    object: ['code'],
    content: `select meter_id, code, protocol, communication_address, model, register_digits, register_decimals from meter`,
    insert: 'insert into meter select * from json_populate_recordset(null::meter, $1)',
  },
  usage_point: {
    object: ['code'],
    content: `select usage_point_id, organisation_id, code, transformer_area_id, grid_cell_id, supply_address
                from usage_point`,
    insert: 'insert into usage_point select * from json_populate_recordset(null::usage_point, $1)',
  },
  customer: {
    object: ['code'],
    content: 'select customer_id, code, name, kind, key_account from customer',
    insert: 'insert into customer select * from json_populate_recordset(null::customer, $1)',
  },
  account: {
    object: ['code'],
    content: 'select account_id, organisation_id, code, customer_id from account',
    insert: 'insert into account select * from json_populate_recordset(null::account, $1)',
  },
  installation_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, meter_id, line_id
                from installation_timeline where revision = 1`,
    insert: 'insert into installation_timeline select * from json_populate_recordset(null::installation_timeline, $1)',
  },
  multiplier_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, ct_ratio, pt_ratio
                from multiplier_timeline where revision = 1`,
    insert: 'insert into multiplier_timeline select * from json_populate_recordset(null::multiplier_timeline, $1)',
  },
  agreement_timeline: {
    object: ['account_id'],
    content: `select account_id, effective_from, effective_to, usage_point_id, tariff_code, ladder_from,
                     usage_class, contract_capacity_kva
                from agreement_timeline where revision = 1`,
    insert: 'insert into agreement_timeline select * from json_populate_recordset(null::agreement_timeline, $1)',
  },
  contact_timeline: {
    object: ['account_id', 'channel'],
    content: `select account_id, channel, effective_from, effective_to, address, purpose, consent_evidence, verified
                from contact_timeline where revision = 1`,
    insert: 'insert into contact_timeline select * from json_populate_recordset(null::contact_timeline, $1)',
  },
  opening_state: {
    object: ['account_id'],
    content: 'select account_id, as_of, ladder_energy_e4, document from opening_state',
    insert: 'insert into opening_state select * from json_populate_recordset(null::opening_state, $1)',
  },
  crew: {
    object: ['code'],
    content: 'select crew_id, organisation_id, code, name from crew',
    insert: 'insert into crew select * from json_populate_recordset(null::crew, $1)',
  },
  crew_area_timeline: {
    object: ['transformer_area_id'],
    content: `select transformer_area_id, effective_from, effective_to, crew_id from crew_area_timeline where revision = 1`,
    insert: 'insert into crew_area_timeline select * from json_populate_recordset(null::crew_area_timeline, $1)',
  },
  planned_outage: {
    object: ['code'],
    content: `select planned_outage_id, code, transformer_area_id, line_id, starts_at, ends_at, document
                from planned_outage`,
    insert: 'insert into planned_outage select * from json_populate_recordset(null::planned_outage, $1)',
  },
  suspension_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, document from suspension_timeline where revision = 1`,
    insert: 'insert into suspension_timeline select * from json_populate_recordset(null::suspension_timeline, $1)',
  },
  reading_day_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, reading_day from reading_day_timeline where revision = 1`,
    insert: 'insert into reading_day_timeline select * from json_populate_recordset(null::reading_day_timeline, $1)',
  },
  relation_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, parent_id, kind, share_e6, quantity_e4
                from relation_timeline where revision = 1`,
    insert: 'insert into relation_timeline select * from json_populate_recordset(null::relation_timeline, $1)',
  },
  area_supply_timeline: {
    object: ['transformer_area_id', 'usage_point_id'],
    content: `select transformer_area_id, usage_point_id, effective_from, effective_to
                from area_supply_timeline where revision = 1`,
    insert: 'insert into area_supply_timeline select * from json_populate_recordset(null::area_supply_timeline, $1)',
  },
  flow_timeline: {
    object: ['usage_point_id'],
    content: 'select usage_point_id, effective_from, effective_to, direction from flow_timeline where revision = 1',
    insert: 'insert into flow_timeline select * from json_populate_recordset(null::flow_timeline, $1)',
  },
  transformer_timeline: {
    object: ['usage_point_id'],
    content: `select usage_point_id, effective_from, effective_to, transformer_code, rated_kva, no_load_loss_kw_e4,
                     load_loss_kw_e4, no_load_current_e4, impedance_e4, metering_side
                from transformer_timeline where revision = 1`,
    insert: 'insert into transformer_timeline select * from json_populate_recordset(null::transformer_timeline, $1)',
  },
  meter_verification: {
    object: ['meter_id', 'verified_on'],
    content: 'select meter_id, verified_on, valid_until, certificate from meter_verification',
    insert: 'insert into meter_verification select * from json_populate_recordset(null::meter_verification, $1)',
  },
  crew_member_timeline: {
    object: ['crew_id', 'person'],
    content: 'select crew_id, person, effective_from, effective_to from crew_member_timeline where revision = 1',
    insert: 'insert into crew_member_timeline select * from json_populate_recordset(null::crew_member_timeline, $1)',
  },
} as const satisfies Record<string, RegistryTable>

interface RegistryTable {
  readonly object: readonly string[]
  readonly content: string
  readonly insert: string
}

export type RegistryTableName = keyof typeof registryTables
export type RegistryRows = Readonly<Record<RegistryTableName, readonly Row[]>>
export const registryTableNames = Object.keys(registryTables) as readonly RegistryTableName[]

/** Everything a document could have stated, as it was stated first. */
export async function readRegistryContent(client: Queryable): Promise<RegistryRows> {
  const tables: [string, readonly Row[]][] = []
  for (const name of registryTableNames) tables.push([name, await client.query<Row>(registryTables[name].content)])
  return Object.fromEntries(tables) as RegistryRows
}

export function insertRegistryRows(client: Queryable, table: RegistryTableName, rows: readonly Row[]): Promise<number> {
  return insertRows(client, registryTables[table].insert, rows)
}
