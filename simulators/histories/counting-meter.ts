import type { RegisterSet } from '../../domain/reading.js'
import { type RegisterWidth, resolutionE4, widthE4 } from '../../domain/register-width.js'
import type { TrueEnergies } from './history.js'
import type { Load, TouEnergies } from './load.js'

/** CT × PT between the usage point and its meter, from a minute of the history on. */
export interface RatioSpan {
  readonly fromMinute: number
  readonly ratio: number
}

/** A meter as it really hangs there from a minute on, until the next one does. */
export interface HangingMeter extends RegisterWidth {
  readonly meterId: bigint
  readonly fromMinute: number
  /** Which tariff registers it has: tou1…tou4. */
  readonly hasTou: readonly [boolean, boolean, boolean, boolean]
  /** What its tariffs had counted when it was hung up, kWh e4 at the meter. */
  readonly opening: TouEnergies
}

export interface CountingMeter {
  readonly meter: HangingMeter
  /** The display at a minute: cut off register by register, started again from zero at the end of its digits. */
  readonly shownAt: (minute: number) => RegisterSet
  /** The same before any register started again: differences of these are what the meter counted. */
  readonly countedAt: (minute: number) => TrueEnergies
}

export function createCountingMeter(meter: HangingMeter, load: Load, ratios: readonly RatioSpan[]): CountingMeter {
  const step = resolutionE4(meter)
  const range = widthE4(meter)
  const cut = (valueE4: bigint) => valueE4 - (valueE4 % step)
  const spans = spansOf(meter, load, ratios)

  function countedAt(minute: number): TrueEnergies {
    const span = spans.findLast(({ fromMinute }) => fromMinute <= minute) ?? spans[0]
    const tou = span === undefined ? meter.opening : plus(span.before, drawn(meter, load, span, minute))
    const [tou1, tou2, tou3, tou4] = tou
    return [cut(tou1 + tou2 + tou3 + tou4), cut(tou1), cut(tou2), cut(tou3), cut(tou4)]
  }

  return {
    meter,
    countedAt,
    shownAt(minute) {
      const [total, ...tou] = countedAt(minute)
      const shown = (index: 0 | 1 | 2 | 3) => (meter.hasTou[index] ? wrapped(tou[index], range) : null)
      return { totalE4: wrapped(total, range), touE4: [shown(0), shown(1), shown(2), shown(3)] }
    },
  }
}

interface CountedSpan extends RatioSpan {
  /** What the registers held at its begin. */
  readonly before: TouEnergies
  /** What the usage point had drawn by then. */
  readonly drawnBefore: TouEnergies
}

function spansOf(meter: HangingMeter, load: Load, ratios: readonly RatioSpan[]): readonly CountedSpan[] {
  const spans: CountedSpan[] = []
  for (const [index, { fromMinute, ratio }] of ratios.entries()) {
    const next = ratios[index + 1]?.fromMinute ?? Number.MAX_SAFE_INTEGER
    if (next <= meter.fromMinute) continue
    const from = Math.max(fromMinute, meter.fromMinute)
    const last = spans.at(-1)
    const before = last === undefined ? meter.opening : plus(last.before, drawn(meter, load, last, from))
    spans.push({ fromMinute: from, ratio, before, drawnBefore: folded(meter, load.upTo(from)) })
  }
  return spans
}

function drawn(meter: HangingMeter, load: Load, { ratio, drawnBefore }: CountedSpan, minute: number): TouEnergies {
  const until = folded(meter, load.upTo(minute))
  const divisor = BigInt(ratio)
  return [
    (until[0] - drawnBefore[0]) / divisor,
    (until[1] - drawnBefore[1]) / divisor,
    (until[2] - drawnBefore[2]) / divisor,
    (until[3] - drawnBefore[3]) / divisor,
  ]
}

/** A meter with two tariffs counts by day in tou2 and by night in tou4. */
export function folded({ hasTou }: HangingMeter, [tou1, tou2, tou3, tou4]: TouEnergies): TouEnergies {
  const [first, third] = [hasTou[0] ? 0n : tou1, hasTou[2] ? 0n : tou3]
  return first === 0n && third === 0n
    ? [tou1, tou2, tou3, tou4]
    : [tou1 - first, tou2 + first + third, tou3 - third, tou4]
}

function plus(left: TouEnergies, right: TouEnergies): TouEnergies {
  return [left[0] + right[0], left[1] + right[1], left[2] + right[2], left[3] + right[3]]
}

/** A register that runs backwards below zero shows the end of its digits. */
function wrapped(valueE4: bigint, rangeE4: bigint): bigint {
  if (valueE4 >= 0n && valueE4 < rangeE4) return valueE4
  return ((valueE4 % rangeE4) + rangeE4) % rangeE4
}
