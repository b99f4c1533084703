import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything } from '../../domain/timeline.js'
import type { Queryable } from '../../storage/database.js'
import { begunBy } from './begun-objects.js'
import { plainText } from './document-lists.js'
import type { Row } from '../../storage/insert-rows.js'
import {
  readRegistryContent,
  type RegistryRows,
  registryTables,
  type RegistryTableName,
} from '../../storage/registry/tables.js'

export interface ExportMoment {
  /** What was recorded later is left out; null: everything. */
  readonly knownAt: Instant | null
  /** Only what was true at this instant; null: timelines with all their stretches. */
  readonly at: Instant | null
}

/** The registry as a document, as it was known and true; taken in again, it changes nothing. Instants are in UTC. */
export async function exportRegistry(client: Queryable, moment: ExportMoment): Promise<RegistryDocument> {
  const { knownAt, at } = moment
  const rows = await readRegistryContent(client, knownAt)
  return toDocument(at === null ? rows : begunBy(rows, at), at)
}

export function toDocument(rows: RegistryRows, at: Instant | null): RegistryDocument {
  const codes = Object.fromEntries(
    Object.entries(ids).map(([table, column]) => [
      table,
      new Map<unknown, unknown>(rows[table as RegistryTableName].map((row) => [row[column], row['code']])),
    ]),
  )
  const code = (table: keyof typeof ids, id: unknown): string | undefined =>
    id === null ? undefined : plainText(codes[table]?.get(id))
  const point = (row: Row) => code('usage_point', row['usage_point_id'])
  const list = (table: RegistryTableName, toEntry: (row: Row) => object) =>
    lastRevisions(table, rows[table], at).map((row) => withoutAbsent(toEntry(row)))
  const stretches = (table: RegistryTableName, toEntry: (row: Row) => object) =>
    list(table, (row) => ({ ...toEntry(row), from: instant(row['effective_from']), to: instant(row['effective_to']) }))
  const document = {
    actors: list('actor', (row) => ({ actor: row['actor_id'], displayName: row['display_name'], kind: row['kind'] })),
    organisations: list('organisation', (row) => ({
      code: row['code'],
      parent: code('organisation', row['parent_id']),
      name: row['name'],
      level: row['level'],
      timeZone: row['time_zone'],
      currency: row['currency'],
      minorDigits: row['minor_digits'],
    })),
    gridCells: list('grid_cell', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      name: row['name'],
      manager: row['manager'],
      deputy: row['deputy'],
    })),
    transformerAreas: list('transformer_area', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      name: row['name'],
    })),
    lines: list('line', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      kind: row['kind'],
      settings: row['settings'],
    })),
    meters: list('meter', (row) => ({
      code: row['code'],
      protocol: row['protocol'],
      communicationAddress: row['communication_address'],
      model: row['model'],
      registerDigits: row['register_digits'],
      registerDecimals: row['register_decimals'],
    })),
    usagePoints: list('usage_point', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      transformerArea: code('transformer_area', row['transformer_area_id']),
      gridCell: code('grid_cell', row['grid_cell_id']),
      supplyAddress: row['supply_address'],
    })),
    customers: list('customer', (row) => ({
      code: row['code'],
      name: row['name'],
      kind: row['kind'],
      keyAccount: row['key_account'],
    })),
    accounts: list('account', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      customer: code('customer', row['customer_id']),
    })),
    installations: stretches('installation_timeline', (row) => ({
      usagePoint: point(row),
      meter: code('meter', row['meter_id']),
      line: code('line', row['line_id']),
    })),
    multipliers: stretches('multiplier_timeline', (row) => ({
      usagePoint: point(row),
      ctRatio: row['ct_ratio'],
      ptRatio: row['pt_ratio'],
    })),
    agreements: stretches('agreement_timeline', (row) => ({
      account: code('account', row['account_id']),
      usagePoint: point(row),
      tariff: row['tariff_code'],
      ladderFrom: row['ladder_from'],
      usageClass: row['usage_class'],
      contractCapacityKva: row['contract_capacity_kva'],
    })),
    contacts: stretches('contact_timeline', (row) => ({
      account: code('account', row['account_id']),
      channel: row['channel'],
      address: row['address'],
      consentEvidence: row['consent_evidence'],
      verified: row['verified'],
    })),
    openings: list('opening_state', (row) => ({
      account: code('account', row['account_id']),
      asOf: instant(row['as_of']),
      ladderEnergyKwh: decimal(row['ladder_energy_e4'], 4),
      document: row['document'],
    })),
    crews: list('crew', (row) => ({
      code: row['code'],
      organisation: code('organisation', row['organisation_id']),
      name: row['name'],
    })),
    crewAreas: stretches('crew_area_timeline', (row) => ({
      transformerArea: code('transformer_area', row['transformer_area_id']),
      crew: code('crew', row['crew_id']),
    })),
    plannedOutages: list('planned_outage', (row) => ({
      code: row['code'],
      transformerArea: code('transformer_area', row['transformer_area_id']),
      line: code('line', row['line_id']),
      from: instant(row['starts_at']),
      to: instant(row['ends_at']),
      document: row['document'],
    })),
    suspensions: stretches('suspension_timeline', (row) => ({ usagePoint: point(row), document: row['document'] })),
    readingDays: stretches('reading_day_timeline', (row) => ({
      usagePoint: point(row),
      readingDay: row['reading_day'],
    })),
    relations: stretches('relation_timeline', (row) => ({
      usagePoint: point(row),
      parent: code('usage_point', row['parent_id']),
      kind: row['kind'],
      share: decimal(row['share_e6'], 6),
      quantityKwh: decimal(row['quantity_e4'], 4),
    })),
    areaSupplies: stretches('area_supply_timeline', (row) => ({
      transformerArea: code('transformer_area', row['transformer_area_id']),
      usagePoint: point(row),
    })),
    flows: stretches('flow_timeline', (row) => ({ usagePoint: point(row), direction: row['direction'] })),
    transformers: stretches('transformer_timeline', (row) => ({
      usagePoint: point(row),
      transformer: row['transformer_code'],
      ratedKva: row['rated_kva'],
      noLoadLossKw: decimal(row['no_load_loss_kw_e4'], 4),
      loadLossKw: decimal(row['load_loss_kw_e4'], 4),
      noLoadCurrentPercent: decimal(row['no_load_current_e4'], 4),
      impedancePercent: decimal(row['impedance_e4'], 4),
      meteringSide: row['metering_side'],
    })),
    verifications: list('meter_verification', (row) => ({
      meter: code('meter', row['meter_id']),
      verifiedOn: row['verified_on'],
      validUntil: row['valid_until'],
      certificate: row['certificate'],
    })),
    crewMembers: stretches('crew_member_timeline', (row) => ({
      crew: code('crew', row['crew_id']),
      person: row['person'],
    })),
    openingBatches: list('opening_batch', (row) => ({
      code: row['code'],
      asOf: instant(row['as_of']),
      document: row['document'],
      itemCount: row['item_count'],
      registersKwh: decimal(row['register_e4'], 4),
      ladderKwh: decimal(row['ladder_e4'], 4),
      estimatesKwh: decimal(row['estimate_e4'], 4),
      prepaid: decimal(row['prepaid_fen'], 2),
      arrears: decimal(row['arrear_fen'], 2),
    })),
    openingItems: list('opening_item', (row) => ({
      batch: row['batch'],
      account: code('account', row['account_id']),
      kind: row['kind'],
      meter: code('meter', row['meter_id']),
      month: row['month'],
      bill: row['bill'],
      fromDay: row['from_day'],
      toDay: row['to_day'],
      energyKwh: decimal(row['energy_e4'], 4),
      tou1Kwh: decimal(row['tou1_e4'], 4),
      tou2Kwh: decimal(row['tou2_e4'], 4),
      tou3Kwh: decimal(row['tou3_e4'], 4),
      tou4Kwh: decimal(row['tou4_e4'], 4),
      ladderMonths: row['ladder_months'],
      demandKw: decimal(row['demand_kw_e4'], 4),
      amount: decimal(row['amount_fen'], 2),
      dueDate: row['due_date'],
    })),
    fieldEvents: list('field_event', (row) => ({
      meter: code('meter', row['meter_id']),
      at: instant(row['occurred_at']),
      event: row['event'],
      person: row['person'],
      sealsFound: someOf(row['seals_found']),
      sealsPlaced: someOf(row['seals_placed']),
      document: row['document'],
      detail: row['detail'],
    })),
  }
  return document as unknown as RegistryDocument
}

