import { type CopiedFields, createCopyReader } from '../copy-fields.js'
import type { Transaction } from '../database.js'
import { type AccountSpan, readBytes } from './read-bytes.js'

/**
 * Accounts of a determinant set with the interval days that they are rated by, in columns, by account: each day by its meter, its beginning
 * and the revision that was frozen. The days of account i are [linkStart[i], linkStart[i + 1]).
 */
export interface DayLinks {
  readonly count: number
  readonly accountId: Float64Array
  /** Index into `tariffCodes`. */
  readonly tariff: Uint16Array
  readonly tariffCodes: readonly string[]
  /** Epoch milliseconds. */
  readonly periodStart: Float64Array
  readonly periodEnd: Float64Array
  /** Why the days of an account are not all there, by its row. */
  readonly missing: ReadonlyMap<number, string>
  readonly linkStart: Uint32Array
  readonly meter: Float64Array
  readonly multiplier: Int32Array
  readonly dayStart: Float64Array
  readonly revision: Int32Array
}

const at = {
  account: 0,
  tariff: 1,
  periodStart: 2,
  periodEnd: 3,
  missing: 4,
  meters: 5,
  multipliers: 6,
  starts: 7,
  revisions: 8,
}
const fieldCount = 9

const links = `copy (
  select d.account_id, d.tariff_code, d.period_start, d.period_end, q.missing, q.meter_ids, q.multipliers, q.start_reads, q.start_revisions
    from determinant_quantity q
    join determinant d using (set_id, account_id)
   where q.set_id = current_setting('shuangwu.set_id')::bigint and q.quantity = 'interval_days'
     and q.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
   order by d.account_id) to stdout (format binary)`

/** The bytes of a binary COPY, for `toDayLinks`. */
export async function readDayLinks(
  tx: Transaction,
  setId: bigint,
  { first, last }: AccountSpan,
): Promise<Uint8Array<ArrayBuffer>> {
  const settings = { set_id: String(setId), first_account: String(first), last_account: String(last) }
  return readBytes(tx, links, settings)
}

export function toDayLinks(bytes: Uint8Array): DayLinks {
  const [count, linkCount] = countLinks(bytes)
  const tariffCodes: string[] = []
  const missing = new Map<number, string>()
  const columns = allocate(count, linkCount)
  let [row, link] = [0, 0]
  eachRow(bytes, (fields) => {
    columns.accountId[row] = fields.whole(at.account)
    columns.tariff[row] = indexIn(tariffCodes, fields.text(at.tariff))
    columns.periodStart[row] = fields.instant(at.periodStart)
    columns.periodEnd[row] = fields.instant(at.periodEnd)
    if (!fields.isNull(at.missing)) missing.set(row, fields.text(at.missing))
    fields.wholeItems(at.meters, columns.meter, link)
    fields.int4Items(at.multipliers, columns.multiplier, link)
    fields.instantItems(at.starts, columns.dayStart, link)
    fields.int4Items(at.revisions, columns.revision, link)
    link += fields.items(at.meters)
    columns.linkStart[++row] = link
  })
  return { ...columns, count, tariffCodes, missing }
}

function allocate(count: number, linkCount: number) {
  return {
    accountId: new Float64Array(count),
    tariff: new Uint16Array(count),
    periodStart: new Float64Array(count),
    periodEnd: new Float64Array(count),
    linkStart: new Uint32Array(count + 1),
    meter: new Float64Array(linkCount),
    multiplier: new Int32Array(linkCount),
    dayStart: new Float64Array(linkCount),
    revision: new Int32Array(linkCount),
  }
}

function countLinks(bytes: Uint8Array): readonly [accounts: number, links: number] {
  let [accounts, days] = [0, 0]
  eachRow(bytes, (fields) => {
    accounts++
    days += fields.items(at.meters)
  })
  return [accounts, days]
}

function eachRow(bytes: Uint8Array, take: (fields: CopiedFields) => void): void {
  const reader = createCopyReader(fieldCount, take)
  reader.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  reader.end()
}

function indexIn(codes: string[], code: string): number {
  const known = codes.indexOf(code)
  return known < 0 ? codes.push(code) - 1 : known
}
