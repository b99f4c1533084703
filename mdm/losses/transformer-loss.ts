import { divideHalfUp } from '../../domain/scaled.js'
import { hourMs } from '../../domain/time.js'

export interface LossCharacteristic {
  /** Lost without load, kW or kvar e6. */
  readonly noLoadE6: bigint
  /** Lost at rated load, kW or kvar e6. */
  readonly loadE6: bigint
}
export interface TransformerLoad {
  readonly ratedKva: bigint
  /** Energies that went through, kWh and kvarh e4. */
  readonly activeE4: bigint
  readonly reactiveE4: bigint
  readonly durationMs: number
  /** k: 1.0 for a load that never changes; customarily 1.2 for three shifts, 1.8 for two, 3.6 for one. Tenths. */
  readonly shapeE1: bigint
}

/**
 * Energy lost in a transformer: ΔW = P0·T + k·(Wp² + Wq²)·Pk / (Se²·T), T in hours (billing-rules 5.2); the same with kvar for reactive
 * energy. Exact but for one rounding, half up.
 * @returns kWh or kvarh e4.
 */
export function transformerLossE4({ noLoadE6, loadE6 }: LossCharacteristic, load: TransformerLoad): bigint {
  const { ratedKva, activeE4, reactiveE4, shapeE1 } = load
  const [time, hour] = [BigInt(load.durationMs), BigInt(hourMs)]
  // Both terms over one divisor, times in milliseconds: W² is at e8, k at e1, P at e6, the result at e4.
  const divisor = 10n ** 11n * ratedKva * ratedKva * time * hour
  const noLoad = noLoadE6 * time * 10n ** 9n * ratedKva * ratedKva * time
  const underLoad = shapeE1 * (activeE4 * activeE4 + reactiveE4 * reactiveE4) * loadE6 * hour * hour
  return divideHalfUp(noLoad + underLoad, divisor)
}
