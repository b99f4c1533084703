import type { Clock } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { readMeterClock } from '../reading-sets/read-clock.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { ShownClock } from './judge-order.js'
import { type AskedItem, keepAnswers, patiently } from './kept-item.js'

export interface AskedClock {
  /** Null when the meter did not tell its time. `shown` is the middle of the second that it showed. */
  readonly clock: (ShownClock & { readonly shown: Instant }) | null
  readonly asked: readonly AskedItem[]
}

/** Asks a meter for its time, as every clock check does, and keeps what it said for the order's result. */
export async function askClock(line: Dlt645Line, clock: Clock, address: string): Promise<AskedClock> {
  const keeping = keepAnswers(line)
  const question = { baud: null, again: patiently(clock) }
  const read = await readMeterClock(keeping.line, clock, { address, edition: '2007' }, question)
  const asked = keeping.asked()
  if (!read.ok) return { clock: null, asked }
  const { shown, offset } = read.value
  const { offsetMs, uncertaintyMs } = offset
  return { clock: { shown: shown + secondMs / 2, offsetMs, uncertaintyMs }, asked }
}
