import { physicalLimitE4 } from './physical-limit.js'
import type { MeterLimits } from './policy.js'
import { registerDelta } from './register-delta.js'
import type { Candidate } from './rule.js'
import { perDay } from './usage-history.js'

/** What the total of a candidate counted since the previous value, per day; null where there is none or the register fell. */
export function usageOf(candidate: Candidate, limits: MeterLimits): bigint | null {
  const countedE4 = countedSince(candidate, limits)
  return candidate.previous === null || countedE4 === null
    ? null
    : perDay(countedE4, candidate.previous.readAt, candidate.readAt)
}

/** The same as it was counted, in however many days. */
export function countedSince({ meter, readAt, chosen, previous }: Candidate, limits: MeterLimits): bigint | null {
  if (previous === null) return null
  const { totalE4 } = chosen.registers
  const beforeE4 = previous.registers.totalE4
  if (totalE4 >= beforeE4) return totalE4 - beforeE4
  const delta = registerDelta(beforeE4, totalE4, meter, physicalLimitE4(meter, previous.readAt, readAt, limits))
  return delta.ok ? delta.value : null
}

/** CT × PT where the meter hangs. */
export function multiplierOf({ supply }: Candidate): bigint {
  return supply?.multiplier ?? 1n
}
