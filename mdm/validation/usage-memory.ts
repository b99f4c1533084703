import { type RegisterWidth, widthE4 } from '../../domain/register-width.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { registerDelta } from './register-delta.js'
import { noHistory, perDay, toUsageHistory, type UsageHistory } from './usage-history.js'

/** Accepted totals of one series, kWh e4, oldest first: two columns of one length. */
export interface AcceptedTotals {
  readonly readAts: ArrayLike<Instant>
  readonly totalsE4: ArrayLike<bigint>
}

export const noTotals: AcceptedTotals = { readAts: [], totalsE4: [] }

/** How far back usage is history. */
export const historyMs = 31 * dayMs

/** The accepted totals of a chain while it is walked: what lies `historyMs` back is forgotten. */
export interface UsageMemory {
  /** Totals come in order of time. */
  readonly add: (readAt: Instant, totalE4: bigint) => void
  readonly before: (readAt: Instant) => UsageHistory
}

export function createUsageMemory(width: RegisterWidth, { readAts, totalsE4 }: AcceptedTotals): UsageMemory {
  let usages = new BigInt64Array(readAts.length + spareUsages)
  let since = new Float64Array(usages.length)
  let start = 0
  let end = 0
  let lastAt: Instant | null = null
  let lastE4 = 0n
  const add = (readAt: Instant, totalE4: bigint) => {
    const usage = lastAt === null ? null : stretchE4(lastE4, totalE4, width)
    if (lastAt !== null && usage !== null) {
      if (end === usages.length) {
        usages = copyInto(new BigInt64Array(2 * (end - start) + spareUsages), usages.subarray(start))
        since = copyInto(new Float64Array(usages.length), since.subarray(start))
        end -= start
        start = 0
      }
      usages[end] = perDay(usage, lastAt, readAt)
      since[end] = lastAt
      end += 1
    }
    lastAt = readAt
    lastE4 = totalE4
  }
  for (let index = 0; index < readAts.length; index++) add(readAts[index] ?? 0, totalsE4[index] ?? 0n)
  return {
    add,
    before(readAt) {
      while (start < end && (since[start] ?? 0) < readAt - historyMs) start += 1
      return start === end ? noHistory : toUsageHistory(usages.slice(start, end))
    },
  }
}

const spareUsages = 4

function copyInto<Column extends BigInt64Array | Float64Array>(larger: Column, column: Column): Column {
  larger.set(column as never)
  return larger
}

/** Null where the total fell although nothing turned over: a person took the lower value. */
function stretchE4(earlierE4: bigint, laterE4: bigint, width: RegisterWidth): bigint | null {
  if (laterE4 >= earlierE4) return laterE4 - earlierE4
  const delta = registerDelta(earlierE4, laterE4, width, widthE4(width))
  return delta.ok ? delta.value : null
}
