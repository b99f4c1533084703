import { divideHalfUp, formatScaled } from '../../domain/scaled.js'
import type { AreaLossFigures } from '../../storage/mdm/area-losses.js'
import { lossE4 } from './area-loss.js'

/** Loss in per cent of what flowed in, two decimals; null while the supply is not known, or nothing flowed. */
export function lossRate(
  figures: Pick<AreaLossFigures, 'supplyE4' | 'fedInE4' | 'soldE4' | 'missingPoints'>,
): string | null {
  const loss = lossE4(figures)
  const inflow = (figures.supplyE4 ?? 0n) + figures.fedInE4
  return loss === null || inflow <= 0n ? null : percent(loss, inflow)
}

export interface SoldShares {
  /** Of the energy sold, what rests on estimates. */
  readonly estimatedPercent: string
  /** Of the usage points, those without any value. */
  readonly missingPercent: string
}

export function soldShares({
  soldE4,
  estimatedE4,
  soldPoints,
  missingPoints,
}: Pick<AreaLossFigures, 'soldE4' | 'estimatedE4' | 'soldPoints' | 'missingPoints'>): SoldShares {
  return {
    estimatedPercent: soldE4 === 0n ? '0.00' : percent(estimatedE4, soldE4),
    missingPercent: soldPoints === 0 ? '0.00' : percent(BigInt(missingPoints), BigInt(soldPoints)),
  }
}

function percent(part: bigint, whole: bigint): string {
  return formatScaled(divideHalfUp(part * 10_000n, whole), 2, 2)
}
