import { datesIn, type Instant, minuteMs } from '../../../domain/time.js'
import type { PriceSeries } from '../../tariffs/components/tariff-schema.js'
import { instantOf } from '../usage/local-time.js'
import { instantText, laidDay } from './curves.js'
import type { DayMap } from './day-map.js'

/**
 * Prices by interval laid on the days of the other bill. Series of one name go together, as rating reads them; what no series gives stays
 * away, and whoever needs it is refused as before.
 */
export function laySeries(map: DayMap, series: readonly PriceSeries[]): PriceSeries[] {
  if (map.isIdentity) return [...series]
  return [...new Set(series.map(({ name }) => name))].flatMap((name) =>
    laidRuns(
      map,
      series.filter((one) => one.name === name),
    ),
  )
}

function laidRuns(map: DayMap, series: readonly PriceSeries[]): readonly PriceSeries[] {
  const { calendar, pairs } = map
  const minutes = Math.min(...series.map((one) => one.minutes))
  const starts = series.map(({ name, start }) => instantOf(calendar, start, `series.${name}.start`))
  const priceAt = (instant: Instant): string | null => {
    for (const [index, one] of series.entries()) {
      const value = one.values[Math.floor((instant - (starts[index] ?? 0)) / (one.minutes * minuteMs))]
      if (value !== undefined) return value
    }
    return null
  }
  const laid = pairs.flatMap(({ targetDates }) =>
    datesIn(targetDates.from, targetDates.to).flatMap((date) => laidDay(map, date, minutes, priceAt)),
  )
  const runs: { start: Instant; values: string[] }[] = []
  for (const { at, value } of laid) {
    if (value === null) continue
    const run = runs.at(-1)
    if (run !== undefined && run.start + run.values.length * minutes * minuteMs === at) run.values.push(value)
    else runs.push({ start: at, values: [value] })
  }
  const name = series[0]?.name ?? ''
  return runs.map(({ start, values }) => ({ name, start: instantText(start), minutes, values }))
}
