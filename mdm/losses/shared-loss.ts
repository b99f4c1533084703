import { apportion } from '../relations/apportion.js'
import { type LossCharacteristic, transformerLossE4 } from './transformer-loss.js'

/** A low-side nameplate. Scales as in the registry: kW e4, per cent e4; null where the plate is not on record. */
export interface Nameplate {
  readonly ratedKva: bigint
  readonly noLoadLossKwE4: bigint
  readonly loadLossKwE4: bigint
  readonly noLoadCurrentE4: bigint | null
  readonly impedanceE4: bigint | null
}
/** A usage point behind the transformer. */
export interface Behind {
  readonly usagePointId: bigint
  /** What it bears, kWh e4: the loss is shared by it. */
  readonly borneE4: bigint
  /** What its own meter saw, where no other meter behind the transformer sees it too. */
  readonly throughE4: { readonly active: bigint; readonly reactive: bigint } | null
}
export interface PointLoss {
  readonly usagePointId: bigint
  readonly activeE4: bigint
  /** Null where the nameplate does not say enough. */
  readonly reactiveE4: bigint | null
}

/**
 * Losses of one transformer over a time, shared by what each point behind it bears; equally where nobody used anything. The shares add up
 * to the loss.
 */
export function sharedLoss(
  plate: Nameplate,
  points: readonly Behind[],
  time: { readonly durationMs: number; readonly shapeE1: bigint },
): readonly PointLoss[] {
  const load = {
    ratedKva: plate.ratedKva,
    activeE4: points.reduce((sum, { throughE4 }) => sum + (throughE4?.active ?? 0n), 0n),
    reactiveE4: points.reduce((sum, { throughE4 }) => sum + (throughE4?.reactive ?? 0n), 0n),
    ...time,
  }
  const weights = points.map(({ borneE4 }) => borneE4)
  const split = (characteristic: LossCharacteristic) => apportion(transformerLossE4(characteristic, load), weights)
  const active = split({ noLoadE6: plate.noLoadLossKwE4 * 100n, loadE6: plate.loadLossKwE4 * 100n })
  const magnetising = reactiveCharacteristic(plate)
  const reactive = magnetising === null ? null : split(magnetising)
  return points.map(({ usagePointId }, place) => ({
    usagePointId,
    activeE4: active[place] ?? 0n,
    reactiveE4: reactive === null ? null : (reactive[place] ?? 0n),
  }))
}

/** Q0 = Se·I0%/100 and Qk = Se·Uk%/100: kVA times per cent e4 over 100 is kvar e6. */
function reactiveCharacteristic({ ratedKva, noLoadCurrentE4, impedanceE4 }: Nameplate): LossCharacteristic | null {
  if (noLoadCurrentE4 === null || impedanceE4 === null) return null
  return { noLoadE6: ratedKva * noLoadCurrentE4, loadE6: ratedKva * impedanceE4 }
}
