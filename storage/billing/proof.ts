import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { ProofMemberRow } from './proof-relations.js'

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
  readonly effective_date: LocalDate | null
  readonly ledger_numbers: readonly number[] | null
  readonly amounts_fen: readonly bigint[] | null
}

/** Issued bills that carry this number (one per organisation and year) or belong to this account, newest first. */
export async function findProofBills(
  client: Queryable,
  wanted: { readonly billNumber: bigint } | { readonly accountCode: string },
): Promise<readonly ProofBillRow[]> {
  const [billNumber, accountCode] = 'billNumber' in wanted ? [wanted.billNumber, null] : [null, wanted.accountCode]
  return client.query<ProofBillRow>(
    `select b.*, a.code as account_code, o.code as organisation_code, o.time_zone, i.first_number + b.ordinal as bill_number,
            r.set_id, r.run_id, r.period_start as run_period_start, r.period_end as run_period_end, d.recorded_at as frozen_at, m.sha256 as manifest_sha256, v.document as tariff_document, v.sha256 as tariff_sha256,
            e.effective_date, e.ledger_numbers, e.amounts_fen
       from bill b
       join account a using (account_id)
       join segment_issue i using (segment_id)
       join run_segment s using (segment_id)
       join billing_run r using (run_id)
       join determinant_set d on d.set_id = r.set_id
       join organisation o on o.organisation_id = r.organisation_id
       join run_manifest m using (run_id)
       join tariff_version v on (v.tariff_code, v.version) = (b.tariff_code, b.tariff_version)
       left join journal_entry e on (e.segment_id, e.ordinal) = (b.segment_id, b.ordinal)
      where ($1::bigint is null or i.first_number + b.ordinal = $1) and ($2::text is null or a.code = $2)
      order by b.period_start desc, o.code`,
    [billNumber, accountCode],
  )
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

export async function findProofDeterminant(
  client: Queryable,
  setId: bigint,
  accountId: bigint,
): Promise<ProofDeterminantRow | null> {
  const [row] = await client.query<ProofDeterminantRow>(
    `select usage_point_id, account_id, period_start, period_end, settlement_kind, ladder_from, energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4,
            meter_ids, multipliers, start_reads, end_reads
       from determinant where set_id = $1 and account_id = $2`,
    [setId, accountId],
  )
  return row ?? null
}

export interface ProofMeterRow {
  readonly code: string
  readonly protocol: string
  readonly communication_address: string
  readonly model: string
  readonly register_digits: number
}

export async function findProofMeter(client: Queryable, meterId: bigint): Promise<ProofMeterRow | null> {
  const [row] = await client.query<ProofMeterRow>(
    'select code, protocol, communication_address, model, register_digits from meter where meter_id = $1',
    [meterId],
  )
  return row ?? null
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

/**
 * As it was decided when the determinants were frozen; what was decided since is another bill's. The claim behind a decision is the one that says the same; of several, the one whose frame came first. `response` is the slice of
 * the frame that decodes to the claim: an upload's frame speaks of other customers' meters, too.
 */
export async function findProofReading(
  client: Queryable,
  meterId: bigint,
  quantity: number,
  readAt: Instant,
  frozenAt: Instant,
): Promise<ProofReadingRow | null> {
  const [row] = await client.query<ProofReadingRow>(
    `select v.verdict, v.rules, v.reason, v.source, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4,
            l.code as line_code, f.line_sequence, f.received_at, f.protocol, f.request,
            case when c.frame_offset is null then f.response else substring(f.response from c.frame_offset + 1 for c.frame_length) end as response,
            coalesce(n.document, d.document) as document, coalesce(n.actor_id, d.noted_by) as noted_by
       from (select * from validation_decision
              where meter_id = $1 and quantity = $2 and read_at = $3 and recorded_at <= $4 order by revision desc limit 1) v
       left join lateral (
         select line_id, line_sequence, frame_received_at, frame_offset, frame_length from reading_claims c
          where (c.meter_id, c.quantity, c.read_at) = (v.meter_id, v.quantity, v.read_at) and c.frame_received_at is not null
            and (c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4)
                is not distinct from (v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4)
          order by c.frame_received_at, c.line_id, c.line_sequence limit 1) c on true
       left join frame f on f.line_id = c.line_id and f.line_sequence = c.line_sequence and f.received_at = c.frame_received_at
       left join line l on l.line_id = f.line_id
       left join lateral (
         select r.document, r.actor_id from manual_reading r
          where (r.meter_id, r.quantity, r.read_at, r.source) = (v.meter_id, v.quantity, v.read_at, v.source) and r.recorded_at <= $4
             and (r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4)
               is not distinct from (v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4)
          order by r.revision desc limit 1) n on true
       left join lateral (
         select h.evidence as document,
                concat_ws(' + ', h.actor_id, (select string_agg(a.approver, ' + ' order by a.approved_at) from exception_decision_approval a
                                               where a.decision_id = h.decision_id)) as noted_by
           from exception x
           join exception_effect e on e.exception_key = x.exception_key and e.outcome = 'applied'
           join exception_decision h on h.decision_id = e.decision_id and h.action = 'correct'
           join exception_decision_item i on (i.decision_id, i.exception_key) = (e.decision_id, e.exception_key)
          where v.source = 7 and (x.meter_id, x.quantity, x.read_at) = (v.meter_id, v.quantity, v.read_at)
            and (i.total_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4)
                is not distinct from (v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4)
          order by e.recorded_at desc limit 1) d on true`,
    [meterId, quantity, toTimestamptz(readAt), toTimestamptz(frozenAt)],
  )
  return row ?? null
}
