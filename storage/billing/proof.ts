import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type ProofClient, readingKey } from './proof-client.js'
import type { ProofBillRow, ProofDeterminantRow, ProofMeterRow, ProofReadingRow } from './proof-rows.js'

export type { ProofBillRow, ProofDeterminantRow, ProofMeterRow, ProofReadingRow } from './proof-rows.js'

const billsWithAll = `select b.*, a.code as account_code, o.code as organisation_code, o.time_zone, i.first_number + b.ordinal as bill_number,
            r.set_id, r.run_id, r.period_start as run_period_start, r.period_end as run_period_end, d.recorded_at as frozen_at, m.sha256 as manifest_sha256, v.document as tariff_document, v.sha256 as tariff_sha256,
            m.document ->> 'accountingDate' as accounting_date, m.document ->> 'dueDate' as due_date,
            e.effective_date, e.ledger_numbers, e.amounts_fen, e.document_kind, (select code from account where account_id = e.account_id) as entry_account,
            w.amount_fen as owed_fen, w.due_date as owed_on, (select code from account where account_id = w.account_id) as owed_by
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
       left join receivable w on (w.segment_id, w.ordinal) = (b.segment_id, b.ordinal)`

/** Issued bills that carry this number (one per organisation and year) or belong to this account, newest first. */
export async function findProofBills(
  client: Queryable,
  wanted: { readonly billNumber: bigint } | { readonly accountCode: string },
): Promise<readonly ProofBillRow[]> {
  const [billNumber, accountCode] = 'billNumber' in wanted ? [wanted.billNumber, null] : [null, wanted.accountCode]
  return client.query<ProofBillRow>(
    `${billsWithAll}
      where ($1::bigint is null or i.first_number + b.ordinal = $1) and ($2::text is null or a.code = $2)
      order by b.period_start desc, o.code`,
    [billNumber, accountCode],
  )
}

/** Bills of an issued segment, in order of their numbers, from an ordinal on. */
export async function proofBillsOf(
  client: Queryable,
  segmentId: bigint,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly ProofBillRow[]> {
  return client.query<ProofBillRow>(
    `${billsWithAll}
      where b.segment_id = $1 and b.ordinal >= $2 order by b.ordinal limit $3`,
    [segmentId, from, limit],
  )
}

export async function findProofDeterminant(
  client: ProofClient,
  setId: bigint,
  accountId: bigint,
): Promise<ProofDeterminantRow | null> {
  const known = client.ahead?.determinants.get(accountId)
  if (known !== undefined) return known
  const [row] = await findProofDeterminants(client, setId, [accountId])
  return row ?? null
}

export async function findProofDeterminants(
  client: Queryable,
  setId: bigint,
  accountIds: readonly bigint[],
): Promise<readonly ProofDeterminantRow[]> {
  return client.query<ProofDeterminantRow>(
    `select usage_point_id, account_id, period_start, period_end, settlement_kind, ladder_from, energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4,
            meter_ids, multipliers, start_reads, end_reads
       from determinant where set_id = $1 and account_id = any($2::bigint[])`,
    [setId, accountIds],
  )
}

export async function findProofMeter(
  client: ProofClient,
  meterId: bigint,
  frozenAt: Instant,
): Promise<ProofMeterRow | null> {
  const known = client.ahead?.meters.get(meterId)
  if (known !== undefined) return known
  const [row] = await findProofMeters(client, [meterId], frozenAt)
  return row ?? null
}

/** As they were described when the determinants were frozen. */
export async function findProofMeters(
  client: Queryable,
  meterIds: readonly bigint[],
  frozenAt: Instant,
): Promise<readonly (ProofMeterRow & { readonly meter_id: bigint })[]> {
  return client.query<ProofMeterRow & { readonly meter_id: bigint }>(
    `select meter_id, code, protocol, communication_address, model, register_digits from meter_as_of($2)
      where meter_id = any($1::bigint[])`,
    [meterIds, toTimestamptz(frozenAt)],
  )
}

export async function findProofReading(
  client: ProofClient,
  meterId: bigint,
  quantity: number,
  readAt: Instant,
  frozenAt: Instant,
): Promise<ProofReadingRow | null> {
  const known = client.ahead?.readings.get(readingKey(meterId, quantity, readAt))
  if (known !== undefined) return known
  const [row] = await findProofReadings(client, [{ meterId, quantity, readAt }], frozenAt)
  return row ?? null
}

export interface AskedReading {
  readonly meterId: bigint
  readonly quantity: number
  readonly readAt: Instant
}

export type FoundReading = ProofReadingRow & {
  readonly meter_id: bigint
  readonly quantity: number
  readonly read_at: Instant
}

/**
 * As they were decided when the determinants were frozen; what was decided since is another bill's. The claim behind a decision is the one
 * that says the same; of several, the one whose frame came first. `response` is the slice of the frame that decodes to the claim: an
 * upload's frame speaks of other customers' meters, too. Where nothing was decided, what the meter's settlement left stands.
 */
export async function findProofReadings(
  client: Queryable,
  asked: readonly AskedReading[],
  frozenAt: Instant,
): Promise<readonly FoundReading[]> {
  return client.query<FoundReading>(
    `with k as (select * from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as k(meter_id, quantity, read_at)),
     decided as (
     select v.meter_id, v.quantity, v.read_at, v.verdict, v.rules, v.reason, v.source, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4,
            l.code as line_code, f.line_sequence, f.received_at, f.protocol, f.request,
            case when c.frame_offset is null then f.response else substring(f.response from c.frame_offset + 1 for c.frame_length) end as response,
            coalesce(n.document, d.document) as document, coalesce(n.actor_id, d.noted_by) as noted_by
       from k
      cross join lateral (
         select * from validation_decision i
          where i.meter_id = k.meter_id and i.quantity = k.quantity and i.read_at = k.read_at and i.recorded_at <= $4
          order by i.revision desc limit 1) v
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
          order by e.recorded_at desc limit 1) d on true)
     select * from decided
     union all
     select s.meter_id, s.quantity, s.settled_at, 'settled', '{}', '', null, s.total_e4, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4,
            l.code, f.line_sequence, f.received_at, f.protocol, f.request,
            case when s.frame_offset is null then f.response else substring(f.response from s.frame_offset + 1 for s.frame_length) end, null, null
       from k
      cross join lateral (
         select * from settlement_reading c
          where (c.meter_id, c.quantity, c.settled_at) = (k.meter_id, k.quantity, k.read_at) and c.recorded_at <= $4
          order by c.frame_received_at, c.claim_digest limit 1) s
       left join frame f on f.line_id = s.line_id and f.line_sequence = s.line_sequence and f.received_at = s.frame_received_at
       left join line l on l.line_id = f.line_id
      where not exists (select from decided d where (d.meter_id, d.quantity, d.read_at) = (k.meter_id, k.quantity, k.read_at))`,
    [
      asked.map(({ meterId }) => meterId),
      asked.map(({ quantity }) => quantity),
      asked.map(({ readAt }) => toTimestamptz(readAt)),
      toTimestamptz(frozenAt),
    ],
  )
}
