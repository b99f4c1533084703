import type { DaySegment } from '../../storage/mdm/area-losses.js'
import { physicalLimitE4 } from '../validation/physical-limit.js'
import type { MeterLimits } from '../validation/policy.js'
import { registerDelta } from '../validation/register-delta.js'

export type DayEnergy =
  | { readonly kind: 'known'; readonly energyE4: bigint; readonly isEstimated: boolean }
  /** A boundary has no value that stands, a register fell, or the multiplier is not on record. */
  | { readonly kind: 'missing' }

const missing: DayEnergy = { kind: 'missing' }

/** What one usage point used in a day, over an exchange too: kWh e4 after the multiplier. */
export function dayEnergy(segments: readonly DaySegment[], limits: MeterLimits): DayEnergy {
  let energyE4 = 0n
  let isEstimated = false
  for (const { start, end, meter, multiplier } of segments) {
    const [from, to] = [start?.totalE4 ?? null, end?.totalE4 ?? null]
    if (start === null || end === null || from === null || to === null) return missing
    if (meter === null || multiplier === null) return missing
    const delta = registerDelta(from, to, meter, physicalLimitE4(meter, start.readAt, end.readAt, limits))
    if (!delta.ok) return missing
    energyE4 += delta.value * BigInt(multiplier)
    isEstimated ||= start.verdict === 'estimated' || end.verdict === 'estimated'
  }
  return { kind: 'known', energyE4, isEstimated }
}
