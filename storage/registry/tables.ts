import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { encodeTextCopy } from '../copy-text.js'
import type { Row } from '../insert-rows.js'
import type { RegistryContent } from './content-rows.js'

/**
 * The registry tables in the order in which their foreign keys allow inserts. `content` reads what a document states of each
 * object (no recorded time, no actor) and what of it was recorded by $1, of timelines every revision; `object` names the columns that
 * identify the object.
 */
export const registryTables = {
  actor: {
    object: ['actor_id'],
    content: 'select actor_id, display_name, kind from actor',
  },
  organisation: {
    object: ['code'],
    content:
      'select organisation_id, code, parent_id, name, level, time_zone, currency, minor_digits from organisation',
  },
  grid_cell: {
    object: ['code'],
    content: 'select grid_cell_id, organisation_id, code, name, manager, deputy from grid_cell',
  },
  transformer_area: {
    object: ['code'],
    content: 'select transformer_area_id, organisation_id, code, name from transformer_area',
  },
  line: {
    object: ['code'],
    content: 'select line_id, organisation_id, code, kind, settings from line',
  },
  meter: {
    object: ['code'],
    content: `select meter_id, code, protocol, communication_address, model, register_digits, register_decimals from meter`,
  },
  usage_point: {
    object: ['code'],
    content: `select usage_point_id, organisation_id, code, transformer_area_id, grid_cell_id, supply_address
                from usage_point`,
  },
  customer: {
    object: ['code'],
    content: 'select customer_id, code, name, kind, key_account from customer',
  },
  account: {
    object: ['code'],
    content: 'select account_id, organisation_id, code, customer_id from account',
  },
  installation_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, meter_id, line_id
                from installation_timeline where recorded_at <= $1`,
  },
  multiplier_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, ct_ratio, pt_ratio
                from multiplier_timeline where recorded_at <= $1`,
  },
  agreement_timeline: {
    object: ['account_id'],
    content: `select revision, account_id, effective_from, effective_to, usage_point_id, tariff_code, ladder_from,
                     usage_class, contract_capacity_kva
                from agreement_timeline where recorded_at <= $1`,
  },
  contact_timeline: {
    object: ['account_id', 'channel'],
    content: `select revision, account_id, channel, effective_from, effective_to, address, purpose, consent_evidence, verified
                from contact_timeline where recorded_at <= $1`,
  },
  crew: {
    object: ['code'],
    content: 'select crew_id, organisation_id, code, name from crew',
  },
  crew_area_timeline: {
    object: ['transformer_area_id'],
    content: `select revision, transformer_area_id, effective_from, effective_to, crew_id from crew_area_timeline where recorded_at <= $1`,
  },
  planned_outage: {
    object: ['code'],
    content: `select planned_outage_id, code, transformer_area_id, line_id, starts_at, ends_at, document
                from planned_outage where recorded_at <= $1`,
  },
  suspension_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, document from suspension_timeline where recorded_at <= $1`,
  },
  reading_day_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, reading_day from reading_day_timeline where recorded_at <= $1`,
  },
  relation_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, parent_id, kind, share_e6, quantity_e4
                from relation_timeline where recorded_at <= $1`,
  },
  area_supply_timeline: {
    object: ['transformer_area_id', 'usage_point_id'],
    content: `select revision, transformer_area_id, usage_point_id, effective_from, effective_to
                from area_supply_timeline where recorded_at <= $1`,
  },
  flow_timeline: {
    object: ['usage_point_id'],
    content:
      'select revision, usage_point_id, effective_from, effective_to, direction from flow_timeline where recorded_at <= $1',
  },
  transformer_timeline: {
    object: ['usage_point_id'],
    content: `select revision, usage_point_id, effective_from, effective_to, transformer_code, rated_kva, no_load_loss_kw_e4,
                     load_loss_kw_e4, no_load_current_e4, impedance_e4, metering_side
                from transformer_timeline where recorded_at <= $1`,
  },
  meter_verification: {
    object: ['meter_id', 'verified_on'],
    content: 'select meter_id, verified_on, valid_until, certificate from meter_verification where recorded_at <= $1',
  },
  crew_member_timeline: {
    object: ['crew_id', 'person'],
    content:
      'select revision, crew_id, person, effective_from, effective_to from crew_member_timeline where recorded_at <= $1',
  },
  opening_batch: {
    object: ['code'],
    content: `select code, as_of, document, item_count, register_e4::bigint, ladder_e4::bigint, estimate_e4::bigint,
                     prepaid_fen::bigint, arrear_fen::bigint, sha256
                from opening_batch where recorded_at <= $1`,
  },
  opening_item: {
    object: ['batch', 'account_id', 'kind', 'meter_id', 'month', 'bill', 'from_day'],
    content: `select batch, account_id, kind, meter_id, month, bill, from_day, to_day, energy_e4, tou1_e4, tou2_e4, tou3_e4,
                     tou4_e4, ladder_months, demand_kw_e4, amount_fen, due_date
                from opening_item where recorded_at <= $1`,
  },
  field_event: {
    object: ['meter_id', 'occurred_at', 'event'],
    content: `select meter_id, occurred_at, event, person, seals_found, seals_placed, document, detail
                from field_event_as_of($1)`,
  },
} as const satisfies Record<keyof RegistryContent, RegistryTable>

interface RegistryTable {
  readonly object: readonly string[]
  readonly content: string
}

export type RegistryTableName = keyof typeof registryTables
export type RegistryRows = { readonly [T in RegistryTableName]: readonly RegistryContent[T][] }
export const registryTableNames = Object.keys(registryTables) as readonly RegistryTableName[]

/** Everything a document could have stated by an instant, of timelines every revision. */
export async function readRegistryContent(client: Queryable, knownAt: Instant | null = null): Promise<RegistryRows> {
  const known = knownAt === null ? 'infinity' : toTimestamptz(knownAt)
  const tables: [string, readonly Row[]][] = []
  for (const name of registryTableNames) {
    const { content } = registryTables[name]
    tables.push([name, await client.query<Row>(content, content.includes('$1') ? [known] : [])])
  }
  return Object.fromEntries(tables) as RegistryRows
}

/** Writes rows that all have the same columns, in one statement: checks of whole timelines run once. @returns how many. */
export async function insertRegistryRows(
  client: Queryable,
  table: RegistryTableName,
  rows: Iterable<Row>,
): Promise<number> {
  const iterator = rows[Symbol.iterator]()
  const first = iterator.next()
  if (first.done === true) return 0
  const columns = Object.keys(first.value)
  const all = function* () {
    yield first.value
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) yield next.value
  }
  return client.copyIn(`copy ${table} (${columns.join(', ')}) from stdin`, encodeTextCopy(columns, all()))
}

/** Zones of all organisations. */
export async function readTimeZones(client: Queryable): Promise<readonly string[]> {
  const rows = await client.query<{ time_zone: string }>('select distinct time_zone from organisation order by 1')
  return rows.map((row) => row.time_zone)
}
