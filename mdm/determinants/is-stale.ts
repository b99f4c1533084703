import { sameRegisters } from '../../domain/same-registers.js'
import { dayMs } from '../../domain/time.js'
import type { AcceptedReading, BoundaryRow } from '../../storage/mdm/determinants.js'
import { asksForReadings } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

type Read = Pick<AcceptedReading, 'readAt' | 'registers'>

/** A load that shows the same registers for so many days more rests; old values are not delivered for so long. */
const restDays = 3

/**
 * Whether a boundary that validation called a repetition is an old value delivered again. When the load goes on, an old value is followed
 * by the use of all days it stood for, a real rest by that of one day. A single repeated day is too short to tell, and so is one that no
 * reading follows yet: both count as old. `usualE4PerDay` is before the multiplier.
 */
export function isStale(
  boundary: BoundaryRow,
  usualE4PerDay: bigint,
  readings: readonly Read[],
  { repeatBackMs, repeatOnMs, repeatPercent }: DeterminantPolicy,
): boolean {
  const { rules, registers, readAt } = boundary
  if (registers === null || !rules.includes('stale_repeat') || !asksForReadings(boundary)) return false
  const since =
    readings.find((one) => one.readAt >= readAt - repeatBackMs && sameRegisters(one.registers, registers))?.readAt ??
    readAt
  const later = readings.filter((one) => one.readAt > readAt && one.readAt <= readAt + repeatOnMs)
  const next = later.find((one) => !sameRegisters(one.registers, registers))
  const last = next ?? later.at(-1)
  if (last === undefined) return !rules.includes('zero_run')
  const days = Math.round((last.readAt - since) / dayMs)
  if (next === undefined) return days < restDays
  const usageE4 = next.registers.totalE4 - registers.totalE4
  return days <= 2 || usageE4 * 100n >= usualE4PerDay * BigInt(days) * repeatPercent
}
