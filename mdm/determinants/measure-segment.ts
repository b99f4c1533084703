import type { MeterId } from '../../domain/reading.js'
import { type RegisterWidth, widthE4 } from '../../domain/register-width.js'
import { ok, present, type Result } from '../../domain/result.js'
import { type Instant, isoText } from '../../domain/time.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import { registerDelta } from '../validation/register-delta.js'
import type { Energies } from './determinant.js'
import type { Evidence } from './evidence.js'
import { type Hold, hold } from './hold.js'
import type { DeterminantPolicy } from './policy.js'

export interface MeasuredSegment {
  readonly row: SegmentRow
  readonly meterId: MeterId
  readonly multiplier: number
  readonly start: KnownBoundary
  readonly end: KnownBoundary
  readonly energiesE4: Energies
}

/**
 * What a segment counted, register by register, times its multiplier: nowhere else is one applied (billing-rules 2.6, 2.7). Refused where
 * an end is not known or was estimated, and where a register fell.
 */
export function measureSegment(
  row: SegmentRow,
  policy: DeterminantPolicy,
  evidence: Evidence,
): Result<MeasuredSegment, Hold> {
  const start = knownBoundary(row.start, row.startAt)
  if (!start.ok) return start
  const end = knownBoundary(row.end, row.endAt)
  if (!end.ok) return end
  const meter = present(row.meter, 'a checked meter')
  const multiplier = present(row.multiplier, 'a checked multiplier')
  const limitE4 = physicalLimitE4(meter, start.value.readAt, end.value.readAt, policy.validation)
  const turnedOver = (evidence.turnovers.get(meter.meterId) ?? []).some(
    ({ readAt }) => readAt > start.value.readAt && readAt <= end.value.readAt,
  )
  const energies: bigint[] = []
  for (const [index, earlierE4] of registersOf(start.value).entries()) {
    const laterE4 = registersOf(end.value)[index] ?? null
    if ((earlierE4 === null) !== (laterE4 === null)) {
      const [known, unknown] = earlierE4 === null ? [row.endAt, row.startAt] : [row.startAt, row.endAt]
      const register = index === 0 ? 'the total' : `tou${index}`
      return hold('registers_differ', `${register} is known at ${isoText(known)} and not at ${isoText(unknown)}`)
    }
    const delta = countedBetween(earlierE4 ?? 0n, laterE4 ?? 0n, { meter, limitE4, turnedOver })
    if (!delta.ok)
      return hold(
        'register_decreased',
        `register ${index} fell between ${isoText(row.startAt)} and ${isoText(row.endAt)}`,
      )
    energies.push(delta.value * BigInt(multiplier))
  }
  const [total = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = energies
  return ok({
    row,
    meterId: meter.meterId,
    multiplier,
    start: start.value,
    end: end.value,
    energiesE4: [total, tou1, tou2, tou3, tou4],
  })
}

/** A small display may turn over by much of its range in a month, where a day of it was seen to do so. */
function countedBetween(
  earlierE4: bigint,
  laterE4: bigint,
  seen: { readonly meter: RegisterWidth; readonly limitE4: bigint; readonly turnedOver: boolean },
): Result<bigint, { readonly kind: 'register_decreased' }> {
  const delta = registerDelta(earlierE4, laterE4, seen.meter, seen.limitE4)
  if (delta.ok || !seen.turnedOver) return delta
  const wrappedE4 = widthE4(seen.meter) - earlierE4 + laterE4
  return wrappedE4 <= seen.limitE4 ? ok(wrappedE4) : delta
}

type KnownBoundary = BoundaryRow & { readonly registers: NonNullable<BoundaryRow['registers']> }

function knownBoundary(boundary: BoundaryRow | null, at: Instant): Result<KnownBoundary, Hold> {
  if (boundary === null) return hold('boundary_missing', `no reading for ${isoText(at)}`)
  const { registers } = boundary
  if (registers === null) return hold('boundary_held', `the reading for ${isoText(at)} is held`)
  if (boundary.verdict === 'estimated')
    return hold('boundary_estimated', `the reading for ${isoText(at)} is an estimate`)
  return ok({ ...boundary, registers })
}

function registersOf({ registers }: KnownBoundary): readonly (bigint | null)[] {
  return [registers.totalE4, ...registers.touE4]
}
