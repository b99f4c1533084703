import { type BilledUsage, maxBilledE4 } from '../../domain/bill.js'
import { addDays } from '../../domain/time.js'
import type { Ladder, SlotMap, Tariff } from '../../billing/tariffs/tariff.js'
import { createFuzzRandom, type FuzzRandom } from '../fuzz/fuzz-random.js'

/** A tariff of slots and ladder, and usages that are rated by it; the first of them names a tariff that nobody has on record. */
export interface Case {
  readonly tariff: Tariff
  readonly usages: readonly CaseUsage[]
}

export type CaseUsage = BilledUsage & { readonly tariffCode: string }

export const usagesPerCase = 50

const timeOfUse = ['sharp', 'peak', 'flat', 'valley'] as const
/** Units of all prices of a tariff: few decimals take the number path, many the bigint path. */
const priceUnits = [10_000n, 100n, 1n] as const
/** 99.99999999 is the highest price that loads. */
const highestPriceE8 = 10n ** 10n - 1n
const fundNames = ['rural_grid_loan', 'reservoir_resettlement', 'renewable_energy'] as const
const firstDay = '2024-01-01'
const mostDays = 1100

/** The case of a number under a seed, whatever was drawn before it. */
export function drawCase(seed: number, number: number): Case {
  const random = createFuzzRandom(seed, number)
  const tariff = drawTariff(random)
  const usages = Array.from({ length: usagesPerCase }, (_, index) => ({
    ...drawUsage(random),
    tariffCode: index === 0 ? 'unknown' : tariff.code,
  }))
  return { tariff, usages }
}

function drawTariff(random: FuzzRandom): Tariff {
  const unit = random.pick(priceUnits)
  const price = () => drawPrice(random, unit)
  const ladder = random.oneIn(3) ? null : drawLadder(random, price)
  const isFull = ladder?.form === 'full'
  return {
    code: 'generated',
    version: 1,
    slots: isFull || random.oneIn(3) ? null : drawSlots(random),
    energyPrices: isFull ? [] : (['all', ...timeOfUse] as const).map((slot) => ({ slot, priceE8: price() })),
    ladder,
    funds: fundNames
      .slice(random.below(fundNames.length + 1))
      .map((fund) => ({ fund, priceE8: upTo(random, random.oneIn(2) ? 5_000_000n : highestPriceE8) })),
    vatRateE4: random.pick([0n, 300n, 1300n]),
  }
}

function drawPrice(random: FuzzRandom, unit: bigint): bigint {
  const rawE8 = upTo(random, highestPriceE8)
  return unit === 1n ? rawE8 : (rawE8 % 20_000n) * unit
}

function drawLadder(random: FuzzRandom, price: () => bigint): Ladder {
  const limits = new Set(Array.from({ length: 1 + random.below(7) }, () => 1n + upTo(random, 9_000_000n)))
  return {
    form: random.pick(['full', 'increment'] as const),
    monthlyLimitsE4: [...limits].sort((a, b) => (a < b ? -1 : 1)),
    blockPricesE8: Array.from({ length: limits.size + 1 }, price),
  }
}

function drawSlots(random: FuzzRandom): SlotMap {
  const register = () => (random.oneIn(60) ? null : random.pick(timeOfUse))
  return { registers: [register(), register(), register(), register()], residual: random.pick(timeOfUse) }
}

function drawUsage(random: FuzzRandom): BilledUsage {
  const mostE4 = drawMost(random)
  const energy = () => upTo(random, mostE4)
  const touE4 = [energy(), energy(), energy(), energy()] as const
  const periodFrom = drawDay(random)
  return {
    energyE4: touE4.reduce((sum, tou) => sum + tou, drawDifference(random, mostE4)),
    touE4,
    settlementKind: random.oneIn(2) ? 'regular' : 'transfer',
    ladderFrom: random.oneIn(12) ? drawDay(random) : firstDay,
    periodFrom,
    periodTo: addDays(periodFrom, 1 + random.below(40)),
    ladderOpeningE4: random.oneIn(30) ? null : energy(),
  }
}

/** Most accounts are small; some reach the bigint path, a few the limit of what is billed at all. */
function drawMost(random: FuzzRandom): bigint {
  const drawn = random.below(32)
  return drawn < 24 ? 100_000_000n : drawn < 31 ? maxBilledE4 / 8n : maxBilledE4
}

/** Mostly what the display's last digits leave; sometimes more than any slot holds. */
function drawDifference(random: FuzzRandom, mostE4: bigint): bigint {
  return random.oneIn(20) ? upTo(random, 6n * mostE4) - 5n * mostE4 : upTo(random, 600n) - 300n
}

function drawDay(random: FuzzRandom): string {
  return addDays(firstDay, random.below(mostDays + 1))
}

/** From nothing to `most`, which is below 2^52: mostly anywhere, now and then something small, or one of the ends. */
function upTo(random: FuzzRandom, most: bigint): bigint {
  if (random.oneIn(16)) return random.pick([0n, 1n, most - 1n, most])
  const bound = random.oneIn(8) && most > 100_000n ? 100_000n : most
  return BigInt((random.below(2 ** 21) * 2 ** 32 + random.next()) % (Number(bound) + 1))
}
