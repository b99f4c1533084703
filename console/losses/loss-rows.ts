import { groupBy } from '../../domain/group-by.js'
import { formatScaled } from '../../domain/scaled.js'
import { lossE4 } from '../../mdm/losses/area-loss.js'
import { lossRate, soldShares } from '../../mdm/losses/loss-rate.js'
import type { AreaLossFigures, ListedAreaLoss } from '../../storage/mdm/area-losses.js'

export const lossLevels = ['area', 'organisation'] as const
export type LossLevel = (typeof lossLevels)[number]

/** Losses of an area, or of all areas of an organisation and those below it whose supply is known. Energies kWh, exact. */
export interface LossRow {
  readonly code: string
  readonly name: string | null
  readonly areas: number
  /** Areas whose supply is not known: they are in no sum of an organisation. */
  readonly unknownAreas: number
  readonly supplyKwh: string | null
  readonly fedInKwh: string
  readonly soldKwh: string
  readonly lossKwh: string | null
  readonly lossPercent: string | null
  readonly soldPoints: number
  readonly estimatedPoints: number
  readonly missingPoints: number
  readonly soldEstimatedPercent: string
  readonly soldMissingPercent: string
  /** Of an area; null of an organisation. */
  readonly verdict: AreaLossFigures['verdict'] | null
  readonly outOfBandAreas: number
}

export function lossRows(listed: readonly ListedAreaLoss[], by: LossLevel): readonly LossRow[] {
  if (by === 'area')
    return listed.map((loss) => ({
      ...toRow(loss.areaCode, [loss]),
      name: loss.areaName,
      verdict: loss.verdict,
    }))
  const members = listed.flatMap((loss) => loss.organisations.map((organisation) => ({ organisation, loss })))
  return [...groupBy(members, ({ organisation }) => organisation)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([organisation, own]) =>
      toRow(
        organisation,
        own.map(({ loss }) => loss),
      ),
    )
}

function toRow(code: string, losses: readonly ListedAreaLoss[]): LossRow {
  const known = losses.filter(({ supplyE4 }) => supplyE4 !== null)
  const counted = known.length > 0 ? known : losses
  const total = {
    supplyE4: known.length === 0 ? null : sumOf(known, ({ supplyE4 }) => supplyE4 ?? 0n),
    fedInE4: sumOf(counted, ({ fedInE4 }) => fedInE4),
    soldE4: sumOf(counted, ({ soldE4 }) => soldE4),
    estimatedE4: sumOf(counted, ({ estimatedE4 }) => estimatedE4),
    soldPoints: countOf(counted, ({ soldPoints }) => soldPoints),
    estimatedPoints: countOf(counted, ({ estimatedPoints }) => estimatedPoints),
    missingPoints: countOf(counted, ({ missingPoints }) => missingPoints),
  }
  const loss = lossE4(total)
  const shares = soldShares(total)
  return {
    code,
    name: null,
    areas: losses.length,
    unknownAreas: losses.length - known.length,
    supplyKwh: total.supplyE4 === null ? null : formatScaled(total.supplyE4, 4, 2),
    fedInKwh: formatScaled(total.fedInE4, 4, 2),
    soldKwh: formatScaled(total.soldE4, 4, 2),
    lossKwh: loss === null ? null : formatScaled(loss, 4, 2),
    lossPercent: lossRate(total),
    soldPoints: total.soldPoints,
    estimatedPoints: total.estimatedPoints,
    missingPoints: total.missingPoints,
    soldEstimatedPercent: shares.estimatedPercent,
    soldMissingPercent: shares.missingPercent,
    verdict: null,
    outOfBandAreas: losses.filter(({ verdict }) => verdict === 'negative' || verdict === 'above').length,
  }
}

function sumOf(losses: readonly ListedAreaLoss[], of: (loss: ListedAreaLoss) => bigint): bigint {
  return losses.reduce((total, loss) => total + of(loss), 0n)
}

function countOf(losses: readonly ListedAreaLoss[], of: (loss: ListedAreaLoss) => number): number {
  return losses.reduce((total, loss) => total + of(loss), 0)
}
