import type { MeterId, ReadingSource, RegisterSet } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { UsageClass } from '../../domain/usage-class.js'
import { type CopiedFields, createCopyReader } from '../copy-fields.js'
import type { Queryable } from '../database.js'
import { toReadingSource } from '../reading-source.js'
import { isStandingClaim } from '../registry/withdrawals.js'
import { toTimestamptz } from '../type-parsers.js'

/**
 * Everything here goes through binary COPY, which takes no parameters: ids and instants are written into the statement. Rows are
 * literals that name each field, because an object made by spreading another takes five times the room.
 */
export interface Shard {
  readonly meterIds: readonly MeterId[]
  readonly knownAt: Instant
}

export interface MeterRow {
  readonly meterId: MeterId
  readonly model: string
  readonly registerDigits: number
  readonly registerDecimals: number
}

export async function readMeters(
  client: Queryable,
  { meterIds }: Pick<Shard, 'meterIds'>,
): Promise<readonly MeterRow[]> {
  return copied(
    client,
    4,
    `select meter_id, model, register_digits, register_decimals from meter where meter_id = ${anyOf(meterIds)}`,
    (fields) => ({
      meterId: fields.int8(0),
      model: fields.text(1),
      registerDigits: fields.int2(2),
      registerDecimals: fields.int2(3),
    }),
  )
}

/** Where a meter hung from when to when, as known at `knownAt`, cut wherever multiplier or agreement change. */
export interface SupplyRow {
  readonly meterId: MeterId
  readonly from: Instant
  readonly to: Instant | null
  readonly value: {
    readonly areaId: bigint
    readonly installedAt: Instant
    readonly multiplier: bigint
    readonly usageClass: UsageClass
    readonly contractCapacityKva: bigint | null
    readonly exportAgreed: boolean
  }
}

/** The supplies of some meters, in any order. */
export async function readSupplies(client: Queryable, { meterIds, knownAt }: Shard): Promise<readonly SupplyRow[]> {
  return copied(client, supplyFields, suppliesSql(knownAt, `i.meter_id = ${anyOf(meterIds)}`), toSupply)
}

/** The supplies of all meters, by meter and time: one pass over the timelines instead of look-ups shard by shard. */
export async function copySupplies(client: Queryable, knownAt: Instant, take: (row: SupplyRow) => void): Promise<void> {
  const reader = createCopyReader(supplyFields, (fields) => take(toSupply(fields)))
  await client.copyOut(`copy (${suppliesSql(knownAt, 'true')} order by 1, 2) to stdout (format binary)`, reader.push)
  reader.end()
}

const supplyFields = 9

function suppliesSql(knownAt: Instant, whose: string): string {
  const known = `'${toTimestamptz(knownAt)}'::timestamptz`
  const last = (timeline: string, one: string, key: string) =>
    `${one}.recorded_at <= ${known} and not exists (select from ${timeline} n
      where n.${key} = ${one}.${key} and n.revision > ${one}.revision and n.recorded_at <= ${known})`
  const overlaps = (a: string) =>
    `(i.effective_to is null or ${a}.effective_from < i.effective_to) and (${a}.effective_to is null or i.effective_from < ${a}.effective_to)`
  return `select s.* from (
       select i.meter_id, greatest(i.effective_from, x.effective_from, a.effective_from) as from_at,
              least(i.effective_to, x.effective_to, a.effective_to) as to_at,
              u.transformer_area_id, i.effective_from, (coalesce(x.ct_ratio, 1) * coalesce(x.pt_ratio, 1))::bigint as multiplier,
              coalesce(a.usage_class, c.kind, 'residential') as usage_class, a.contract_capacity_kva,
              coalesce(a.export_agreed, false)::integer as export_agreed
         from installation_timeline i
         join usage_point u using (usage_point_id)
         left join multiplier_timeline x on x.usage_point_id = i.usage_point_id and ${overlaps('x')}
          and ${last('multiplier_timeline', 'x', 'usage_point_id')}
         left join agreement_timeline a on a.usage_point_id = i.usage_point_id and ${overlaps('a')}
          and ${last('agreement_timeline', 'a', 'account_id')}
         left join account using (account_id)
         left join customer c using (customer_id)
        where ${whose} and ${last('installation_timeline', 'i', 'usage_point_id')}) s
      where s.to_at is null or s.from_at < s.to_at`
}

