import type { AgreementEntry, ContactEntry, CustomerEntry } from '../../domain/customer-entries.js'
import type { FieldEventKind } from '../../domain/field-event.js'
import type { LineEntry } from '../../domain/line-entries.js'
import type { MeterEntry } from '../../domain/meter-entries.js'
import type { OpeningItemEntry } from '../../domain/opening-entries.js'
import type { ActorEntry, OrganisationEntry } from '../../domain/organisation-entries.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { UsageClass } from '../../domain/usage-class.js'
import type { FlowEntry, RelationTerms, TransformerEntry } from '../../domain/usage-point-entries.js'

/** Rows of the registry as their tables' `content` reads them. Scales and units are in the names; ids are our own. */
type Revised<V> = V & {
  readonly revision: number
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

/** A line with the settings of its kind. */
export type LineRow<E extends LineEntry = LineEntry> = E extends LineEntry
  ? Omit<E, 'organisation'> & { readonly line_id: bigint; readonly organisation_id: bigint }
  : never

export type RegistryContent = {
  readonly actor: {
    readonly actor_id: string
    readonly display_name: string
    readonly kind: ActorEntry['kind']
  }
  readonly organisation: {
    readonly organisation_id: bigint
    readonly code: string
    readonly parent_id: bigint | null
    readonly name: string
    readonly level: OrganisationEntry['level']
    readonly time_zone: string
    readonly currency: string
    readonly minor_digits: number
  }
  readonly grid_cell: {
    readonly grid_cell_id: bigint
    readonly organisation_id: bigint
    readonly code: string
    readonly name: string
    readonly manager: string
    readonly deputy: string | null
  }
  readonly transformer_area: {
    readonly transformer_area_id: bigint
    readonly organisation_id: bigint
    readonly code: string
    readonly name: string
  }
  readonly line: LineRow
  readonly meter: {
    readonly meter_id: bigint
    readonly code: string
    readonly protocol: MeterEntry['protocol']
    readonly communication_address: string
    readonly model: string
    readonly register_digits: number
    readonly register_decimals: number
  }
  readonly usage_point: {
    readonly usage_point_id: bigint
    readonly organisation_id: bigint
    readonly code: string
    readonly transformer_area_id: bigint
    readonly grid_cell_id: bigint
    readonly supply_address: string
  }
  readonly customer: {
    readonly customer_id: bigint
    readonly code: string
    readonly name: string
    readonly kind: CustomerEntry['kind']
    readonly key_account: boolean
  }
  readonly account: {
    readonly account_id: bigint
    readonly organisation_id: bigint
    readonly code: string
    readonly customer_id: bigint
  }
  readonly installation_timeline: Revised<{
    readonly usage_point_id: bigint
    readonly meter_id: bigint
    readonly line_id: bigint
  }>
  readonly multiplier_timeline: Revised<{
    readonly usage_point_id: bigint
    readonly ct_ratio: number
    readonly pt_ratio: number
  }>
  readonly agreement_timeline: Revised<{
    readonly account_id: bigint
    readonly usage_point_id: bigint
    readonly tariff_code: string
    readonly ladder_from: AgreementEntry['ladderFrom']
    readonly usage_class: UsageClass | null
    readonly contract_capacity_kva: number | null
  }>
  readonly contact_timeline: Revised<{
    readonly account_id: bigint
    readonly channel: ContactEntry['channel']
    readonly address: string
    readonly purpose: string
    readonly consent_evidence: string
    readonly verified: boolean
  }>
  readonly crew: {
    readonly crew_id: bigint
    readonly organisation_id: bigint
    readonly code: string
    readonly name: string
  }
  readonly crew_area_timeline: Revised<{ readonly transformer_area_id: bigint; readonly crew_id: bigint }>
  readonly planned_outage: {
    readonly planned_outage_id: bigint
    readonly code: string
    readonly transformer_area_id: bigint | null
    readonly line_id: bigint | null
    readonly starts_at: Instant
    readonly ends_at: Instant
    readonly document: string
  }
  readonly suspension_timeline: Revised<{ readonly usage_point_id: bigint; readonly document: string }>
  readonly reading_day_timeline: Revised<{ readonly usage_point_id: bigint; readonly reading_day: number }>
  readonly relation_timeline: Revised<{
    readonly usage_point_id: bigint
    readonly parent_id: bigint
    readonly kind: RelationTerms['kind']
    readonly share_e6: number | null
    readonly quantity_e4: bigint | null
  }>
  readonly area_supply_timeline: Revised<{ readonly transformer_area_id: bigint; readonly usage_point_id: bigint }>
  readonly flow_timeline: Revised<{
    readonly usage_point_id: bigint
    readonly direction: FlowEntry['direction']
  }>
  readonly transformer_timeline: Revised<{
    readonly usage_point_id: bigint
    readonly transformer_code: string
    readonly rated_kva: number
    readonly no_load_loss_kw_e4: bigint
    readonly load_loss_kw_e4: bigint
    readonly no_load_current_e4: bigint | null
    readonly impedance_e4: bigint | null
    readonly metering_side: TransformerEntry['meteringSide']
  }>
  readonly meter_verification: {
    readonly meter_id: bigint
    readonly verified_on: LocalDate
    readonly valid_until: LocalDate
    readonly certificate: string
  }
  readonly crew_member_timeline: Revised<{ readonly crew_id: bigint; readonly person: string }>
  readonly opening_batch: {
    readonly code: string
    readonly as_of: Instant
    readonly document: string
    readonly item_count: number
    readonly register_e4: bigint
    readonly ladder_e4: bigint
    readonly estimate_e4: bigint
    readonly prepaid_fen: bigint
    readonly arrear_fen: bigint
    readonly sha256: string
  }
  readonly opening_item: OpeningItemRow
  readonly field_event: {
    readonly meter_id: bigint
    readonly occurred_at: Instant
    readonly event: FieldEventKind
    readonly person: string
    readonly seals_found: readonly string[]
    readonly seals_placed: readonly string[]
    readonly document: string
    readonly detail: string | null
  }
}

/** Columns that an item's kind has no use for are null. */
export type OpeningItemRow = {
  readonly batch: string
  readonly account_id: bigint
  readonly kind: OpeningItemEntry['kind']
  readonly meter_id: bigint | null
  readonly month: string | null
  readonly bill: string | null
  readonly from_day: LocalDate | null
  readonly to_day: LocalDate | null
  readonly energy_e4: bigint | null
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly ladder_months: number | null
  readonly demand_kw_e4: bigint | null
  readonly amount_fen: bigint | null
  readonly due_date: LocalDate | null
}