/** Tables whose rows others name by a surrogate. */
const ids = {
  organisation: 'organisation_id',
  grid_cell: 'grid_cell_id',
  transformer_area: 'transformer_area_id',
  line: 'line_id',
  meter: 'meter_id',
  usage_point: 'usage_point_id',
  customer: 'customer_id',
  account: 'account_id',
  crew: 'crew_id',
} as const satisfies Partial<Readonly<Record<RegistryTableName, string>>>

function lastRevisions(table: RegistryTableName, rows: readonly Row[], at: Instant | null): readonly Row[] {
  if (rows[0]?.['revision'] === undefined) return rows
  const objects = groupBy(rows, (row) => registryTables[table].object.map((column) => plainText(row[column])).join(' '))
  return [...objects.values()].flatMap((group) => {
    const last = Math.max(...group.map((row) => Number(row['revision'] ?? 0)))
    return group
      .filter((row) => Number(row['revision'] ?? 0) === last && covers(row, at))
      .sort((a, b) => Number(a['effective_from'] ?? 0) - Number(b['effective_from'] ?? 0))
  })
}

function covers({ effective_from: from, effective_to: to }: Row, at: Instant | null): boolean {
  // What says that all was withdrawn is no statement about any time.
  if (to === beforeEverything.to) return false
  if (at === null || from === undefined) return true
  return Number(from) <= at && (to === null || at < Number(to))
}

function instant(value: unknown): string | undefined {
  return typeof value === 'number' ? new Date(value).toISOString() : undefined
}

function decimal(value: unknown, scale: 2 | 4 | 6): string | undefined {
  if (value === null) return undefined
  return formatScaled(BigInt(value as number | bigint), scale)
}

/** Absent where there is none. */
function someOf(list: unknown): unknown {
  return Array.isArray(list) && list.length === 0 ? undefined : list
}

function withoutAbsent(entry: object): object {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== undefined))
}
