import { err, type Result } from '../../../domain/result.js'
import type { Calendar } from '../../../domain/time.js'
import type { Span } from '../../rating/usage/local-time.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import { compileIntervalRates, type IntervalRates, type IntervalRatesError } from './interval-rates.js'

export type RatesBookError = IntervalRatesError | { readonly kind: 'unknown_tariff' }

/** Rates by tariff, period and length of intervals; each is compiled once. */
export type RatesBook = (code: string, period: Span, minutes: number) => Result<IntervalRates, RatesBookError>

export function createRatesBook(calendar: Calendar, tariffs: readonly ComponentTariff[]): RatesBook {
  const compiled = new Map<string, Result<IntervalRates, RatesBookError>>()
  return (code, period, minutes) => {
    const key = `${code} ${period.from} ${period.to} ${minutes}`
    const known = compiled.get(key)
    if (known !== undefined) return known
    const tariff = tariffs.find((one) => one.code === code)
    const rates =
      tariff === undefined
        ? err<RatesBookError>({ kind: 'unknown_tariff' })
        : compileIntervalRates(calendar, tariff, period, minutes)
    compiled.set(key, rates)
    return rates
  }
}
