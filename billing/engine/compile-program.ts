import { maxBilledE4, slots } from '../../domain/bill.js'
import { err, invariant, ok, type Result } from '../../domain/result.js'
import type { Tariff } from '../tariffs/tariff.js'
import type { PriceScale } from './charge-fen.js'
import { maxLinesPerBill } from './columns.js'

/**
 * A tariff version compiled for the kernel. Prices are integers at `priceScale` decimals, the fewest that hold all of them, so that
 * quantity × price stays below 2^53 for as many bills as possible.
 */
export interface RateProgram {
  /** Slot numbers of tou1…tou4, -1 for a register the tariff does not know; null when the time of use does not matter. */
  readonly registerSlots: readonly number[] | null
  readonly residualSlot: number
  /** Indexed by slot number. */
  readonly slotPrices: readonly number[]
  readonly ladder: 'none' | 'full' | 'increment'
  readonly monthlyLimitsE4: readonly number[]
  /** Element i is block i + 1. */
  readonly blockPrices: readonly number[]
  readonly toPriceE8: number
  /** quantity e4 × price / divisor = fen */
  readonly divisor: number
  /** Up to this quantity (e4) every product is an exact integer below 2^53; above it the kernel computes in bigint. */
  readonly exactQuantityE4: number
}

export type CompileError = { readonly kind: 'price_out_of_range' | 'limit_out_of_range' }

export const priceLimitE8 = 10n ** 10n
const noSlot = -1
/** All slots but `all`. */
const timeOfUseSlots = Object.keys(slots).length - 1

/** The program of a tariff; refuses one whose amounts its integers could not hold at every quantity it accepts. */
export function compileProgram(tariff: Tariff): Result<RateProgram, CompileError> {
  const prices = [...tariff.energyPrices.map(({ priceE8 }) => priceE8), ...(tariff.ladder?.blockPricesE8 ?? [])]
  // Below 100 per kWh a line stays below 2^48 fen, and the sum of the lines of a bill (maxLinesPerBill) below 2^52.
  if (prices.some((priceE8) => priceE8 < 0n || priceE8 >= priceLimitE8)) return err({ kind: 'price_out_of_range' })
  const limits = tariff.ladder?.monthlyLimitsE4 ?? []
  if (limits.some((limitE4) => limitE4 > maxBilledE4)) return err({ kind: 'limit_out_of_range' })
  const program = buildProgram(tariff, prices)
  invariant(mostLines(program) <= maxLinesPerBill, `${tariff.code} may bill more lines than the columns hold`)
  return ok(program)
}

/** A line for each slot and each block. */
function mostLines({ ladder, registerSlots, blockPrices }: RateProgram): number {
  const slotLines = registerSlots === null ? 1 : timeOfUseSlots
  return (ladder === 'full' ? 0 : slotLines) + (ladder === 'none' ? 0 : blockPrices.length)
}

/** The fewest decimals that hold some prices e8. */
export function priceScale(pricesE8: readonly bigint[]): PriceScale & { readonly dropped: number } {
  const dropped = droppedDecimals(pricesE8)
  const highest = pricesE8.reduce((high, price) => (price > high ? price : high), 1n) / 10n ** BigInt(dropped)
  const exact = (2n ** 53n - 1n) / (highest > 0n ? highest : 1n)
  return {
    dropped,
    divisor: Number(10n ** BigInt(10 - dropped)),
    exactQuantityE4: Number(exact < maxBilledE4 ? exact : maxBilledE4),
  }
}

function buildProgram(tariff: Tariff, prices: readonly bigint[]): RateProgram {
  const { dropped, divisor, exactQuantityE4 } = priceScale(prices)
  const unit = 10n ** BigInt(dropped)
  return {
    registerSlots: tariff.slots?.registers.map((slot) => (slot === null ? noSlot : slots[slot])) ?? null,
    residualSlot: tariff.slots === null ? slots.all : slots[tariff.slots.residual],
    slotPrices: slotPrices(tariff, unit),
    ladder: tariff.ladder?.form ?? 'none',
    monthlyLimitsE4: tariff.ladder?.monthlyLimitsE4.map(Number) ?? [],
    blockPrices: tariff.ladder?.blockPricesE8.map((price) => Number(price / unit)) ?? [],
    toPriceE8: Number(unit),
    divisor,
    exactQuantityE4,
  }
}

function slotPrices(tariff: Tariff, unit: bigint): readonly number[] {
  const prices = Object.values(slots).map(() => 0)
  for (const { slot, priceE8 } of tariff.energyPrices) prices[slots[slot]] = Number(priceE8 / unit)
  return prices
}

/** How many of the eight decimals no price needs. */
export function droppedDecimals(prices: readonly bigint[]): number {
  let dropped = 0
  while (dropped < 8 && prices.every((price) => price % 10n ** BigInt(dropped + 1) === 0n)) dropped++
  return dropped
}
