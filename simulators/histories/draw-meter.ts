import { widthE4 } from '../../domain/register-width.js'
import { type Chance, topics } from './chance.js'
import { folded, type HangingMeter, type RatioSpan } from './counting-meter.js'
import type { Load, TouEnergies } from './load.js'

type Display = readonly [digits: number, decimals: number]

/** By how often one meets them; displays of four digits are met where little is used. */
const displays: readonly [Display, ...Display[]] = [
  [6, 2],
  [6, 2],
  [6, 2],
  [6, 2],
  [8, 2],
  [5, 1],
  [5, 2],
  [6, 1],
  [6, 4],
]
const smallDisplays: readonly [Display, ...Display[]] = [...displays, [4, 2], [4, 2]]
const smallUseKwh = 900n

export interface MeterWish {
  readonly meterId: bigint
  readonly fromMinute: number
  /** Tells the meters of one point apart. */
  readonly order: number
  /** Mean use of 30 days at the meter, kWh e4. */
  readonly monthlyE4: bigint
}

/** A meter that has counted for years. */
export function drawOldMeter(chance: Chance, wish: MeterWish): HangingMeter {
  const blank = drawBlank(chance, wish)
  const range = widthE4(blank)
  const opening = (tou: number) => (range / 10_000n) * BigInt(chance.below(2500, topics.opening, wish.order, tou))
  const odd = (tou: number) => BigInt(chance.below(100_000, topics.opening, wish.order, tou, 1))
  return withOpening(blank, [opening(0) + odd(0), opening(1) + odd(1), opening(2) + odd(2), opening(3) + odd(3)])
}

/** Most new meters start near zero, with what the test bench left on them; some come from another point. */
export function drawNewMeter(chance: Chance, wish: MeterWish): HangingMeter {
  const blank = drawBlank(chance, wish)
  const used = chance.below(100, topics.exchange, wish.order, 20)
  const mostE4 = used < 55 ? 1 : used < 85 ? 20_000 : 8_000_000
  const opening = (tou: number) => BigInt(chance.below(mostE4, topics.opening, wish.order, tou))
  return withOpening(blank, [opening(0), opening(1), opening(2), opening(3)])
}

/** The same meter, set so that one register starts again from zero at a minute. `register` 0 is the total. */
export function turningAt(
  meter: HangingMeter,
  load: Load,
  { ratio }: RatioSpan,
  { minute, register }: { readonly minute: number; readonly register: number },
): HangingMeter {
  const [from, until] = [folded(meter, load.upTo(meter.fromMinute)), folded(meter, load.upTo(minute))]
  const counted = (tou: 0 | 1 | 2 | 3) => (until[tou] - from[tou]) / BigInt(ratio)
  const range = widthE4(meter)
  const [a, b, c, d] = meter.opening
  if (register > 0) {
    const at = (tou: 0 | 1 | 2 | 3, before: bigint) => (register === tou + 1 ? range - counted(tou) : before)
    return withOpening(meter, [at(0, a), at(1, b), at(2, c), at(3, d)])
  }
  const rest = range - counted(0) - counted(1) - counted(2) - counted(3) - a - b - c
  return withOpening(meter, [a, b, c, rest > 0n ? rest : d])
}

function drawBlank(chance: Chance, { meterId, fromMinute, order, monthlyE4 }: MeterWish): HangingMeter {
  const choices = monthlyE4 < smallUseKwh * 10_000n ? smallDisplays : displays
  const [registerDigits, registerDecimals] = chance.pick(choices, topics.width, order)
  const kind = chance.below(100, topics.registers)
  const hasTou: HangingMeter['hasTou'] =
    kind < 15 ? [false, false, false, false] : kind < 40 ? [false, true, false, true] : [true, true, true, true]
  return { meterId, fromMinute, registerDigits, registerDecimals, hasTou, opening: [0n, 0n, 0n, 0n] }
}

function withOpening(meter: HangingMeter, opening: TouEnergies): HangingMeter {
  return { ...meter, opening: folded(meter, opening) }
}
