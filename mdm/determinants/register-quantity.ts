import { err, ok, type Result } from '../../domain/result.js'
import { quantities } from '../../domain/quantities.js'
import type { MeterId, RegisterSet } from '../../domain/reading.js'
import { type Instant, isoText } from '../../domain/time.js'
import type { DecidedQuantity } from '../../storage/mdm/determinant-quantities.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import type { DeterminantSegment } from './determinant.js'
import { originOf } from './origin-of.js'
import type { DeterminantPolicy } from './policy.js'
import type { QuantityLink, Registers } from './quantity.js'

/** What is decided of a stored quantity of a meter at an instant. */
export type DecidedAt = (meterId: MeterId, at: Instant, quantity: number) => DecidedQuantity | undefined

/**
 * The energies of one stored quantity over an account's segments, each the difference of its boundaries times the multiplier, as for the
 * active energy that is billed. Neither a held value nor an estimate is taken.
 * @returns kWh or kvarh e4, or why they are not known.
 */
export function registerQuantity(
  segments: readonly DeterminantSegment[],
  quantity: number,
  decidedAt: DecidedAt,
  policy: DeterminantPolicy,
): Registers | { readonly missing: string } {
  const parts: (readonly (bigint | null)[])[] = []
  for (const segment of segments) {
    const start = knownRegisters(decidedAt(segment.meterId, segment.startRead, quantity), segment.startRead)
    if (!start.ok) return { missing: start.error.detail }
    const end = knownRegisters(decidedAt(segment.meterId, segment.endRead, quantity), segment.endRead)
    if (!end.ok) return { missing: end.error.detail }
    const difference = differenceOf(segment, start.value, end.value, policy)
    if (difference === null)
      return { missing: `a register fell between ${isoText(segment.startRead)} and ${isoText(segment.endRead)}` }
    parts.push(difference.map((energyE4) => (energyE4 === null ? null : energyE4 * BigInt(segment.multiplier))))
  }
  return sumRegisters(parts)
}

/** Links of a stored quantity to its readings and decisions. */
export function linksOf(
  segments: readonly DeterminantSegment[],
  quantity: number,
  decidedAt: DecidedAt,
): readonly QuantityLink[] {
  return segments.map(({ meterId, multiplier, startRead, endRead, opensWith }) => {
    const isOpening = opensWith !== undefined && quantity === quantities.forward_active_energy.code
    const start = isOpening ? undefined : decidedAt(meterId, startRead, quantity)
    const end = decidedAt(meterId, endRead, quantity)
    return {
      meterId,
      multiplier,
      startRead,
      endRead,
      startRevision: start?.revision ?? null,
      endRevision: end?.revision ?? null,
      startOrigin: isOpening ? 'opening' : originOf(start),
      endOrigin: originOf(end),
    }
  })
}

/** Sums register by register; one that no part has stays null. */
export function sumRegisters(parts: readonly (readonly (bigint | null)[])[]): Registers {
  const sum = (register: number) =>
    parts.reduce<bigint | null>((total, part) => {
      const value = part[register] ?? null
      return value === null ? total : (total ?? 0n) + value
    }, null)
  return [sum(0) ?? 0n, sum(1), sum(2), sum(3), sum(4)]
}

function knownRegisters(
  decided: DecidedQuantity | undefined,
  at: Instant,
): Result<RegisterSet, { readonly kind: 'boundary_missing'; readonly detail: string }> {
  const origin = originOf(decided)
  const registers = decided?.registers ?? null
  if (registers === null || origin === 'estimated')
    return err({ kind: 'boundary_missing', detail: `the reading for ${isoText(at)} is ${origin}` })
  return ok(registers)
}

/** Null where a register fell, or is known at one end only. */
function differenceOf(
  segment: DeterminantSegment,
  start: RegisterSet,
  end: RegisterSet,
  policy: DeterminantPolicy,
): readonly (bigint | null)[] | null {
  const limitE4 = physicalLimitE4(segment.meter, segment.startRead, segment.endRead, policy.validation)
  const later = [end.totalE4, ...end.touE4]
  const differences: (bigint | null)[] = []
  for (const [index, earlierE4] of [start.totalE4, ...start.touE4].entries()) {
    const laterE4 = later[index] ?? null
    if (earlierE4 === null && laterE4 === null) {
      differences.push(null)
      continue
    }
    if (earlierE4 === null || laterE4 === null) return null
    const delta = registerDelta(earlierE4, laterE4, segment.meter, limitE4)
    if (!delta.ok) return null
    differences.push(delta.value)
  }
  return differences
}
