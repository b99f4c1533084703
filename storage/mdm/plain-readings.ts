import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { type CopiedFields, createCopyReader } from '../copy-fields.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { FreezeQuery } from './freeze-segments.js'

/**
 * Accounts in columns, each with the registers at both ends of the period where its own rows are plain: one agreement, without a contract
 * capacity, and one meter with one multiplier over all of [periodStart, periodEnd); both ends first decided as accepted, without a word of
 * any rule, and read by the meter's own means at the very instant. Of the other accounts only the id is given. Energies kWh e4 before the
 * multiplier. Whether something beside these rows speaks against an account is for the caller to look up, in `readRemarkable` as well.
 */
export interface PlainReadings {
  readonly count: number
  readonly accountId: Float64Array
  /** 0 where the rows are not plain. */
  readonly isPlain: Uint8Array
  readonly usagePointId: Float64Array
  /** Index into `tariffCodes`. */
  readonly tariff: Uint16Array
  readonly tariffCodes: readonly string[]
  /** Days since 1970-01-01. */
  readonly ladderFromDay: Int32Array
  readonly meterId: Float64Array
  readonly multiplier: Int32Array
  /** 1 where somebody has read the time-of-use tables of the meter. */
  readonly hasTouTables: Uint8Array
  /** Total and tou1…tou4 of each account; NaN where the meter has no such register. */
  readonly startE4: Float64Array
  readonly endE4: Float64Array
}

export const plainRegisters = 5

/** Registers beyond this, or below zero, are not plain; sums and differences of what is within are exact. */
export const highestPlainE4 = 2 ** 52

const fields = {
  accountId: 0,
  usagePointId: 1,
  tariffCode: 2,
  ladderFrom: 3,
  meterId: 4,
  multiplier: 5,
  hasTouTables: 6,
  start: 7,
  end: 7 + plainRegisters,
} as const
const fieldCount = 7 + 2 * plainRegisters

/**
 * Streams the accounts of an organisation and those below it, by account, in shards of `shardAccounts`; no more is read before `take` has
 * let go of a shard. Call it in a transaction of its own.
 */
export async function streamPlainReadings(
  client: Queryable,
  query: FreezeQuery,
  shardAccounts: number,
  take: (shard: PlainReadings) => Promise<void>,
): Promise<void> {
  let shard = createShard(shardAccounts)
  const full: PlainReadings[] = []
  const reader = createCopyReader(fieldCount, (row) => {
    shard.add(row)
    if (shard.count() < shardAccounts) return
    full.push(shard.columns())
    shard = createShard(shardAccounts)
  })
  const takeFull = async () => {
    for (const one of full.splice(0)) await take(one)
  }
  const takePiece = (piece: Buffer) => {
    reader.push(piece)
    return full.length === 0 ? undefined : takeFull()
  }
  // Every table of the statement has an index in the order of its key: merging takes two thirds of what hashing takes, and no memory. Who reads
  // a meter twice is not remembered either: each is asked for once.
  for (const way of ['enable_hashjoin', 'enable_memoize'])
    await client.query(`select set_config($1, 'off', true)`, [way])
  await client.copyOut(`copy (${plainReadings(query)}) to stdout (format binary)`, takePiece, 'passing')
  reader.end()
  if (shard.count() > 0) await take(shard.columns())
}

/** The tariff of an account that is plain. */
export function tariffCodeOf({ tariff, tariffCodes }: PlainReadings, row: number): string {
  return present(tariffCodes[tariff[row] ?? -1], `tariff of row ${row}`)
}

