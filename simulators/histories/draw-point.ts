import { lastDay, periodEndDay, periodStartDay } from './calendar.js'
import { type Chance, topics } from './chance.js'
import type { HangingMeter, RatioSpan } from './counting-meter.js'
import { drawNewMeter, drawOldMeter, turningAt } from './draw-meter.js'
import type { HonestEvent } from './history.js'
import { drawLevels, drawTurn } from './levels.js'
import { createLoad, minutesPerDay } from './load.js'
import { loadClasses, type LoadClass, loadClassNames } from './load-classes.js'
import type { Exchange, PointPlan } from './point-plan.js'

/** Share of the points in each class, by the order of their names, out of a hundred. */
const classShares = [55, 15, 10, 8, 6, 6] as const

/** What happens at points, in so many of a thousand. */
const shares = {
  exchange: 80,
  secondExchange: 200,
  newMultiplier: 250,
  newMultiplierAlone: 10,
  rollover: 120,
  live: 60,
}

/** What a point has in any case; `plain` is without exchanges. */
export interface PointNeeds {
  readonly exchange?: boolean
  readonly newMultiplier?: boolean
  readonly live?: boolean
  readonly plain?: boolean
}

/** An honest usage point; `firstMeterId` and those after it are its meters. */
export function drawPoint(chance: Chance, firstMeterId: bigint, needs: PointNeeds): PointPlan {
  const loadClass = drawClass(chance)
  const { monthlyKwh, ratios: choices } = loadClasses[loadClass]
  const atMeterE4 = BigInt(chance.between(monthlyKwh[0] * 10, monthlyKwh[1] * 10, topics.monthlyUse)) * 1000n
  const ratio = chance.pick(choices, topics.ratio)
  const turn = drawTurn(chance, loadClass, atMeterE4)
  const levels = drawLevels(chance, loadClass, turn)
  const load = createLoad({ loadClass, monthlyE4: atMeterE4 * BigInt(ratio), levels })
  const exchanges = drawExchanges(chance, needs)
  const ratios = drawRatios(chance, { choices, ratio, exchanges, needs })
  const wish = (order: number, fromMinute: number) => ({
    meterId: firstMeterId + BigInt(order),
    fromMinute,
    order,
    monthlyE4: atMeterE4,
  })
  const old = drawOldMeter(chance, wish(0, 0))
  const turnover = drawTurnover(chance, old)
  const first = turnover === null ? old : turningAt(old, load, { fromMinute: 0, ratio }, turnover)
  const events: HonestEvent[] = []
  if (exchanges.length === 1) events.push('exchange')
  if (exchanges.length > 1) events.push('several_exchanges')
  if (ratios.length > 1) events.push('new_multiplier')
  if (turnover !== null) events.push('rollover')
  if (turn !== null) events.push(turn.event)
  return {
    loadClass,
    monthlyE4: atMeterE4 * BigInt(ratio),
    levels,
    load,
    hanging: [first, ...exchanges.map(({ minute }, index) => drawNewMeter(chance, wish(index + 1, minute)))],
    exchanges,
    ratios,
    believedRatios: ratios,
    believedDigits: null,
    clockMinutes: () => 0,
    liveDelay:
      needs.live === true || chance.perMille(shares.live, topics.collection, 0)
        ? (day) => chance.below(15, topics.collection, 1, day)
        : null,
    events,
  }
}

function drawClass(chance: Chance): LoadClass {
  let drawn = chance.below(100, topics.loadClass)
  const index = classShares.findIndex((share) => {
    drawn -= share
    return drawn < 0
  })
  return loadClassNames[index] ?? 'residential'
}

/** In working hours of different days of the period. */
function drawExchanges(chance: Chance, { exchange, plain }: PointNeeds): readonly Exchange[] {
  if (plain === true || (exchange !== true && !chance.perMille(shares.exchange, topics.exchange, 0))) return []
  const count = chance.perMille(shares.secondExchange, topics.exchange, 1)
    ? chance.between(2, 3, topics.exchange, 2)
    : 1
  const days = Array.from({ length: count }, (_, index) =>
    chance.between(
      periodStartDay + index * 10,
      periodStartDay + index * 10 + (count === 1 ? 30 : 9),
      topics.exchange,
      3,
      index,
    ),
  )
  return days.map((day, index) => {
    const minute = day * minutesPerDay + chance.between(8 * 60, 18 * 60, topics.exchange, 4, index)
    return { minute, believedMinute: minute }
  })
}

/** By how much transformers that are exchanged may be smaller. */
const mostRatioFactor = 3

interface RatioWish {
  readonly choices: readonly [number, ...number[]]
  readonly ratio: number
  readonly exchanges: readonly Exchange[]
  readonly needs: PointNeeds
}

/** A new multiplier comes with the first exchange, or alone on a working day on which somebody reads the meter. */
function drawRatios(chance: Chance, { choices, ratio, exchanges, needs }: RatioWish): readonly RatioSpan[] {
  const first = { fromMinute: 0, ratio }
  const exchange = exchanges[0]
  const share = exchange === undefined ? shares.newMultiplierAlone : shares.newMultiplier
  const drawn = chance.pick(choices, topics.newMultiplier, 0)
  // Whoever chooses transformers sees to it that the meter behind them can count what flows.
  const fits = drawn * mostRatioFactor >= ratio && drawn !== ratio
  const next = needs.newMultiplier === true && !fits ? ratio * 2 : drawn
  const isNew =
    needs.newMultiplier === true || (needs.plain !== true && chance.perMille(share, topics.newMultiplier, 1))
  if (!isNew || next === ratio || next * mostRatioFactor < ratio) return [first]
  const day = chance.between(periodStartDay + 1, periodEndDay - 2, topics.newMultiplier, 2)
  const minute = day * minutesPerDay + chance.between(8 * 60, 18 * 60, topics.newMultiplier, 3)
  return [first, { fromMinute: exchange?.minute ?? minute, ratio: next }]
}

/** Which register starts again from zero, and when. */
function drawTurnover(chance: Chance, { hasTou }: HangingMeter) {
  if (!chance.perMille(shares.rollover, topics.rollover, 0)) return null
  const day = chance.between(periodStartDay - 10, lastDay - 1, topics.rollover, 1)
  const minute = day * minutesPerDay + chance.below(minutesPerDay, topics.rollover, 2)
  const register = chance.below(5, topics.rollover, 3)
  return { minute, register: register > 0 && hasTou[register - 1] === true ? register : 0 }
}
