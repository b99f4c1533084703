import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toReadingSource } from '../reading-source.js'
import type { RegisterColumns } from '../register-columns.js'
import { toTimestamptz } from '../type-parsers.js'

export interface FreezeQuery {
  readonly organisationId: bigint
  readonly periodStart: Instant
  readonly periodEnd: Instant
  /** As-of: registry revisions recorded later are not seen. */
  readonly knownAt: Instant
  readonly liveToleranceMs: number
}

/** The decided value at one end of a segment. */
export interface BoundaryRow {
  readonly readAt: Instant
  readonly verdict: string
  /** Null when held. */
  readonly registers: RegisterSet | null
  readonly source: ReadingSource | null
  /** What validation said of it, accepted or not. */
  readonly rules: readonly string[]
  readonly isDecidedByPerson: boolean
}
/** One stretch of an account's agreement with one meter and one multiplier; nulls where the registry has a gap. */
export interface SegmentRow {
  readonly accountId: bigint
  readonly usagePointId: bigint
  readonly tariffCode: string
  readonly ladderFrom: LocalDate
  readonly agreementFrom: Instant
  readonly agreementTo: Instant | null
  readonly startAt: Instant
  readonly endAt: Instant
  readonly meter: {
    readonly meterId: MeterId
    readonly model: string
    readonly registerDigits: number
    readonly registerDecimals: number
  } | null
  readonly multiplier: number | null
  readonly start: BoundaryRow | null
  readonly end: BoundaryRow | null
  /** The opening batches whose registers stand where it begins; absent where it begins with a decided reading. */
  readonly opensWith?: string
  /** The other meter that hung here last before it begins, and until when; absent where none did or that was long before. */
  readonly meterBefore?: { readonly meterId: MeterId; readonly until: Instant }
  /** The other meter that hangs here from its very end on; absent where none does. */
  readonly meterAfter?: MeterId
}

/** For so many days after it was taken down a meter has still to do with what follows: as long as a doubt lies next to the end of a segment. */
export const meterBeforeDays = 5

/**
 * Metering segments of the accounts in the period, by account and start. A boundary is the decision on the very instant, or for meters
 * without freezes the first live one within the tolerance after it. `goLives`: an agreement is ours from there on; one that begins after
 * the period is left as it is.
 */
export async function readSegments(
  client: Queryable,
  query: FreezeQuery,
  accounts: readonly bigint[],
  goLives: ReadonlyMap<bigint, Instant> = new Map(),
): Promise<readonly SegmentRow[]> {
  const rows = await client.query<RawSegment>(
    `with started as (select * from unnest($6::bigint[], $7::timestamptz[]) g (account_id, as_of) where g.as_of < $3),
     agreements as (
       select a.account_id, a.usage_point_id, a.tariff_code, a.ladder_from,
              greatest(a.effective_from, g.as_of) as effective_from, a.effective_to
         from agreement_timeline a
         join (select account_id, max(revision) as revision from agreement_timeline
                where account_id = any($1::bigint[]) and recorded_at <= $4 group by account_id) r using (account_id, revision)
         left join started g using (account_id)
        where a.effective_from < $3 and coalesce(a.effective_to, 'infinity') > greatest($2::timestamptz, g.as_of)),
     points as (select distinct usage_point_id from agreements),
     installations as (
       select i.* from installation_timeline i
         join (select usage_point_id, max(revision) as revision from installation_timeline join points using (usage_point_id)
                where recorded_at <= $4 group by usage_point_id) r using (usage_point_id, revision)),
     multipliers as (
       select m.* from multiplier_timeline m
         join (select usage_point_id, max(revision) as revision from multiplier_timeline join points using (usage_point_id)
                where recorded_at <= $4 group by usage_point_id) r using (usage_point_id, revision)),
     segments as (
       select a.account_id, a.usage_point_id, a.tariff_code, a.ladder_from,
              a.effective_from as agreement_from, a.effective_to as agreement_to, i.meter_id,
              m.ct_ratio * m.pt_ratio as multiplier,
              greatest($2::timestamptz, a.effective_from, i.effective_from, m.effective_from) as start_at,
              least($3::timestamptz, a.effective_to, i.effective_to, m.effective_to) as end_at
         from agreements a
         left join installations i on i.usage_point_id = a.usage_point_id
          and i.effective_from < least($3::timestamptz, a.effective_to)
          and coalesce(i.effective_to, 'infinity') > greatest($2::timestamptz, a.effective_from)
         left join multipliers m on m.usage_point_id = a.usage_point_id
          and m.effective_from < least($3::timestamptz, a.effective_to, i.effective_to)
          and coalesce(m.effective_to, 'infinity') > greatest($2::timestamptz, a.effective_from, i.effective_from)),
     taken as (
       select distinct on (s.usage_point_id, s.start_at) s.usage_point_id, s.start_at, i.meter_id, i.effective_to
         from segments s
         join installations i on i.usage_point_id = s.usage_point_id and i.meter_id <> s.meter_id
          and i.effective_to > s.start_at - interval '${meterBeforeDays} days' and i.effective_to <= s.start_at
        order by s.usage_point_id, s.start_at, i.effective_to desc)
     select s.*, k.model, k.register_digits, k.register_decimals, taken.meter_id as meter_before, taken.effective_to as meter_before_until, hung.meter_id as meter_after,
            b.read_at as b_read_at, b.verdict as b_verdict, b.source as b_source, b.rules as b_rules, b.decided_by as b_decided_by,
            b.total_e4 as b_total_e4, b.tou1_e4 as b_tou1_e4, b.tou2_e4 as b_tou2_e4, b.tou3_e4 as b_tou3_e4, b.tou4_e4 as b_tou4_e4,
            e.read_at as e_read_at, e.verdict as e_verdict, e.source as e_source, e.rules as e_rules, e.decided_by as e_decided_by,
            e.total_e4 as e_total_e4, e.tou1_e4 as e_tou1_e4, e.tou2_e4 as e_tou2_e4, e.tou3_e4 as e_tou3_e4, e.tou4_e4 as e_tou4_e4
       from segments s
       left join meter k on k.meter_id = s.meter_id
       left join taken on taken.usage_point_id = s.usage_point_id and taken.start_at = s.start_at
       left join installations hung on hung.usage_point_id = s.usage_point_id and hung.effective_from = s.end_at
        and hung.meter_id <> s.meter_id
       left join lateral (
         select v.* from validation_decision v
          where v.meter_id = s.meter_id and v.quantity = 1 and v.read_at >= s.start_at
            and v.read_at <= s.start_at + $5 * interval '1 millisecond'
            and (v.read_at = s.start_at or v.source = 4 or v.source is null)
          order by v.read_at, v.revision desc limit 1) b on true
       left join lateral (
         select v.* from validation_decision v
          where v.meter_id = s.meter_id and v.quantity = 1 and v.read_at >= s.end_at
            and v.read_at <= s.end_at + $5 * interval '1 millisecond'
            and (v.read_at = s.end_at or v.source = 4 or v.source is null)
          order by v.read_at, v.revision desc limit 1) e on true
      order by s.account_id, s.start_at, s.end_at`,
    [
      accounts,
      toTimestamptz(query.periodStart),
      toTimestamptz(query.periodEnd),
      toTimestamptz(query.knownAt),
      query.liveToleranceMs,
      [...goLives.keys()],
      [...goLives.values()].map(toTimestamptz),
    ],
  )
  return rows.map(toSegment)
}

