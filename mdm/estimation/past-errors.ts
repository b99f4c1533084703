import { ascending, countedUsage, type DaySeries, type Forecast } from './day-series.js'
import { type Fading, weightedMean } from './weighted-mean.js'

/** What a method got wrong on days that are known, and how much that usually is. */
export interface PastErrors {
  /** By the first day of each stretch; null where it is not known. What was counted less what was estimated, kWh e4 or a share. */
  readonly errors: readonly (bigint | null)[]
  /** Length of a stretch in days: of overlapping ones every such one counts as a case of its own. */
  readonly days: number
}

/** Half after two weeks. */
const spreadFading: Fading = { perDayE4: 9548n }
/** How many cases of its own a point must have to count as much as its class. */
const casesOfClass = 4n
export const scoreUnit = 1000n

/** The forecast from each day of the history for as many days as the gap has, less what was counted. */
export function forecastErrors(series: DaySeries, forecast: Forecast, ahead: number): PastErrors {
  const last = series.usagesE4.length - ahead
  const errors = Array.from({ length: Math.max(0, last + 1) }, (_, from) => {
    const counted = countedUsage(series, from, ahead)
    const expected = counted === null ? null : forecast(series, from, ahead)
    return counted === null || expected === null ? null : counted - expected
  })
  return { errors, days: ahead }
}

/** One in a million of the usage of a gap. */
export const shareUnit = 1_000_000n

/** By how much the usage of the first `days` days of a gap differed from its linear share, as a share of the whole gap's usage. */
export function interpolationErrors(series: DaySeries, days: number, gapDays: number): PastErrors {
  const last = series.usagesE4.length - gapDays
  const errors = Array.from({ length: Math.max(0, last + 1) }, (_, from) => {
    const [part, whole] = [countedUsage(series, from, days), countedUsage(series, from, gapDays)]
    if (part === null || whole === null || whole === 0n) return null
    return (part * shareUnit) / whole - (BigInt(days) * shareUnit) / BigInt(gapDays)
  })
  return { errors, days: gapDays }
}

/** Mean size of the errors, later ones counting more; what is usual in the class stands in while there are few. At least 1. */
export function spreadOf({ errors, days }: PastErrors, usualInClass: bigint): bigint {
  const sizes = errors.map((error) => (error === null ? null : error < 0n ? -error : error))
  const own = weightedMean(sizes, sizes.length, spreadFading)
  const cases = BigInt(Math.floor(sizes.filter((size) => size !== null).length / days))
  const mean = own === null ? usualInClass : (own * cases + usualInClass * casesOfClass) / (cases + casesOfClass)
  return mean < 1n ? 1n : mean
}

/** Errors in thousandths of the spread, without overlap, the latest first, in order of size. */
export function ownScores({ errors, days }: PastErrors, spread: bigint): readonly bigint[] {
  return errors
    .filter((_, from) => (errors.length - 1 - from) % days === 0)
    .flatMap((error) => (error === null ? [] : [(error * scoreUnit) / spread]))
    .toSorted(ascending)
}
