import { add, parseRational, type Rational } from '../../../domain/rational.js'
import { err, ok, type Result } from '../../../domain/result.js'
import { type Calendar, minuteMs } from '../../../domain/time.js'
import { instantOf, type Span } from '../../rating/usage/local-time.js'
import type { ComponentTariff, TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { toE8 } from './price-scale.js'

export type SeriesError = {
  readonly kind: 'series_unknown' | 'series_does_not_cover' | 'price_beyond_scale' | 'negative_price'
}

interface Priced {
  readonly calendar: Calendar
  readonly tariff: Pick<ComponentTariff, 'mayBeNegative'>
  readonly period: Span
  readonly minutes: number
  readonly segment: { readonly version: TariffVersion; readonly path: string }
}

/** Prices (e8) of so many intervals from the beginning of the period, each with `plus` on top. Several series of one name follow each other. */
export function seriesPricesE8(
  { calendar, tariff, period, minutes, segment }: Priced,
  name: string,
  plus: Rational,
  intervals: number,
): Result<Int32Array, SeriesError> {
  const known = segment.version.series.filter((one) => one.name === name)
  if (known.length === 0) return err({ kind: 'series_unknown' })
  const laid = known.map((series) => ({
    from: instantOf(calendar, series.start, `${segment.path}.series`),
    stepMs: series.minutes * minuteMs,
    values: series.values,
  }))
  const prices = new Int32Array(intervals)
  for (let interval = 0; interval < intervals; interval++) {
    const from = period.from + interval * minutes * minuteMs
    const text = laid.map((series) => priceAt(series, from, from + minutes * minuteMs)).find((one) => one !== undefined)
    const price = text === undefined ? null : parseRational(text)
    if (price === null) return err({ kind: 'series_does_not_cover' })
    if (price.n < 0n && tariff.mayBeNegative !== true) return err({ kind: 'negative_price' })
    const scaled = toE8(add(price, plus))
    if (scaled === null || BigInt.asIntN(32, scaled) !== scaled) return err({ kind: 'price_beyond_scale' })
    prices[interval] = Number(scaled)
  }
  return ok(prices)
}

interface LaidSeries {
  readonly from: number
  readonly stepMs: number
  readonly values: readonly string[]
}

/** The price of an interval that lies within one step of the series. */
function priceAt({ from, stepMs, values }: LaidSeries, start: number, end: number): string | undefined {
  const index = Math.floor((start - from) / stepMs)
  return end <= from + (index + 1) * stepMs ? values[index] : undefined
}