type RegisterName = keyof RegisterColumns
/** The decision at one end of a segment under its prefix: b for the begin, e for the end. */
type EndColumns<P extends 'b' | 'e'> = { readonly [C in `${P}_${RegisterName}`]: bigint | null } & {
  readonly [C in `${P}_read_at`]: Instant | null
} & { readonly [C in `${P}_verdict` | `${P}_decided_by`]: string | null } & {
  readonly [C in `${P}_source`]: number | null
} & { readonly [C in `${P}_rules`]: readonly string[] | null }
type RawSegment = EndColumns<'b'> &
  EndColumns<'e'> & {
    readonly account_id: bigint
    readonly usage_point_id: bigint
    readonly tariff_code: string
    readonly ladder_from: LocalDate
    readonly agreement_from: Instant
    readonly agreement_to: Instant | null
    readonly start_at: Instant
    readonly end_at: Instant
    readonly meter_id: bigint | null
    readonly meter_before: bigint | null
    readonly meter_before_until: Instant | null
    readonly meter_after: bigint | null
    readonly model: string | null
    readonly register_digits: number | null
    readonly register_decimals: number | null
    readonly multiplier: number | null
  }

function toSegment(row: RawSegment): SegmentRow {
  return {
    accountId: row.account_id,
    usagePointId: row.usage_point_id,
    tariffCode: row.tariff_code,
    ladderFrom: row.ladder_from,
    agreementFrom: row.agreement_from,
    agreementTo: row.agreement_to,
    startAt: row.start_at,
    endAt: row.end_at,
    meter: toMeter(row),
    multiplier: row.multiplier,
    start: toBoundary(row, 'b'),
    end: toBoundary(row, 'e'),
    ...toMeterBefore(row),
    ...(row.meter_after === null ? {} : { meterAfter: row.meter_after }),
  }
}

function toMeterBefore({
  meter_before: meterId,
  meter_before_until: until,
}: RawSegment): Pick<SegmentRow, 'meterBefore'> {
  return meterId === null || until === null ? {} : { meterBefore: { meterId, until } }
}

function toMeter(row: RawSegment): SegmentRow['meter'] {
  const { meter_id, model, register_digits, register_decimals } = row
  if (meter_id === null || model === null || register_digits === null || register_decimals === null) return null
  return { meterId: meter_id, model, registerDigits: register_digits, registerDecimals: register_decimals }
}

function toBoundary(row: RawSegment, end: 'b' | 'e'): BoundaryRow | null {
  const [readAt, verdict, source] = [row[`${end}_read_at`], row[`${end}_verdict`], row[`${end}_source`]]
  if (readAt === null || verdict === null) return null
  return {
    readAt,
    verdict,
    registers: registersUnder(row, end),
    source: source === null ? null : toReadingSource(source),
    rules: row[`${end}_rules`] ?? [],
    isDecidedByPerson: row[`${end}_decided_by`] !== null,
  }
}

function registersUnder(row: RawSegment, prefix: 'b' | 'e'): RegisterSet | null {
  const total = row[`${prefix}_total_e4`]
  if (total === null) return null
  return {
    totalE4: total,
    touE4: [row[`${prefix}_tou1_e4`], row[`${prefix}_tou2_e4`], row[`${prefix}_tou3_e4`], row[`${prefix}_tou4_e4`]],
  }
}
