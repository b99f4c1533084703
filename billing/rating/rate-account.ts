import type { BilledUsage, ChargeLine, HoldCode } from '../../domain/bill.js'
import { Decimal } from '../../domain/decimal.js'
import { err, ok, type Result } from '../../domain/result.js'
import { formatScaled, yuan, fromScaled } from '../../domain/scaled.js'
import type { Ladder, Tariff } from '../tariffs/tariff.js'
import { checkLadderUsage, checkUsage } from './check-usage.js'
import { energyCharge } from './energy-charge.js'
import type { Explanation } from './explanation.js'
import { blockEnergies } from './ladder-blocks.js'
import { ladderCharge } from './ladder-charge.js'
import { ladderMonths } from './ladder-months.js'
import { slotEnergies } from './slot-energy.js'

export interface Rating {
  readonly lines: readonly ChargeLine[]
  readonly amountFen: bigint
  /** Where the ladder stands after this period; zero under a tariff without one. */
  readonly ladderEnergyE4: bigint
  readonly explanation: readonly Explanation[]
}

/**
 * The readable truth of rating: slots, then ladder, each line rounded once, the total their exact sum.
 * `billing/engine` computes the same in columns; a property test holds the two equal to the fen.
 */
export function rateAccount(tariff: Tariff, usage: BilledUsage): Result<Rating, { readonly kind: HoldCode }> {
  const unbillable = checkUsage(usage)
  if (unbillable !== null) return err({ kind: unbillable })
  const energies = slotEnergies(tariff.slots, usage)
  if (!energies.ok) return energies
  const slotSteps = energies.value.map(
    ({ slot, energyKwh }): Explanation => ({
      rule: 'slot_energy',
      inputs: { slot },
      result: energyKwh.toFixed(),
    }),
  )
  const energyLines = tariff.ladder?.form === 'full' ? [] : energyCharge(tariff, energies.value)
  const ladder = rateLadder(tariff.ladder, usage)
  if (!ladder.ok) return ladder
  const lines = [...energyLines, ...ladder.value.lines]
  const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0n)
  return ok({
    lines,
    amountFen,
    ladderEnergyE4: tariff.ladder === null ? 0n : (usage.ladderOpeningE4 ?? 0n) + usage.energyE4,
    explanation: [...slotSteps, ...ladder.value.explanation, ...lines.map(explainLine), explainTotal(lines, amountFen)],
  })
}

interface LadderRating {
  readonly lines: readonly ChargeLine[]
  readonly explanation: readonly Explanation[]
}

function rateLadder(ladder: Ladder | null, usage: BilledUsage): Result<LadderRating, { readonly kind: HoldCode }> {
  if (ladder === null) return ok({ lines: [], explanation: [] })
  const unplaced = checkLadderUsage(usage)
  if (unplaced !== null) return err({ kind: unplaced })
  const months = ladderMonths(usage)
  const limitsKwh = ladder.monthlyLimitsE4.map((limitE4) => fromScaled(limitE4, 4).mul(months))
  const openingKwh = fromScaled(usage.ladderOpeningE4 ?? 0n, 4)
  const blocksKwh = blockEnergies(limitsKwh, openingKwh, fromScaled(usage.energyE4, 4))
  return ok({
    lines: ladderCharge(ladder, blocksKwh),
    explanation: explainLadder(usage, months, limitsKwh, openingKwh, blocksKwh),
  })
}

function explainLadder(
  usage: BilledUsage,
  months: number,
  limitsKwh: readonly Decimal[],
  openingKwh: Decimal,
  blocksKwh: readonly Decimal[],
): readonly Explanation[] {
  const { ladderFrom, periodTo, settlementKind } = usage
  return [
    { rule: 'ladder_months', inputs: { ladderFrom, periodTo, settlementKind }, result: String(months) },
    {
      rule: 'ladder_limits',
      inputs: { months: String(months) },
      result: limitsKwh.map((limit) => limit.toFixed()).join(' / '),
    },
    ...blocksKwh.map(
      (energyKwh, index): Explanation => ({
        rule: 'block_energy',
        inputs: { block: String(index + 1), openingKwh: openingKwh.toFixed() },
        result: energyKwh.toFixed(),
      }),
    ),
  ]
}

function explainLine(line: ChargeLine): Explanation {
  const energyKwh = formatScaled(line.quantityE4, 4)
  const price = formatScaled(line.priceE8, 8)
  const unrounded = new Decimal(energyKwh).mul(price).toFixed()
  return { rule: 'charge_line', inputs: { energyKwh, price, unrounded }, result: yuan(line.amountFen) }
}

function explainTotal(lines: readonly ChargeLine[], amountFen: bigint): Explanation {
  return { rule: 'bill_total', inputs: { lines: String(lines.length) }, result: yuan(amountFen) }
}
