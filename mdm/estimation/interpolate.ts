import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'

export interface KnownRegisters {
  readonly readAt: Instant
  readonly registers: RegisterSet
}

/**
 * Registers at an instant between two known sets, linear in time: whole steps of the display, rounded down per register. Where there are
 * tariff registers the total is their sum plus the gap that the known sets show themselves, so that it stays consistent with them.
 * Null when a register fell or is shown only once: then nothing is known in between.
 * @param resolutionE4 display step, kWh e4.
 */
export function interpolate(
  before: KnownRegisters,
  after: KnownRegisters,
  at: Instant,
  resolutionE4: bigint,
): RegisterSet | null {
  const share = { elapsed: BigInt(at - before.readAt), span: BigInt(after.readAt - before.readAt) }
  if (share.elapsed < 0n || share.span <= share.elapsed || !isRising(before.registers, after.registers)) return null
  const steps = (whole: bigint): bigint => wholeSteps(resolutionE4, whole * share.elapsed, share.span)
  const [from, to] = [before.registers, after.registers]
  const between = (index: 0 | 1 | 2 | 3): bigint | null => {
    const [earlier, later] = [from.touE4[index], to.touE4[index]]
    return earlier === null || later === null ? null : earlier + steps(later - earlier)
  }
  const touE4 = [between(0), between(1), between(2), between(3)] as const
  const shown = touE4.filter((value) => value !== null)
  if (shown.length === 0) return { totalE4: from.totalE4 + steps(to.totalE4 - from.totalE4), touE4 }
  const gapE4 = gapOf(from) + steps(gapOf(to) - gapOf(from))
  return { totalE4: clamp(sum(shown) + gapE4, from.totalE4, to.totalE4), touE4 }
}

function isRising(from: RegisterSet, to: RegisterSet): boolean {
  return (
    from.totalE4 <= to.totalE4 &&
    from.touE4.every((value, index) => {
      const later = to.touE4[index] ?? null
      return value === null ? later === null : later !== null && value <= later
    })
  )
}

function gapOf({ totalE4, touE4 }: RegisterSet): bigint {
  return totalE4 - sum(touE4.filter((value) => value !== null))
}

/** Whole display steps of a quotient, toward zero: it lies between zero and the whole whatever the sign. */
function wholeSteps(step: bigint, numerator: bigint, denominator: bigint): bigint {
  return (numerator / (denominator * step)) * step
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value
}
