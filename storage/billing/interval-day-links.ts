import { invariant } from '../../domain/result.js'
import { arrayHeaderBytes } from '../copy-writer.js'
import type { Transaction } from '../database.js'
import { type AccountSpan, readBytes } from './read-bytes.js'

/**
 * Accounts of a determinant set with the interval days that they are rated by, in columns, by account. A link names the days of a meter that
 * begin in [from, to), one after the other, in the revision that was frozen. The links of account i are [linkStart[i], linkStart[i + 1]).
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
  /** Epoch milliseconds. */
  readonly from: Float64Array
  readonly to: Float64Array
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
  ends: 8,
  revisions: 9,
}
const fieldCount = 10

const linksOfAccounts = `copy (
  select d.account_id, d.tariff_code, d.period_start, d.period_end, q.missing, q.meter_ids, q.multipliers, q.start_reads, q.end_reads, q.start_revisions
    from determinant_quantity q
    join determinant d using (set_id, account_id)
   where q.set_id = current_setting('shuangwu.set_id')::bigint and q.quantity = 'interval_days'
     and q.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
   order by d.account_id) to stdout (format binary)`

/** The bytes of a binary COPY, for `toDayLinks`. */
export async function readDayLinks(tx: Transaction, setId: bigint, { first, last }: AccountSpan): Promise<Uint8Array> {
  const settings = { set_id: String(setId), first_account: String(first), last_account: String(last) }
  return readBytes(tx, linksOfAccounts, settings)
}

/**
 * Columns of what `readDayLinks` read. Its rows are many elements each, and closures over a row would be compiled anew for every shard:
 * plain functions are not.
 */
export function toDayLinks(bytes: Uint8Array): DayLinks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [count, linkCount] = countLinks(view)
  const tariffCodes: string[] = []
  const missing = new Map<number, string>()
  const columns = allocate(count, linkCount)
  const starts = new Int32Array(fieldCount)
  let next = headerBytes
  for (let row = 0; row < count; row++) {
    next = findFields(view, next, starts)
    takeRow(view, starts, row, columns)
    columns.tariff[row] = indexIn(tariffCodes, textAt(view, starts[at.tariff] ?? 0))
    if (sizeAt(view, starts[at.missing] ?? 0) >= 0) missing.set(row, textAt(view, starts[at.missing] ?? 0))
  }
  return { ...columns, count, tariffCodes, missing }
}

/** PostgreSQL counts microseconds from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
const headerBytes = 19
const word = 2 ** 32

/** Where the fields of the row at `offset` begin. @returns where the next row does */
function findFields(view: DataView, offset: number, starts: Int32Array): number {
  invariant(view.getInt16(offset) === fieldCount, `a row has ${fieldCount} columns`)
  let next = offset + 2
  for (let place = 0; place < fieldCount; place++) {
    starts[place] = next + 4
    next += 4 + Math.max(0, view.getInt32(next))
  }
  return next
}

function sizeAt(view: DataView, start: number): number {
  return view.getInt32(start - 4)
}

function textAt(view: DataView, start: number): string {
  return Buffer.from(view.buffer, view.byteOffset + start, sizeAt(view, start)).toString()
}

function wholeAt(view: DataView, start: number): number {
  const value = view.getInt32(start) * word + view.getUint32(start + 4)
  invariant(Number.isSafeInteger(value), 'a whole number of a column is below 2^53')
  return value
}

function instantAt(view: DataView, start: number): number {
  return epochMs + Math.round(wholeAt(view, start) / 1000)
}

/** Of an array of one dimension without nulls. */
function itemsAt(view: DataView, start: number): number {
  return view.getInt32(start) === 0 ? 0 : view.getInt32(start + 12)
}

function takeRow(view: DataView, starts: Int32Array, row: number, columns: ReturnType<typeof allocate>): void {
  const { accountId, periodStart, periodEnd, linkStart, meter, multiplier, from, to, revision } = columns
  const first = linkStart[row] ?? 0
  const links = itemsAt(view, starts[at.meters] ?? 0)
  accountId[row] = wholeAt(view, starts[at.account] ?? 0)
  periodStart[row] = instantAt(view, starts[at.periodStart] ?? 0)
  periodEnd[row] = instantAt(view, starts[at.periodEnd] ?? 0)
  linkStart[row + 1] = first + links
  const meters = (starts[at.meters] ?? 0) + arrayHeaderBytes + 4
  const multipliers = (starts[at.multipliers] ?? 0) + arrayHeaderBytes + 4
  const beginnings = (starts[at.starts] ?? 0) + arrayHeaderBytes + 4
  const ends = (starts[at.ends] ?? 0) + arrayHeaderBytes + 4
  const revisions = (starts[at.revisions] ?? 0) + arrayHeaderBytes + 4
  for (let link = 0; link < links; link++) {
    meter[first + link] = wholeAt(view, meters + 12 * link)
    multiplier[first + link] = view.getInt32(multipliers + 8 * link)
    from[first + link] = instantAt(view, beginnings + 12 * link)
    to[first + link] = instantAt(view, ends + 12 * link)
    revision[first + link] = view.getInt32(revisions + 8 * link)
  }
}

function countLinks(view: DataView): readonly [accounts: number, links: number] {
  const starts = new Int32Array(fieldCount)
  let [accounts, links, next] = [0, 0, headerBytes]
  while (view.getInt16(next) !== -1) {
    next = findFields(view, next, starts)
    accounts++
    links += itemsAt(view, starts[at.meters] ?? 0)
  }
  invariant(next + 2 === view.byteLength, 'a binary COPY ends with its trailer')
  return [accounts, links]
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
    from: new Float64Array(linkCount),
    to: new Float64Array(linkCount),
    revision: new Int32Array(linkCount),
  }
}

function indexIn(codes: string[], code: string): number {
  const known = codes.indexOf(code)
  return known < 0 ? codes.push(code) - 1 : known
}
