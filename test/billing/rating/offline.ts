import { type Bill, billSchema } from '../../../billing/rating/bill.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../domain/result.js'

/** A tariff of one version and a usage, as somebody writes them who has only the published schemas. */
export interface Given {
  readonly components: readonly object[]
  /** Beside the components: rounding, calendars … */
  readonly version?: object
  /** Instead of the one version. */
  readonly versions?: readonly object[]
  readonly tariff?: object
  /** One period of June 2026 with these keys; or several of them. */
  readonly period?: object
  readonly periods?: readonly object[]
  readonly usage?: object
}

export const june = { start: '2026-06-01', end: '2026-07-01' }
export const cents = { mode: 'half_up', decimals: 2 }
export const wholes = { mode: 'half_up', decimals: 0 }
export const dollars = { currency: { code: 'USD', decimals: 2 } }

export function tariffDocument({ components, version, versions, tariff }: Given): object {
  const only = { version: 1, validFrom: '2000-01-01', rounding: { line: cents }, components, ...version }
  return {
    format: 'tariff/2',
    code: 'worked',
    currency: { code: 'CNY', decimals: 2 },
    versions: versions ?? [only],
    ...tariff,
  }
}

export function usageDocument({ period, periods, usage }: Given): object {
  return { format: 'usage/1', zone: 'Asia/Shanghai', periods: periods ?? [{ ...june, ...period }], ...usage }
}

/** What rating says: a bill that its own schema accepts, or every reason against it as `kind path: message`. */
export function rated(given: Given): Bill | readonly string[] {
  const tariff = parseComponentTariff(tariffDocument(given))
  if (!tariff.ok) return tariff.error.defects.map(({ kind, path, message }) => `${kind} ${path}: ${message}`)
  const usage = parseDocument(usageDocumentSchema, usageDocument(given))
  if (!usage.ok) return usage.error.defects.map(({ kind, path, message }) => `${kind} ${path}: ${message}`)
  const bill = rateUsage(tariff.value, usage.value)
  if (!bill.ok) return [`${bill.error.kind} ${bill.error.path}: ${bill.error.message}`]
  invariant(parseDocument(billSchema, bill.value).ok, 'a bill is as its schema says')
  return bill.value
}

export function billOf(given: Given): Bill {
  const bill = rated(given)
  if (!('periods' in bill)) throw new Error(bill.join('; '))
  return bill
}

/** Totals of the periods. */
export function totalsOf(given: Given): string {
  const bill = rated(given)
  return 'periods' in bill ? bill.periods.map(({ totals }) => totals.amount).join(' ') : bill.join('; ')
}

/** Lines as `component slot/block: quantity × price = amount`. */
export function linesOf(given: Given): readonly string[] {
  const bill = rated(given)
  if (!('periods' in bill)) return bill
  return bill.periods.flatMap(({ lines }) =>
    lines.map(({ component, slot, block, unitPrice, multiple, amount, ...line }) => {
      const where = [slot, block].filter((part) => part !== null).join('/')
      const price = multiple === undefined ? unitPrice : `${unitPrice} × ${multiple}`
      return `${component}${where === '' ? '' : ` ${where}`}: ${line.quantity} × ${price} = ${amount}`
    }),
  )
}

export function quantity(name: string, value: number | string, more: object = {}): object {
  return { name, value: String(value), ...more }
}

export function energy(value: number | string, more: object = {}): object {
  return quantity('energy', value, more)
}

/** Hourly kWh (or another step) from a start. */
export function intervals(start: string, values: readonly (number | string)[], more: object = {}): object {
  return { name: 'energy', intervals: { start, minutes: 60, unit: 'kWh', values: values.map(String), ...more } }
}

/** `[[upTo, price], …]` of a ladder; null is the last bound. */
export function ladder(
  steps: readonly (readonly [string | null, string])[],
  more: object = {},
  kind: 'graduated' | 'volume' = 'graduated',
): object {
  return { kind, blocks: steps.map(([upTo, price]) => ({ ...(upTo === null ? {} : { upTo }), price })), ...more }
}

export function perUnit(price: unknown): object {
  return { kind: 'per_unit', price }
}

export function monthly(code: string, price: string): object {
  return { code, kind: 'fixed', price, per: 'month' }
}

export function demand(kw: number | string, more: object = {}): object {
  return quantity('demand', kw, { unit: 'kW', ...more })
}

export function product(...of: readonly unknown[]): object {
  return { op: 'multiply', of }
}

/** So many hours of the same kWh. */
export function hours(count: number, value: number | string = 1): readonly (number | string)[] {
  return Array.from({ length: count }, () => value)
}
