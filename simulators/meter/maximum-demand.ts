import { type Instant, minuteMs } from '../../domain/time.js'
import type { RegisterSource } from './register-source.js'

/** Greatest mean power of a quarter of an hour, kW e4, and the end of that quarter; null while there was none. */
export interface MaximumDemand {
  readonly kWE4: bigint
  readonly at: Instant
}

const periodMs = 15 * minuteMs
const periodsPerHour = 4n

/** Maximum demands of the total and the four tariffs over [from, to), by quarters of true time. */
export function maximumDemands(source: RegisterSource, from: Instant, to: Instant): readonly (MaximumDemand | null)[] {
  const greatest: (MaximumDemand | null)[] = [null, null, null, null, null]
  let at = Math.ceil(from / periodMs) * periodMs
  let before = registers(source, at)
  for (at += periodMs; at <= to; at += periodMs) {
    const now = registers(source, at)
    for (const [index, value] of now.entries()) {
      const kWE4 = (value - (before[index] ?? 0n)) * periodsPerHour
      if (kWE4 > (greatest[index]?.kWE4 ?? 0n)) greatest[index] = { kWE4, at }
    }
    before = now
  }
  return greatest
}

function registers(source: RegisterSource, at: Instant): readonly bigint[] {
  const { totalE4, touE4 } = source.registersAt(at)
  return [totalE4, ...touE4.map((each) => each ?? 0n)]
}