function toSupply(fields: CopiedFields): SupplyRow {
  return {
    meterId: fields.int8(0),
    from: fields.instant(1),
    to: fields.isNull(2) ? null : fields.instant(2),
    value: {
      areaId: fields.int8(3),
      installedAt: fields.instant(4),
      multiplier: fields.int8(5),
      usageClass: fields.text(6) as UsageClass,
      contractCapacityKva: fields.isNull(7) ? null : BigInt(fields.int4(7)),
      exportAgreed: fields.int4(8) === 1,
    },
  }
}

export interface ClaimRow {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: ReadingSource
  readonly recordedAt: Instant
  /** The last due point within the day before; looked up for live reads only. */
  readonly dueAt: Instant | null
}

/** Every claim on the meters from an instant on: what follows a change is decided anew. */
export async function readClaims(client: Queryable, { meterIds }: Shard, from: Instant): Promise<readonly ClaimRow[]> {
  return copied(
    client,
    11,
    `select c.meter_id, c.quantity, c.read_at, c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4, c.source, c.recorded_at, due.due_at
       from reading_claims c
       left join lateral (select max(d.read_at) as due_at from due_read d
                           where d.meter_id = c.meter_id and d.template = 'daily_freeze' and d.read_at <= c.read_at
                             and d.read_at > c.read_at - interval '1 day') due on c.source = 4
      where c.meter_id = ${anyOf(meterIds)} and c.read_at >= '${toTimestamptz(from)}' and ${isStandingClaim}`,
    (fields) => ({
      meterId: fields.int8(0),
      quantity: fields.int2(1),
      readAt: fields.instant(2),
      registers: registersOf(fields, 3),
      source: toReadingSource(fields.int2(8)),
      recordedAt: fields.instant(9),
      dueAt: fields.isNull(10) ? null : fields.instant(10),
    }),
  )
}

/** Totals that were decided in [from, to), in any order; `totalE4` is null where a revision accepts nothing. */
export async function copyTotals(
  client: Queryable,
  { meterIds }: Shard,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  take: (meterId: MeterId, quantity: number, readAt: Instant, revision: number, totalE4: bigint | null) => void,
): Promise<void> {
  const reader = createCopyReader(5, (fields) =>
    take(fields.int8(0), fields.int2(1), fields.instant(2), fields.int4(3), fields.isNull(4) ? null : fields.int8(4)),
  )
  await client.copyOut(
    `copy (select meter_id, quantity, read_at, revision, case when verdict = 'accepted' then total_e4 end from validation_decision
            where meter_id = ${anyOf(meterIds)} and read_at >= '${toTimestamptz(from)}' and read_at < '${toTimestamptz(to)}')
       to stdout (format binary)`,
    reader.push,
  )
  reader.end()
}

export interface DecidedRow {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly revision: number
  readonly verdict: string
  readonly registers: RegisterSet | null
  readonly source: number | null
  readonly rules: readonly string[]
  readonly reason: string
  readonly decidedBy: string | null
  readonly recordedAt: Instant
}

/** Every revision of the decisions on keys of [from, to), in any order. */
export async function readDecided(
  client: Queryable,
  { meterIds }: Shard,
  { from, to }: { readonly from: Instant; readonly to: Instant | null },
): Promise<readonly DecidedRow[]> {
  const before = to === null ? '' : `and read_at < '${toTimestamptz(to)}'`
  return copied(
    client,
    decidedColumns,
    `select ${decidedSql} from validation_decision v
      where v.meter_id = ${anyOf(meterIds)} and v.read_at >= '${toTimestamptz(from)}' ${before}`,
    toDecided,
  )
}

