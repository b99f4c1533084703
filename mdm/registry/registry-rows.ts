import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { RegistryRows } from '../../storage/registry/tables.js'
import { idsOf } from './surrogate-ids.js'

export interface Stamp {
  readonly actor: string
  readonly recordedAt: Instant
}

/**
 * The rows a checked document comes to. Codes known from `existing` keep their ids, others get the next ones in file order,
 * so that the same file gives the same ids.
 */
export function toRegistryRows(document: RegistryDocument, existing: RegistryRows, stamp: Stamp): RegistryRows {
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
  const crew = idsOf(crews, existing.crew, 'crew_id')
  const outage = idsOf(plannedOutages, existing.planned_outage, 'planned_outage_id')
  return {
    actor: document.actors.map((entry) => ({
      actor_id: entry.actor,
      display_name: entry.displayName,
      kind: entry.kind,
      recorded_at: stamp.recordedAt,
    })),
    organisation: document.organisations.map((entry) => ({
      organisation_id: organisation(entry.code),
      code: entry.code,
      parent_id: entry.parent === undefined ? null : organisation(entry.parent),
      name: entry.name,
      level: entry.level,
      time_zone: entry.timeZone,
      currency: entry.currency,
      minor_digits: entry.minorDigits,
    })),
    grid_cell: document.gridCells.map((entry) => ({
      grid_cell_id: gridCell(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
      manager: entry.manager,
      deputy: entry.deputy ?? null,
    })),
    transformer_area: document.transformerAreas.map((entry) => ({
      transformer_area_id: area(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
    })),
    line: document.lines.map((entry) => ({
      line_id: line(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      kind: entry.kind,
      settings: entry.settings,
    })),
    meter: document.meters.map((entry) => ({
      meter_id: meter(entry.code),
      code: entry.code,
      protocol: entry.protocol,
      communication_address: entry.communicationAddress,
      model: entry.model,
      register_digits: entry.registerDigits,
      register_decimals: entry.registerDecimals,
    })),
    usage_point: document.usagePoints.map((entry) => ({
      usage_point_id: usagePoint(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      transformer_area_id: area(entry.transformerArea),
      grid_cell_id: gridCell(entry.gridCell),
      supply_address: entry.supplyAddress,
    })),
    customer: document.customers.map((entry) => ({
      customer_id: customer(entry.code),
      code: entry.code,
      name: entry.name,
      kind: entry.kind,
      key_account: entry.keyAccount,
    })),
    account: document.accounts.map((entry) => ({
      account_id: account(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      customer_id: customer(entry.customer),
    })),
    installation_timeline: document.installations.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      meter_id: meter(entry.meter),
      line_id: line(entry.line),
    })),
    multiplier_timeline: document.multipliers.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      ct_ratio: entry.ctRatio,
      pt_ratio: entry.ptRatio,
    })),
    agreement_timeline: document.agreements.map((entry) => ({
      ...first,
      ...effective(entry),
      account_id: account(entry.account),
      usage_point_id: usagePoint(entry.usagePoint),
      tariff_code: entry.tariff,
      ladder_from: entry.ladderFrom,
      usage_class: entry.usageClass ?? null,
      contract_capacity_kva: entry.contractCapacityKva ?? null,
    })),
    contact_timeline: document.contacts.map((entry) => ({
      ...first,
      ...effective(entry),
      account_id: account(entry.account),
      channel: entry.channel,
      address: entry.address,
      purpose: 'contract',
      consent_evidence: entry.consentEvidence,
      verified: entry.verified,
    })),
    opening_state: document.openings.map((entry) => ({
      ...recorded,
      account_id: account(entry.account),
      as_of: Date.parse(entry.asOf),
      ladder_energy_e4: scaled(entry.ladderEnergyKwh, 4),
      document: entry.document,
    })),
    crew: crews.map((entry) => ({
      crew_id: crew(entry.code),
      organisation_id: organisation(entry.organisation),
      code: entry.code,
      name: entry.name,
    })),
    crew_area_timeline: crewAreas.map((entry) => ({
      ...first,
      ...effective(entry),
      transformer_area_id: area(entry.transformerArea),
      crew_id: crew(entry.crew),
    })),
    planned_outage: plannedOutages.map((entry) => ({
      ...recorded,
      planned_outage_id: outage(entry.code),
      code: entry.code,
      transformer_area_id: entry.transformerArea === undefined ? null : area(entry.transformerArea),
      line_id: entry.line === undefined ? null : line(entry.line),
      starts_at: Date.parse(entry.from),
      ends_at: Date.parse(entry.to),
      document: entry.document,
    })),
    suspension_timeline: suspensions.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      document: entry.document,
    })),
    reading_day_timeline: readingDays.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      reading_day: entry.readingDay,
    })),
    relation_timeline: relations.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      parent_id: usagePoint(entry.parent),
      kind: entry.kind,
      share_e6: entry.kind === 'share' ? Number(scaled(entry.share, 6)) : null,
      quantity_e4: entry.kind === 'quantity' ? scaled(entry.quantityKwh, 4) : null,
    })),
    area_supply_timeline: areaSupplies.map((entry) => ({
      ...first,
      ...effective(entry),
      transformer_area_id: area(entry.transformerArea),
      usage_point_id: usagePoint(entry.usagePoint),
    })),
    flow_timeline: flows.map((entry) => ({
      ...first,
      ...effective(entry),
      usage_point_id: usagePoint(entry.usagePoint),
      direction: entry.direction,
    })),
    transformer_timeline: transformers.map((entry) => ({
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
    meter_verification: verifications.map((entry) => ({
      ...recorded,
      meter_id: meter(entry.meter),
      verified_on: entry.verifiedOn,
      valid_until: entry.validUntil,
      certificate: entry.certificate,
    })),
    crew_member_timeline: crewMembers.map((entry) => ({
      ...first,
      ...effective(entry),
      crew_id: crew(entry.crew),
      person: entry.person,
    })),
  }
}

function scaled(text: string, scale: 4 | 6): bigint {
  return present(parseScaled(text, scale), `a checked decimal, not ${text}`)
}

function effective(entry: { readonly from: string; readonly to?: string }) {
  return { effective_from: Date.parse(entry.from), effective_to: entry.to === undefined ? null : Date.parse(entry.to) }
}
