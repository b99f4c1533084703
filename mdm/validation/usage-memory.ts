import { type RegisterWidth, widthE4 } from '../../domain/register-width.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { registerDelta } from './register-delta.js'
import { noHistory, perDay, toUsageHistory, type UsageHistory } from './usage-history.js'

/** An accepted total, kWh e4. */
export interface AcceptedTotal {
  readonly readAt: Instant
  readonly totalE4: bigint
}

/** How far back usage is history. */
export const historyMs = 31 * dayMs

/** The accepted totals of a chain while it is walked: what lies `historyMs` back is forgotten. */
export interface UsageMemory {
  /** Totals come in order of time. */
  readonly add: (total: AcceptedTotal) => void
  readonly before: (readAt: Instant) => UsageHistory
}

export function createUsageMemory(width: RegisterWidth, history: readonly AcceptedTotal[]): UsageMemory {
  const usages: bigint[] = []
  const since: Instant[] = []
  let last: AcceptedTotal | null = null
  const add = (total: AcceptedTotal) => {
    const usage = last === null ? null : stretchE4(last.totalE4, total.totalE4, width)
    if (last !== null && usage !== null) {
      usages.push(perDay(usage, last.readAt, total.readAt))
      since.push(last.readAt)
    }
    last = total
  }
  for (const total of history) add(total)
  return {
    add,
    before(readAt) {
      while ((since[0] ?? readAt) < readAt - historyMs) {
        since.shift()
        usages.shift()
      }
      return usages.length === 0 ? noHistory : toUsageHistory(usages)
    },
  }
}

/** Null where the total fell although nothing turned over: a person took the lower value. */
function stretchE4(earlierE4: bigint, laterE4: bigint, width: RegisterWidth): bigint | null {
  if (laterE4 >= earlierE4) return laterE4 - earlierE4
  const delta = registerDelta(earlierE4, laterE4, width, widthE4(width))
  return delta.ok ? delta.value : null
}
