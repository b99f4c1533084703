import {
  add,
  divide,
  formatRounded,
  isZero,
  multiply,
  rational,
  type Rational,
  round,
  sum,
  zero,
} from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import { daysBetween } from '../../../domain/time.js'
import type { BillPeriod } from '../bill.js'
import { exact } from '../usage/register-quantity.js'
import type { RatedDocuments } from './blend.js'
import type { Factor } from './factors.js'

/** The figure that a factor is about, on one side: days, kWh, shares of slots, power factor … Null where there is none to name. */
export function figureOf(factor: Factor, { bill, usage }: RatedDocuments): string | null {
  switch (factor) {
    case 'days':
      return String(bill.periods.reduce((days, { start, end }) => days + daysBetween(day(start), day(end)), 0))
    case 'quantity':
      return textOf(energyOf(bill.periods, null), 4)
    case 'slot_mix':
      return sharesOf(bill.periods)
    case 'block':
      return usedBefore(usage.opening.blocks)
    case 'price':
      return versionsOf(bill.tariff, bill.periods)
    case 'power_factor':
      return quantityOf(bill.periods, 'power_factor')
    case 'demand':
      return quantityOf(bill.periods, 'demand') ?? capacityOf(bill.periods)
    case 'correction':
      return String(usage.periods.reduce((count, { adjustments }) => count + adjustments.length, 0))
    default:
      return unreachable(factor)
  }
}

function day(instantText: string): string {
  return instantText.slice(0, 10)
}

function energyOf(periods: readonly BillPeriod[], slot: string | null): Rational | null {
  const values = periods.flatMap(({ quantities }) =>
    quantities.filter((one) => one.name === 'energy' && one.slot === slot).map(({ value }) => exact(value)),
  )
  return values.length === 0 ? null : sum(values)
}

function textOf(value: Rational | null, decimals: number): string | null {
  if (value === null) return null
  const text = formatRounded(round(value, { mode: 'half_up', decimals }), decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Percent of each slot. */
function sharesOf(periods: readonly BillPeriod[]): string | null {
  const slots = new Set(
    periods.flatMap(({ quantities }) =>
      quantities.flatMap(({ name, slot }) => (name === 'energy' && slot !== null ? [slot] : [])),
    ),
  )
  const bySlot = [...slots].map((slot) => ({ slot, value: energyOf(periods, slot) ?? zero }))
  const whole = bySlot.reduce((total, { value }) => add(total, value), zero)
  if (isZero(whole)) return null
  const hundred = rational(100n)
  return bySlot.map(({ slot, value }) => `${slot} ${textOf(divide(multiply(value, hundred), whole), 1)}%`).join(' ')
}

function usedBefore(blocks: readonly { readonly component: string; readonly used: string }[]): string | null {
  const component = blocks[0]?.component
  if (component === undefined) return null
  return textOf(sum(blocks.filter((one) => one.component === component).map(({ used }) => exact(used))), 4)
}

function versionsOf(tariff: string, periods: readonly BillPeriod[]): string {
  const versions = new Set(periods.flatMap(({ lines }) => lines.map(({ version }) => version)))
  return `${tariff} ${[...versions].map((version) => `v${version}`).join('+')}`
}

/** Of a bill of several periods nobody can name one level. */
function quantityOf(periods: readonly BillPeriod[], name: string): string | null {
  const [only, ...others] = periods
  if (only === undefined || others.length > 0) return null
  const value = only.quantities.find((one) => one.name === name && one.slot === null)?.value
  return value === undefined ? null : textOf(exact(value), 4)
}

/** Where no demand is billed: what is charged by capacity, in its own unit. */
function capacityOf(periods: readonly BillPeriod[]): string | null {
  const lines = periods.flatMap((period) => period.lines.filter(({ unit }) => /^(kVA|kW)(?!h)/.test(unit ?? '')))
  const unit = lines[0]?.unit
  if (unit === undefined || unit === null) return null
  return `${textOf(sum(lines.flatMap((line) => (line.unit === unit ? [exact(line.quantity ?? '0')] : []))), 2)} ${unit}`
}
