import { type BilledUsage, type HoldCode, maxBilledE4 } from '../../domain/bill.js'
import { addDays, monthOf } from '../../domain/time.js'

/** Why a usage cannot be billed whatever the prices; null when it can. The first reason in this order counts. */
export function checkUsage(usage: BilledUsage): HoldCode | null {
  const energies = [usage.energyE4, ...usage.touE4, usage.ladderOpeningE4 ?? 0n]
  if (energies.some((energyE4) => energyE4 > maxBilledE4 || energyE4 < -maxBilledE4)) return 'quantity_out_of_range'
  return usage.energyE4 < 0n ? 'negative_energy' : null
}

/** Why a usage cannot be placed on an annual ladder; null when it can. */
export function checkLadderUsage(usage: BilledUsage): HoldCode | null {
  if (usage.ladderFrom >= usage.periodTo) return 'ladder_from_after_period'
  if (monthOf(usage.periodFrom).year !== monthOf(addDays(usage.periodTo, -1)).year) return 'period_crosses_ladder_year'
  return usage.ladderOpeningE4 === null ? 'ladder_opening_unknown' : null
}
