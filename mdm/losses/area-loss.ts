import { groupBy } from '../../domain/group-by.js'
import type { AreaLossFigures, DaySegment } from '../../storage/mdm/area-losses.js'
import type { MeterLimits } from '../validation/policy.js'
import { type DayEnergy, dayEnergy } from './day-energy.js'
import type { LossPolicy } from './loss-policy.js'

/**
 * Loss of one area over one day: what its supply meters let in less what flowed back, plus what customers fed in, less what was sold. Supply
 * has to be read: an estimate of it would say nothing about losses. With sold points missing, a loss above the threshold proves nothing,
 * but a gain does. `usualE4` is the area's usual loss as a fraction e4; null where too little is known of it.
 */
export function areaLoss(
  segments: readonly DaySegment[],
  usualE4: bigint | null,
  policy: LossPolicy,
  limits: MeterLimits,
): AreaLossFigures {
  const byPoint = groupBy(segments, ({ role, usagePointId }) => `${role} ${usagePointId}`)
  const energies = [...byPoint.values()].map((own) => ({
    role: own[0]?.role,
    usagePointId: own[0]?.usagePointId,
    energy: pointEnergy(own, limits),
  }))
  const energiesOf = (role: DaySegment['role']) =>
    energies.filter((one) => one.role === role).map(({ energy }) => energy)
  const [supply, returned, sold, fedIn] = [
    energiesOf('supply'),
    energiesOf('returned'),
    energiesOf('sold'),
    energiesOf('fed_in'),
  ]
  const customers = groupBy(
    energies.filter(({ role }) => role === 'sold' || role === 'fed_in'),
    ({ usagePointId }) => usagePointId,
  )
  const isMissing = (own: readonly { readonly energy: DayEnergy }[]) =>
    own.some(({ energy }) => energy.kind === 'missing')
  const figures = {
    supplyE4: [...supply, ...returned].every(isRead) ? sum(supply) - sum(returned) : null,
    fedInE4: sum(fedIn),
    soldE4: sum(sold),
    estimatedE4: sum(sold.filter(isEstimated)),
    supplyPoints: supply.length,
    soldPoints: customers.size,
    estimatedPoints: [...customers.values()].filter(
      (own) => !isMissing(own) && own.some(({ energy }) => isEstimated(energy)),
    ).length,
    missingPoints: [...customers.values()].filter(isMissing).length,
  }
  const thresholdE4 = thresholdOf(usualE4, policy)
  return {
    ...figures,
    verdict: verdictOf(figures, thresholdE4, policy),
    thresholdE4,
    policyVersion: policy.version,
  }
}

type Figures = Pick<AreaLossFigures, 'supplyE4' | 'fedInE4' | 'soldE4' | 'missingPoints'>

/** What flowed in less what flowed out, kWh e4; null while the supply is not known. */
export function lossE4({ supplyE4, fedInE4, soldE4 }: Figures): bigint | null {
  return supplyE4 === null ? null : supplyE4 + fedInE4 - soldE4
}

/** A bypassed meter among many lifts a loss by little; against the area's own it stands out. */
function thresholdOf(usualE4: bigint | null, { aboveE4, riseE4 }: LossPolicy): number {
  return usualE4 === null ? aboveE4 : Math.min(aboveE4, Math.max(0, Number(usualE4)) + riseE4)
}

function verdictOf(figures: Figures, thresholdE4: number, policy: LossPolicy): AreaLossFigures['verdict'] {
  const loss = lossE4(figures)
  if (loss === null || figures.supplyE4 === null) return 'unknown'
  const inflow = figures.supplyE4 + figures.fedInE4
  if (loss < 0n && -loss >= policy.leastE4 && -loss * 10_000n > inflow * BigInt(policy.negativeE4)) return 'negative'
  if (figures.missingPoints > 0) return 'incomplete'
  return loss >= policy.leastE4 && loss * 10_000n > inflow * BigInt(thresholdE4) ? 'above' : 'in_band'
}

/** A meter without registers for the other direction has let nothing flow back. */
function pointEnergy(segments: readonly DaySegment[], limits: MeterLimits): DayEnergy {
  const countsOneWay = segments.every(({ role, start, end }) => role === 'returned' && start === null && end === null)
  return countsOneWay ? { kind: 'known', energyE4: 0n, isEstimated: false } : dayEnergy(segments, limits)
}

function isEstimated(energy: DayEnergy): boolean {
  return energy.kind === 'known' && energy.isEstimated
}

function isRead(energy: DayEnergy): boolean {
  return energy.kind === 'known' && !energy.isEstimated
}

function sum(energies: readonly DayEnergy[]): bigint {
  return energies.reduce((total, one) => (one.kind === 'known' ? total + one.energyE4 : total), 0n)
}