function createShard(capacity: number) {
  const columns = {
    accountId: new Float64Array(capacity),
    isPlain: new Uint8Array(capacity),
    usagePointId: new Float64Array(capacity),
    tariff: new Uint16Array(capacity),
    ladderFromDay: new Int32Array(capacity),
    meterId: new Float64Array(capacity),
    multiplier: new Int32Array(capacity),
    hasTouTables: new Uint8Array(capacity),
    startE4: new Float64Array(plainRegisters * capacity),
    endE4: new Float64Array(plainRegisters * capacity),
  }
  const tariffCodes: string[] = []
  let count = 0
  const addPlain = (row: CopiedFields) => {
    columns.isPlain[count] = 1
    columns.usagePointId[count] = row.whole(fields.usagePointId)
    columns.tariff[count] = indexIn(tariffCodes, row.text(fields.tariffCode))
    columns.ladderFromDay[count] = row.day(fields.ladderFrom)
    columns.meterId[count] = row.whole(fields.meterId)
    columns.multiplier[count] = row.int4(fields.multiplier)
    columns.hasTouTables[count] = row.bool(fields.hasTouTables) ? 1 : 0
    for (let register = 0; register < plainRegisters; register++) {
      const at = plainRegisters * count + register
      columns.startE4[at] = energy(row, fields.start + register)
      columns.endE4[at] = energy(row, fields.end + register)
    }
  }
  return {
    count: () => count,
    columns: (): PlainReadings => ({ ...columns, tariffCodes, count }),
    add(row: CopiedFields): void {
      columns.accountId[count] = row.whole(fields.accountId)
      if (!row.isNull(fields.usagePointId)) addPlain(row)
      count++
    },
  }
}

function energy(row: CopiedFields, place: number): number {
  return row.isNull(place) ? Number.NaN : row.clamped(place, highestPlainE4)
}

function indexIn(codes: string[], code: string): number {
  const known = codes.indexOf(code)
  return known < 0 ? codes.push(code) - 1 : known
}

/** COPY takes no parameters, so ids and instants are written into the statement. */
function plainReadings({ organisationId, periodStart, periodEnd, knownAt }: FreezeQuery): string {
  const [start, end] = [instant(periodStart), instant(periodEnd)]
  const whole = (timeline: string, one: string, key: string) => `
      ${one}.recorded_at <= ${instant(knownAt)} and ${one}.effective_from <= ${start} and (${one}.effective_to is null or ${one}.effective_to >= ${end})
      and not exists (select from ${timeline} n
                       where n.${key} = ${one}.${key} and n.revision > 1 and n.revision > ${one}.revision and n.recorded_at <= ${instant(knownAt)})`
  const plainly = (one: string, at: string) => `
      ${one}.quantity = 1 and ${one}.read_at = ${at} and ${one}.revision = 1 and ${one}.verdict = 'accepted' and ${one}.rules = '{}'
      and ${one}.decided_by is null and (${one}.source is null or ${one}.source not in (5, 6, 8))`
  return `
    with recursive tree as (
      select organisation_id from organisation where organisation_id = ${organisationId}
      union all
      select o.organisation_id from organisation o join tree on o.parent_id = tree.organisation_id),
    plain as (
      select a.account_id, a.usage_point_id, a.tariff_code, a.ladder_from, i.meter_id, m.ct_ratio * m.pt_ratio as multiplier,
             exists (select from tou_reading t where t.meter_id = i.meter_id) as has_tou_tables,
             s.total_e4 as start_total, s.tou1_e4 as start1, s.tou2_e4 as start2, s.tou3_e4 as start3, s.tou4_e4 as start4,
             e.total_e4 as end_total, e.tou1_e4 as end1, e.tou2_e4 as end2, e.tou3_e4 as end3, e.tou4_e4 as end4
        from agreement_timeline a
        join installation_timeline i on i.usage_point_id = a.usage_point_id
        join multiplier_timeline m on m.usage_point_id = a.usage_point_id
        join validation_decision s on s.meter_id = i.meter_id
        join validation_decision e on e.meter_id = i.meter_id
       where ${whole('agreement_timeline', 'a', 'account_id')} and ${whole('installation_timeline', 'i', 'usage_point_id')}
         and ${whole('multiplier_timeline', 'm', 'usage_point_id')} and ${plainly('s', start)} and ${plainly('e', end)}
         and a.contract_capacity_kva is null and a.usage_class is distinct from 'large_industrial')
    select c.account_id, p.usage_point_id, p.tariff_code, p.ladder_from, p.meter_id, p.multiplier, p.has_tou_tables,
           p.start_total, p.start1, p.start2, p.start3, p.start4, p.end_total, p.end1, p.end2, p.end3, p.end4
      from account c left join plain p on p.account_id = c.account_id
     where c.organisation_id in (select organisation_id from tree)
     order by c.account_id`
}

function instant(at: Instant): string {
  return `'${toTimestamptz(at)}'::timestamptz`
}
