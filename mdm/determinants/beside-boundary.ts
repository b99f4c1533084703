import { sameRegisters } from '../../domain/same-registers.js'
import { resolutionE4 } from '../../domain/register-width.js'
import { dayMs } from '../../domain/time.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/determinants.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import type { DeterminantPolicy } from './policy.js'

/** Whether the end of a segment is an old value that came again: its registers are those of the day before, and the next reading goes on. */
export function isStale({ rules, registers, beside }: BoundaryRow): boolean {
  if (!rules.includes('stale_repeat') || registers === null || beside === null) return false
  return !sameRegisters(registers, beside.registers)
}

/**
 * Whether what a meter counted between the note of an exchange and the reading beside it could be use. A note cannot be read again: a
 * start noted at zero, or a digit misread, would be billed (reliability, stories 7 and 9). `usualE4PerDay` is before the multiplier.
 */
export function noteFits(
  { meter }: Pick<SegmentRow, 'meter'>,
  boundary: BoundaryRow,
  usualE4PerDay: bigint,
  policy: DeterminantPolicy,
): boolean {
  const { source, registers, beside, readAt, isDecidedByPerson } = boundary
  if (source !== 'exchange' || isDecidedByPerson || meter === null || registers === null || beside === null) return true
  const [earlier, later] = beside.readAt < readAt ? [beside, boundary] : [boundary, beside]
  const limitE4 = physicalLimitE4(meter, earlier.readAt, later.readAt, policy.validation)
  const delta = registerDelta(earlier.registers?.totalE4 ?? 0n, later.registers?.totalE4 ?? 0n, meter, limitE4)
  const daysBegun = BigInt(Math.max(1, Math.ceil((later.readAt - earlier.readAt) / dayMs)))
  return delta.ok && delta.value <= usualE4PerDay * policy.noteDays * daysBegun + 2n * resolutionE4(meter)
}
