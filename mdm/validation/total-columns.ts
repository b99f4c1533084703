import type { Instant } from '../../domain/time.js'
import type { AcceptedTotals } from './usage-memory.js'

/** Decided totals of many series as columns: 28 bytes for each instead of an object. */
export interface TotalColumns {
  /** In any order; a later revision of an instant supersedes an earlier one, and null withdraws what was accepted. */
  readonly add: (slot: number, readAt: Instant, revision: number, totalE4: bigint | null) => void
  /** The accepted totals of a series before an instant, oldest first. Call `sort` once before. */
  readonly totalsOf: (slot: number, before: Instant) => AcceptedTotals
  readonly sort: () => void
}

/** @param slots number of series */
export function createTotalColumns(slots: number): TotalColumns {
  let rows = 0
  let columns = emptyColumns(Math.max(1024, slots * 32))
  const starts = new Int32Array(slots + 1)
  let order = new Int32Array(0)
  const add: TotalColumns['add'] = (slot, readAt, revision, totalE4) => {
    if (rows === columns.slots.length) columns = grown(columns)
    columns.slots[rows] = slot
    columns.readAts[rows] = readAt
    columns.revisions[rows] = revision
    columns.totals[rows] = totalE4 ?? withdrawn
    rows += 1
  }
  return {
    add,
    sort() {
      for (let row = 0; row < rows; row++)
        starts[at(columns.slots, row) + 1] = at(starts, at(columns.slots, row) + 1) + 1
      for (let slot = 0; slot < slots; slot++) starts[slot + 1] = at(starts, slot + 1) + at(starts, slot)
      const next = starts.slice()
      order = new Int32Array(rows)
      for (let row = 0; row < rows; row++) {
        const slot = at(columns.slots, row)
        const place = at(next, slot)
        next[slot] = place + 1
        insert(order, at(starts, slot), place, row, columns)
      }
    },
    totalsOf(slot, before) {
      const [start, end] = [at(starts, slot), at(starts, slot + 1)]
      const readAts = new Float64Array(end - start)
      const totalsE4 = new BigInt64Array(end - start)
      let count = 0
      for (let place = start; place < end; place++) {
        const row = at(order, place)
        const readAt = at(columns.readAts, row)
        if (readAt >= before) break
        const isSuperseded = place + 1 < end && at(columns.readAts, at(order, place + 1)) === readAt
        const total = columns.totals[row] ?? withdrawn
        if (isSuperseded || total === withdrawn) continue
        readAts[count] = readAt
        totalsE4[count] = total
        count += 1
      }
      return { readAts: readAts.subarray(0, count), totalsE4: totalsE4.subarray(0, count) }
    },
  }
}

/** No register reaches it: twelve digits at e4 are 10^16. */
const withdrawn = -(2n ** 63n)

interface Columns {
  readonly slots: Int32Array
  readonly readAts: Float64Array
  readonly revisions: Int32Array
  readonly totals: BigInt64Array
}

function emptyColumns(length: number): Columns {
  return {
    slots: new Int32Array(length),
    readAts: new Float64Array(length),
    revisions: new Int32Array(length),
    totals: new BigInt64Array(length),
  }
}

function grown(columns: Columns): Columns {
  const larger = emptyColumns(columns.slots.length * 2)
  larger.slots.set(columns.slots)
  larger.readAts.set(columns.readAts)
  larger.revisions.set(columns.revisions)
  larger.totals.set(columns.totals)
  return larger
}

/** Rows come nearly in order of time, so that each moves by little. */
function insert(order: Int32Array, start: number, place: number, row: number, columns: Columns): void {
  let to = place
  while (to > start && isBefore(columns, row, at(order, to - 1))) {
    order[to] = at(order, to - 1)
    to -= 1
  }
  order[to] = row
}

function isBefore({ readAts, revisions }: Columns, a: number, b: number): boolean {
  const apart = at(readAts, a) - at(readAts, b)
  return apart < 0 || (apart === 0 && at(revisions, a) < at(revisions, b))
}

function at(column: Int32Array | Float64Array, index: number): number {
  return column[index] ?? 0
}
