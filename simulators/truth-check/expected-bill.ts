import { fenOf } from './exact.js'
import { blockEnergiesE4 } from './ladder-blocks.js'
import type { Tariff } from './tariff-file.js'
import { registersKey, type Segment, type Settlement, type Truth } from './truth-file.js'

/** What a settlement must come to, from the true registers alone. Energies kWh e4 after the multiplier. */
export interface ExpectedBill {
  readonly energyE4: bigint
  readonly amountFen: bigint
  /** Energy that counts for the ladder, this settlement included; zero where the tariff has no ladder. */
  readonly ladderEnergyE4: bigint
}

export function expectedBill(truth: Truth, settlement: Settlement, tariff: Tariff): ExpectedBill {
  const [energyE4 = 0n, ...touE4] = metered(truth, settlement.segments)
  const fen = slotLinesFen(tariff, energyE4, touE4) + blockLinesFen(tariff, settlement, energyE4)
  const ladderEnergyE4 = tariff.ladder === null ? 0n : settlement.openingLadderE4 + energyE4
  return { energyE4, amountFen: fen, ladderEnergyE4 }
}

/** Total and tou1…tou4 over all metering segments. */
function metered(truth: Truth, segments: readonly Segment[]): readonly bigint[] {
  return segments
    .map((segment) => segmentEnergies(truth, segment))
    .reduce((sums, energies) => sums.map((sum, index) => sum + (energies[index] ?? 0n)))
}

function segmentEnergies(truth: Truth, { meter, from, to, multiplier }: Segment): readonly bigint[] {
  const start = truth.registers.get(registersKey(meter, from))
  const end = truth.registers.get(registersKey(meter, to))
  const wrap = truth.wrapE4.get(meter)
  if (start === undefined || end === undefined || wrap === undefined)
    throw new TypeError(`truth has no border of ${meter}`)
  return end.valuesE4.map((value, index) => {
    const difference = value - (start.valuesE4[index] ?? 0n)
    return (difference < 0n ? difference + wrap : difference) * multiplier
  })
}

/** One line per slot; what the registers lack to the total goes to the residual slot. */
function slotLinesFen(tariff: Tariff, energyE4: bigint, touE4: readonly bigint[]): bigint {
  const bySlot = new Map<string, bigint>()
  const add = (slot: string, valueE4: bigint) => bySlot.set(slot, (bySlot.get(slot) ?? 0n) + valueE4)
  if (tariff.registers === null || tariff.residual === null) add('all', energyE4)
  else {
    const billed = tariff.registers.map((slot, index) => ({ slot, valueE4: touE4[index] ?? 0n }))
    const named = billed.flatMap(({ slot, valueE4 }) => (slot === null ? [] : [{ slot, valueE4 }]))
    for (const { slot, valueE4 } of named) add(slot, valueE4)
    add(tariff.residual, energyE4 - named.reduce((sum, { valueE4 }) => sum + valueE4, 0n))
  }
  return [...tariff.energyPrices].reduce((sum, [slot, price]) => sum + fenOf(bySlot.get(slot) ?? 0n, price), 0n)
}

function blockLinesFen({ ladder }: Tariff, settlement: Settlement, energyE4: bigint): bigint {
  if (ladder === null) return 0n
  return blockEnergiesE4(ladder, settlement, energyE4)
    .map((blockE4, index) => {
      const price = ladder.blockPrices.get(index + 1)
      return price === undefined ? 0n : fenOf(blockE4, price)
    })
    .reduce((sum, fen) => sum + fen, 0n)
}
