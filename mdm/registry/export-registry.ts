import { groupBy } from '../../domain/group-by.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import type { LineEntry } from '../../domain/line-entries.js'
import { present, unreachable } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything } from '../../domain/timeline.js'
import type { RelationTerms } from '../../domain/usage-point-entries.js'
import type { Queryable } from '../../storage/database.js'
import { begunBy } from './begun-objects.js'
import { plainText } from './document-lists.js'
import type { Row } from '../../storage/insert-rows.js'
import { openingItem } from './opening-item-of-row.js'
import { type Stated, stated } from './stated.js'
import type { RegistryContent } from '../../storage/registry/content-rows.js'
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
    Object.entries(ids).map(([table, column]) => {
      const named: readonly Row[] = rows[table as RegistryTableName]
      return [table, new Map<unknown, string>(named.map((row) => [row[column], plainText(row['code'])]))]
    }),
  )
  const code = (table: keyof typeof ids, id: bigint): string => present(codes[table]?.get(id), `${table} ${id}`)
  const codeIf = (table: keyof typeof ids, id: bigint | null) => (id === null ? null : code(table, id))
  const point = (row: { readonly usage_point_id: bigint }) => code('usage_point', row.usage_point_id)
  const list = <T extends RegistryTableName, E extends object>(
    table: T,
    toEntry: (row: RegistryContent[T]) => E,
  ): readonly Stated<E>[] =>
    lastRevisions<RegistryContent[T]>(table, rows[table], at).map((row) => stated(toEntry(row)))
  return {
    actors: list('actor', (row) => ({ actor: row.actor_id, displayName: row.display_name, kind: row.kind })),
    organisations: list('organisation', (row) => ({
      code: row.code,
      parent: codeIf('organisation', row.parent_id),
      name: row.name,
      level: row.level,
      timeZone: row.time_zone,
      currency: row.currency,
      minorDigits: row.minor_digits,
    })),
    gridCells: list('grid_cell', (row) => ({
      code: row.code,
      organisation: code('organisation', row.organisation_id),
      name: row.name,
      manager: row.manager,
      deputy: row.deputy,
    })),
    transformerAreas: list('transformer_area', (row) => ({
      code: row.code,
      organisation: code('organisation', row.organisation_id),
      name: row.name,
    })),
    lines: rows.line.map((row): LineEntry => {
      const { line_id: _, organisation_id: organisation, ...line } = row
      return { ...line, organisation: code('organisation', organisation) }
    }),
    meters: list('meter', (row) => ({
      code: row.code,
      protocol: row.protocol,
      communicationAddress: row.communication_address,
      model: row.model,
      registerDigits: row.register_digits,
      registerDecimals: row.register_decimals,
    })),
    usagePoints: list('usage_point', (row) => ({
      code: row.code,
      organisation: code('organisation', row.organisation_id),
      transformerArea: code('transformer_area', row.transformer_area_id),
      gridCell: code('grid_cell', row.grid_cell_id),
      supplyAddress: row.supply_address,
    })),
    customers: list('customer', (row) => ({
      code: row.code,
      name: row.name,
      kind: row.kind,
      keyAccount: row.key_account,
    })),
    accounts: list('account', (row) => ({
      code: row.code,
      organisation: code('organisation', row.organisation_id),
      customer: code('customer', row.customer_id),
    })),
    installations: list('installation_timeline', (row) => ({
      usagePoint: point(row),
      meter: code('meter', row.meter_id),
      line: code('line', row.line_id),
      ...span(row),
    })),
    multipliers: list('multiplier_timeline', (row) => ({
      usagePoint: point(row),
      ctRatio: row.ct_ratio,
      ptRatio: row.pt_ratio,
      ...span(row),
    })),
    agreements: list('agreement_timeline', (row) => ({
      account: code('account', row.account_id),
      usagePoint: point(row),
      tariff: row.tariff_code,
      ladderFrom: row.ladder_from,
      usageClass: row.usage_class,
      contractCapacityKva: row.contract_capacity_kva,
      ...span(row),
    })),
    contacts: list('contact_timeline', (row) => ({
      account: code('account', row.account_id),
      channel: row.channel,
      address: row.address,
      consentEvidence: row.consent_evidence,
      verified: row.verified,
      ...span(row),
    })),
    crews: list('crew', (row) => ({
      code: row.code,
      organisation: code('organisation', row.organisation_id),
      name: row.name,
    })),
    crewAreas: list('crew_area_timeline', (row) => ({
      transformerArea: code('transformer_area', row.transformer_area_id),
      crew: code('crew', row.crew_id),
      ...span(row),
    })),
    plannedOutages: list('planned_outage', (row) => ({
      code: row.code,
      transformerArea: codeIf('transformer_area', row.transformer_area_id),
      line: codeIf('line', row.line_id),
      from: instant(row.starts_at),
      to: instant(row.ends_at),
      document: row.document,
    })),
    suspensions: list('suspension_timeline', (row) => ({
      usagePoint: point(row),
      document: row.document,
      ...span(row),
    })),
    readingDays: list('reading_day_timeline', (row) => ({
      usagePoint: point(row),
      readingDay: row.reading_day,
      ...span(row),
    })),
    relations: list('relation_timeline', (row) => ({
      usagePoint: point(row),
      ...relationTerms(row, code('usage_point', row.parent_id)),
      ...span(row),
    })),
    areaSupplies: list('area_supply_timeline', (row) => ({
      transformerArea: code('transformer_area', row.transformer_area_id),
      usagePoint: point(row),
      ...span(row),
    })),
    flows: list('flow_timeline', (row) => ({ usagePoint: point(row), direction: row.direction, ...span(row) })),
    transformers: list('transformer_timeline', (row) => ({
      usagePoint: point(row),
      transformer: row.transformer_code,
      ratedKva: row.rated_kva,
      noLoadLossKw: decimal(row.no_load_loss_kw_e4, 4),
      loadLossKw: decimal(row.load_loss_kw_e4, 4),
      noLoadCurrentPercent: decimalIf(row.no_load_current_e4, 4),
      impedancePercent: decimalIf(row.impedance_e4, 4),
      meteringSide: row.metering_side,
      ...span(row),
    })),
    verifications: list('meter_verification', (row) => ({
      meter: code('meter', row.meter_id),
      verifiedOn: row.verified_on,
      validUntil: row.valid_until,
      certificate: row.certificate,
    })),
    crewMembers: list('crew_member_timeline', (row) => ({
      crew: code('crew', row.crew_id),
      person: row.person,
      ...span(row),
    })),
    openingBatches: list('opening_batch', (row) => ({
      code: row.code,
      asOf: instant(row.as_of),
      document: row.document,
      itemCount: row.item_count,
      registersKwh: decimal(row.register_e4, 4),
      ladderKwh: decimal(row.ladder_e4, 4),
      estimatesKwh: decimal(row.estimate_e4, 4),
      prepaid: decimal(row.prepaid_fen, 2),
      arrears: decimal(row.arrear_fen, 2),
    })),
    openingItems: rows.opening_item.map((row) =>
      openingItem(row, code('account', row.account_id), codeIf('meter', row.meter_id)),
    ),
    fieldEvents: list('field_event', (row) => ({
      meter: code('meter', row.meter_id),
      at: instant(row.occurred_at),
      event: row.event,
      person: row.person,
      sealsFound: someOf(row.seals_found),
      sealsPlaced: someOf(row.seals_placed),
      document: row.document,
      detail: row.detail,
    })),
  }
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

function lastRevisions<R extends Row>(table: RegistryTableName, rows: readonly R[], at: Instant | null): readonly R[] {
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

function span({
  effective_from: from,
  effective_to: to,
}: {
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}) {
  return { from: instant(from), to: to === null ? null : instant(to) }
}

function relationTerms(row: RegistryContent['relation_timeline'], parent: string): RelationTerms {
  switch (row.kind) {
    case 'share':
      return { parent, kind: row.kind, share: decimal(present(row.share_e6, 'a share'), 6) }
    case 'quantity':
      return { parent, kind: row.kind, quantityKwh: decimal(present(row.quantity_e4, 'a quantity'), 4) }
    case 'main_sub':
    case 'deducted':
      return { parent, kind: row.kind }
    default:
      return unreachable(row.kind)
  }
}

function instant(value: Instant): string {
  return new Date(value).toISOString()
}

function decimal(value: number | bigint, scale: 2 | 4 | 6): string {
  return formatScaled(BigInt(value), scale)
}

function decimalIf(value: bigint | null, scale: 2 | 4): string | null {
  return value === null ? null : decimal(value, scale)
}

/** Absent where there is none. */
function someOf<V>(list: readonly V[]): readonly V[] | null {
  return list.length === 0 ? null : list
}