/** The last accepted value of each meter and quantity before an instant, however long ago: for the few that have no recent one. */
export async function readLastAccepted(
  client: Queryable,
  series: readonly { readonly meterId: MeterId; readonly quantity: number; readonly firstAt: Instant }[],
): Promise<readonly DecidedRow[]> {
  const rows = series.map(
    ({ meterId, quantity, firstAt }) =>
      `(${meterId}::bigint, ${quantity}::smallint, '${toTimestamptz(firstAt)}'::timestamptz)`,
  )
  if (rows.length === 0) return []
  return copied(
    client,
    decidedColumns,
    `select ${decidedSql} from (values ${rows.join(',')}) s (meter_id, quantity, first_at)
      cross join lateral (
        select * from validation_decision d
         where (d.meter_id, d.quantity) = (s.meter_id, s.quantity) and d.read_at < s.first_at and d.verdict = 'accepted'
           and not exists (select from validation_decision n
                            where (n.meter_id, n.quantity, n.read_at) = (d.meter_id, d.quantity, d.read_at)
                              and n.revision > d.revision)
         order by d.read_at desc limit 1) v`,
    toDecided,
  )
}

const decidedColumns = 15
const decidedSql = `v.meter_id, v.quantity, v.read_at, v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4,
  v.revision, v.verdict, v.source, nullif(array_to_string(v.rules, ' '), ''), nullif(v.reason, ''), v.decided_by, v.recorded_at`

const noRules: readonly string[] = []

function toDecided(fields: CopiedFields): DecidedRow {
  return {
    meterId: fields.int8(0),
    quantity: fields.int2(1),
    readAt: fields.instant(2),
    registers: fields.isNull(3) ? null : registersOf(fields, 3),
    revision: fields.int4(8),
    verdict: fields.text(9),
    source: fields.isNull(10) ? null : fields.int2(10),
    rules: fields.isNull(11) ? noRules : fields.text(11).split(' '),
    reason: fields.isNull(12) ? '' : fields.text(12),
    decidedBy: fields.isNull(13) ? null : fields.text(13),
    recordedAt: fields.instant(14),
  }
}

export interface ClockCheckRow {
  readonly meterId: MeterId
  readonly checkedAt: Instant
  readonly class: string
}

/** Checks further away than this say nothing of a midnight (as in clock_doubt_as_of). */
export const clockCheckReachMs = 8 * dayMs

/** Clock checks that can tell of keys of [from, to], in any order. */
export async function readClockChecks(
  client: Queryable,
  { meterIds, knownAt }: Shard,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly ClockCheckRow[]> {
  return copied(
    client,
    3,
    `select meter_id, checked_at, class from clock_check
      where meter_id = ${anyOf(meterIds)} and recorded_at <= '${toTimestamptz(knownAt)}'
        and checked_at > '${toTimestamptz(from - clockCheckReachMs)}' and checked_at <= '${toTimestamptz(to + clockCheckReachMs)}'`,
    (fields) => ({ meterId: fields.int8(0), checkedAt: fields.instant(1), class: fields.text(2) }),
  )
}

export interface DemandRow {
  readonly meterId: MeterId
  readonly settledAt: Instant
  readonly demandE4: bigint
}

/** Maximum forward demands that meters closed in [from, to]. */
export async function readDemands(
  client: Queryable,
  { meterIds, knownAt }: Shard,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly DemandRow[]> {
  return copied(
    client,
    3,
    `select meter_id, settled_at, max(total_e4) from demand_reading
      where meter_id = ${anyOf(meterIds)} and quantity = 1 and recorded_at <= '${toTimestamptz(knownAt)}'
        and settled_at >= '${toTimestamptz(from)}' and settled_at <= '${toTimestamptz(to)}'
      group by meter_id, settled_at`,
    (fields) => ({ meterId: fields.int8(0), settledAt: fields.instant(1), demandE4: fields.int8(2) }),
  )
}

async function copied<Row>(
  client: Queryable,
  columns: number,
  select: string,
  toRow: (fields: CopiedFields) => Row,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  const reader = createCopyReader(columns, (fields) => rows.push(toRow(fields)))
  await client.copyOut(`copy (${select}) to stdout (format binary)`, reader.push)
  reader.end()
  return rows
}

function registersOf(fields: CopiedFields, first: number): RegisterSet {
  const tou = (place: number) => (fields.isNull(place) ? null : fields.int8(place))
  return { totalE4: fields.int8(first), touE4: [tou(first + 1), tou(first + 2), tou(first + 3), tou(first + 4)] }
}

function anyOf(ids: readonly bigint[]): string {
  return `any('{${ids.join(',')}}'::bigint[])`
}
