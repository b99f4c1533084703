import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { Row } from '../../storage/insert-rows.js'
import type { RegistryRows, RegistryTableName } from '../../storage/registry/tables.js'
import { groupBy } from '../../domain/group-by.js'
import { fieldEventColumns } from './field-event-columns.js'
import { openingDigest, openingItemColumns } from './opening-items.js'
import { idsOf } from './surrogate-ids.js'

export interface Stamp {
  readonly actor: string
  readonly recordedAt: Instant
}

/** The rows of each table, made while somebody goes through them: a million at once would not fit. */
export type RowSources = Readonly<Record<RegistryTableName, Iterable<Row>>>

/**
 * The rows a checked document comes to, in the order of its lists. Codes known from `existing` keep their ids, others get the next ones in file order,
 * so that the same file gives the same ids.
 */
export function toRegistryRows(document: RegistryDocument, existing: RegistryRows, stamp: Stamp): RowSources {
  const recorded = { recorded_at: stamp.recordedAt, actor_id: stamp.actor }
  const first = { ...recorded, revision: 1, reason: 'registry import' }
  const organisation = idsOf(document.organisations, existing.organisation, 'organisation_id')
  const gridCell = idsOf(document.gridCells, existing.grid_cell, 'grid_cell_id')
  const area = idsOf(document.transformerAreas, existing.transformer_area, 'transformer_area_id')
  const line = idsOf(document.lines, existing.line, 'line_id')
  const meter = idsOf(document.meters, existing.meter, 'meter_id')
  const usagePoint = idsOf(document.usagePoints, existing.usage_point, 'usage_point_id')
  const customer = idsOf(document.customers, existing.customer, 'customer_id')
  const account = idsOf(document.accounts, existing.account, 'account_id')
  const { crews = [], crewAreas = [], plannedOutages = [], suspensions = [], readingDays = [] } = document
  const { relations = [], areaSupplies = [], flows = [], transformers = [] } = document
  const { verifications = [], crewMembers = [] } = document
  const { openingBatches = [], openingItems = [], fieldEvents = [] } = document
  const itemsOf = groupBy(openingItems, ({ batch }) => batch)
  const crew = idsOf(crews, existing.crew, 'crew_id')
  const outage = idsOf(plannedOutages, existing.planned_outage, 'planned_outage_id')
  return {
    actor: each(document.actors, (entry) => ({
      actor_id: entry.actor,
      display_name: entry.displayName,
      kind: entry.kind,
      recorded_at: stamp.recordedAt,
    })),
    organisation: each(document.organisations, (entry) => ({
      organisation_id: organisation(entry.code),
      code: entry.code,
      parent_id: entry.parent === undefined ? null : organisation(entry.parent),
      name: entry.name,
      level: entry.level,
      time_zone: entry.timeZone,
      currency: entry.currency,
      minor_digits: entry.minorDigits,
    })),
    grid_cell: each(document.gridCells, (entry) => ({
      grid_cell_id: gridCell(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
      manager: entry.manager,
      deputy: entry.deputy ?? null,
    })),
    transformer_area: each(document.transformerAreas, (entry) => ({
      transformer_area_id: area(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
    })),
    line: each(document.lines, (entry) => ({
      line_id: line(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      kind: entry.kind,
      settings: entry.settings,
    })),
    meter: each(document.meters, (entry) => ({
      meter_id: meter(entry.code),
      code: entry.code,
      protocol: entry.protocol,
      communication_address: entry.communicationAddress,
      model: entry.model,
      register_digits: entry.registerDigits,
      register_decimals: entry.registerDecimals,
    })),
    usage_point: each(document.usagePoints, (entry) => ({
      usage_point_id: usagePoint(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      transformer_area_id: area(entry.transformerArea),
      grid_cell_id: gridCell(entry.gridCell),
      supply_address: entry.supplyAddress,
    })),
    customer: each(document.customers, (entry) => ({
      customer_id: customer(entry.code),
      code: entry.code,
      name: entry.name,
      kind: entry.kind,
      key_account: entry.keyAccount,
    })),
    account: each(document.accounts, (entry) => ({
      account_id: account(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      customer_id: customer(entry.customer),
    })),
    installation_timeline: each(document.installations, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      meter_id: meter(entry.meter),
      line_id: line(entry.line),
    })),
    multiplier_timeline: each(document.multipliers, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      ct_ratio: entry.ctRatio,
      pt_ratio: entry.ptRatio,
    })),
    agreement_timeline: each(document.agreements, (entry) => ({
      ...first,
      ...effective(entry),
      account_id: account(entry.account),
      usage_point_id: usagePoint(entry.usagePoint),
      tariff_code: entry.tariff,
      ladder_from: entry.ladderFrom,
      usage_class: entry.usageClass ?? null,
      contract_capacity_kva: entry.contractCapacityKva ?? null,
    })),
    contact_timeline: each(document.contacts, (entry) => ({
      ...first,
      ...effective(entry),
      account_id: account(entry.account),
      channel: entry.channel,
      address: entry.address,
      purpose: 'contract',
      consent_evidence: entry.consentEvidence,
      verified: entry.verified,
    })),
    crew: each(crews, (entry) => ({
      crew_id: crew(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
    })),
    crew_area_timeline: each(crewAreas, (entry) => ({
      ...first,
      ...effective(entry),
      transformer_area_id: area(entry.transformerArea),
      crew_id: crew(entry.crew),
    })),
    planned_outage: each(plannedOutages, (entry) => ({
      ...recorded,
      planned_outage_id: outage(entry.code),
      code: entry.code,
      transformer_area_id: entry.transformerArea === undefined ? null : area(entry.transformerArea),
      line_id: entry.line === undefined ? null : line(entry.line),
      starts_at: Date.parse(entry.from),
      ends_at: Date.parse(entry.to),
      document: entry.document,
    })),
    suspension_timeline: each(suspensions, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      document: entry.document,
    })),
    reading_day_timeline: each(readingDays, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      reading_day: entry.readingDay,
    })),
    relation_timeline: each(relations, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      parent_id: usagePoint(entry.parent),
      kind: entry.kind,
      share_e6: entry.kind === 'share' ? Number(scaled(entry.share, 6)) : null,
      quantity_e4: entry.kind === 'quantity' ? scaled(entry.quantityKwh, 4) : null,
    })),
    area_supply_timeline: each(areaSupplies, (entry) => ({
      ...first,
      ...effective(entry),
      transformer_area_id: area(entry.transformerArea),
      usage_point_id: usagePoint(entry.usagePoint),
    })),
    flow_timeline: each(flows, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      direction: entry.direction,
    })),
    transformer_timeline: each(transformers, (entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      transformer_code: entry.transformer,
      rated_kva: entry.ratedKva,
      no_load_loss_kw_e4: scaled(entry.noLoadLossKw, 4),
      load_loss_kw_e4: scaled(entry.loadLossKw, 4),
      no_load_current_e4: entry.noLoadCurrentPercent === undefined ? null : scaled(entry.noLoadCurrentPercent, 4),
      impedance_e4: entry.impedancePercent === undefined ? null : scaled(entry.impedancePercent, 4),
      metering_side: entry.meteringSide,
    })),
    meter_verification: each(verifications, (entry) => ({
      ...recorded,
      meter_id: meter(entry.meter),
      verified_on: entry.verifiedOn,
      valid_until: entry.validUntil,
      certificate: entry.certificate,
    })),
    crew_member_timeline: each(crewMembers, (entry) => ({
      ...first,
      ...effective(entry),
      crew_id: crew(entry.crew),
      person: entry.person,
    })),
    opening_batch: each(openingBatches, (entry) => ({
      code: entry.code,
      as_of: Date.parse(entry.asOf),
      document: entry.document,
      item_count: entry.itemCount,
      register_e4: scaled(entry.registersKwh, 4),
      ladder_e4: scaled(entry.ladderKwh, 4),
      estimate_e4: scaled(entry.estimatesKwh, 4),
      prepaid_fen: scaled(entry.prepaid, 2),
      arrear_fen: scaled(entry.arrears, 2),
      sha256: openingDigest(entry, itemsOf.get(entry.code) ?? []),
      author: stamp.actor,
      recorded_at: stamp.recordedAt,
    })),
    opening_item: each(openingItems, (entry) => ({
      ...recorded,
      ...openingItemColumns(entry),
      account_id: account(entry.account),
      meter_id: 'meter' in entry ? meter(entry.meter) : null,
    })),
    field_event: each(fieldEvents, (entry) => ({
      ...recorded,
      ...fieldEventColumns(entry),
      meter_id: meter(entry.meter),
    })),
  }
}

function each<E>(entries: readonly E[], toRow: (entry: E) => Row): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const entry of entries) yield toRow(entry)
    },
  }
}

function scaled(text: string, scale: 2 | 4 | 6): bigint {
  return present(parseScaled(text, scale), `a checked decimal, not ${text}`)
}

function effective(entry: { readonly from: string; readonly to?: string }) {
  return { effective_from: Date.parse(entry.from), effective_to: entry.to === undefined ? null : Date.parse(entry.to) }
}
