import type { Clock } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { type AskedItem, askItem } from './ask-item.js'
import type { ShownClock } from './judge-order.js'

export interface ReadClock {
  /** Null when the meter did not tell its time. */
  readonly clock: (ShownClock & { readonly shown: Instant }) | null
  readonly asked: readonly AskedItem[]
}

const dateItem = '04000101'
const timeItem = '04000102'
/** A display of whole seconds is half a second behind on average. */
const halfSecondMs = secondMs / 2

/**
 * Asks a meter for its date and time. The date is asked before and after the time, so that a midnight in between cannot make a day
 * of error. Exact to half the time that the question took, and the half second that whole seconds leave.
 */
export async function readClock(line: Dlt645Line, clock: Clock, address: string): Promise<ReadClock> {
  const before = await askItem(line, clock, address, dateItem)
  const time = await askItem(line, clock, address, timeItem)
  const after = await askItem(line, clock, address, dateItem)
  const asked = [before, time, after].map(({ item }) => item)
  const date = before.item.values['date'] ?? null
  const shownTime = time.item.values['time'] ?? null
  if (date === null || shownTime === null || after.item.values['date'] !== date) return { clock: null, asked }
  const middle = Math.round((time.sentAt + time.receivedAt) / 2)
  const uncertaintyMs = Math.ceil((time.receivedAt - time.sentAt) / 2) + halfSecondMs
  const shown = instantOfMeterTime(`${date}T${shownTime}`) + halfSecondMs
  return { clock: { shown, offsetMs: shown - middle, uncertaintyMs }, asked }
}
