import type { Instant, LocalDate } from '../../domain/time.js'

/** The readings of one account in a freeze. */
export interface ProofMemberRow {
  readonly usage_point_id: bigint
  readonly account_id: bigint
  readonly period_start: Instant
  readonly period_end: Instant
  readonly meter_ids: readonly bigint[]
  readonly multipliers: readonly number[]
  readonly start_reads: readonly Instant[]
  readonly end_reads: readonly Instant[]
}

/** A bill with everything that was written about it at issue; read under the role reader. */
export interface ProofBillRow {
  readonly segment_id: bigint
  readonly ordinal: number
  readonly account_id: bigint
  readonly account_code: string
  readonly organisation_code: string
  readonly time_zone: string
  readonly bill_number: bigint
  readonly set_id: bigint
  readonly run_id: string
  /** Of the freeze whose determinants were billed. */
  readonly frozen_at: Instant
  readonly run_period_start: Instant
  readonly run_period_end: Instant
  readonly manifest_sha256: Buffer
  readonly period_start: Instant
  readonly period_end: Instant
  readonly energy_e4: bigint
  readonly amount_fen: bigint
  readonly ladder_energy_e4: bigint
  readonly estimated: boolean
  readonly line_component: readonly number[]
  readonly line_slot: readonly number[]
  readonly line_block: readonly number[]
  readonly line_quantity_e4: readonly bigint[]
  readonly line_price_e8: readonly bigint[]
  readonly line_fen: readonly bigint[]
  readonly lines_sha256: Buffer
  readonly tariff_code: string
  readonly tariff_version: number
  readonly tariff_document: unknown
  readonly tariff_sha256: Buffer
  /** Days that the manifest of the run sets. */
  readonly accounting_date: LocalDate
  readonly due_date: LocalDate
  /** Codes of accounts, null for one that is unknown; all of it null where there is no entry, or no receivable. */
  readonly entry_account: string | null
  readonly document_kind: string | null
  readonly owed_by: string | null
  readonly owed_fen: bigint | null
  readonly owed_on: LocalDate | null
  readonly effective_date: LocalDate | null
  readonly ledger_numbers: readonly number[] | null
  readonly amounts_fen: readonly bigint[] | null
}

export interface ProofDeterminantRow extends ProofMemberRow {
  readonly settlement_kind: 'regular' | 'transfer'
  readonly ladder_from: LocalDate
  readonly energy_e4: bigint
  readonly tou1_e4: bigint
  readonly tou2_e4: bigint
  readonly tou3_e4: bigint
  readonly tou4_e4: bigint
}

export interface ProofMeterRow {
  readonly code: string
  readonly protocol: string
  readonly communication_address: string
  readonly model: string
  readonly register_digits: number
}

/** The decided registers of one instant, with the frame they came in, or the document in which a person noted or corrected them. */
export interface ProofReadingRow {
  readonly verdict: string
  readonly rules: readonly string[]
  readonly reason: string
  readonly source: number | null
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly line_code: string | null
  readonly line_sequence: bigint | null
  readonly received_at: Instant | null
  readonly protocol: string | null
  readonly request: Buffer | null
  readonly response: Buffer | null
  readonly document: string | null
  readonly noted_by: string | null
}

/** An item of the old books with the code of its meter. */
export interface ProofOpeningRow {
  readonly batch: string
  readonly kind: 'register' | 'ladder' | 'demand' | 'estimate' | 'prepaid' | 'arrear'
  readonly meter_id: bigint | null
  readonly meter: string | null
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

export interface ProofOpeningBatchRow {
  readonly batch: string
  readonly document: string
  readonly sha256: string
  readonly author: string
  readonly approvers: readonly string[]
}

/** An interval day in the revision that a freeze named. Energies and registers kWh e4 before the multiplier. */
export interface ProofDayRow {
  /** Why the days of the account stand in for its registers. */
  readonly instead_of: string | null
  readonly meter_id: bigint
  readonly meter: string
  readonly multiplier: number
  readonly day_start: Instant
  readonly day_end: Instant
  readonly revision: number
  readonly service_date: LocalDate
  readonly slot_minutes: number
  /** Little-endian int32 a slot. */
  readonly values_e4: Buffer
  /** A byte a slot. */
  readonly qualities: Buffer
  readonly start_e4: bigint | null
  readonly end_e4: bigint | null
  readonly difference_e4: bigint | null
  readonly verdict: 'complete' | 'filled'
  readonly rules: readonly string[]
  readonly reason: string
  readonly fills: readonly ProofFill[] | null
  readonly content_digest: Buffer
}

export interface ProofFill {
  readonly slot: number
  readonly slots: number
  readonly energyE4: string
  readonly method: string
  readonly basisDays: number
  readonly halfWidthE4: string
}

/** A message that brought points of a day. */
export interface DayFrameRow {
  /** Index into the days that were asked for. */
  readonly day: number
  readonly line: string
  readonly line_sequence: bigint
  readonly received_at: Instant
  readonly protocol: string
  /** SHA-256 of the whole response. */
  readonly sha256: Buffer
  readonly points: number
}

/** What a settlement event left, kW e4 before the multiplier, with the frame that said so. */
export interface ProofDemandRow {
  readonly meter_id: bigint
  readonly settled_at: Instant
  readonly total_e4: bigint
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
  readonly total_at: Instant | null
  readonly line_code: string | null
  readonly line_sequence: bigint | null
  readonly received_at: Instant | null
  readonly protocol: string | null
  readonly request: Buffer | null
  readonly response: Buffer | null
}

/** A meter's settlements in (after, to]. */
export interface AskedDemands {
  readonly meterId: bigint
  readonly quantity: number
  readonly after: Instant
  readonly to: Instant
}

/** A usage point behind a transformer, with what its one account used in a freeze; the plate is the same for all of them. Scales as in the registry. */
export interface ProofBehindRow {
  readonly point: string
  readonly is_own: boolean
  readonly transformer_code: string
  readonly rated_kva: number
  readonly no_load_loss_kw_e4: bigint
  readonly load_loss_kw_e4: bigint
  readonly no_load_current_e4: bigint | null
  readonly impedance_e4: bigint | null
  /** kWh and kvarh e4: what is billed, and what went through its meter. */
  readonly borne_e4: bigint
  readonly active_e4: bigint
  readonly reactive_e4: bigint
}
