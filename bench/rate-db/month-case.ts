import { type ComponentTariff, componentTariffSchema } from '../../billing/tariffs/components/tariff-schema.js'
import { addDays, beijing } from '../../domain/time.js'
import { days, firstDay, hoursOfSlots, points, slotPricesE8, spotPriceE8 } from '../rate-kernel/interval-case.js'

/** The month of `rate-kernel`, as the database has it: the same energies, slots and prices. */
export const monthStart = beijing.startOfDay(firstDay)
export const monthEnd = beijing.startOfDay(addDays(firstDay, days))
export const tariffCode = 'bench-intervals'

/** Transformer ratios: four of five meters count as they are, one in five twenty or sixty times. */
const multipliers = [1, 1, 1, 20, 60] as const

/** Of the meter of account n, counted from 1. In SQL: `multiplierSql`. */
export function multiplierOf(account: number): number {
  return multipliers[account % multipliers.length] ?? 1
}

export const multiplierSql = (account: string): string =>
  `(array[${multipliers.join(',')}])[1 + ${account} % 5]::integer`

/** Slots in the order of the calendar, with the number each has in `bill` lines. */
export const slotNames = hoursOfSlots.slots.map(({ name }) => name)

const priceOf = (priceE8: number): string => `0.${String(priceE8).padStart(8, '0')}`
const bySlot = (): Readonly<Record<string, string>> => {
  const [sharp, peak, flat, valley] = slotPricesE8
  return { sharp: decimal(sharp), peak: decimal(peak), valley: decimal(valley), flat: decimal(flat) }
}

function decimal(priceE8: number): string {
  return `${Math.floor(priceE8 / 1e8)}.${String(priceE8 % 1e8).padStart(8, '0')}`
}

/** Time of use by slot, and a price for each quarter of an hour. */
export function intervalTariff(): ComponentTariff {
  const values = Array.from({ length: points }, (_, point) => priceOf(spotPriceE8(point)))
  return componentTariffSchema.parse({
    format: 'tariff/2',
    code: tariffCode,
    currency: { code: 'CNY', decimals: 2 },
    versions: [
      {
        version: 1,
        validFrom: '2026-01-01',
        rounding: { line: { mode: 'half_up', decimals: 2 } },
        calendars: [hoursOfSlots],
        series: [{ name: 'spot', start: firstDay, minutes: 15, values }],
        components: [
          {
            kind: 'usage',
            code: 'time_of_use',
            slots: { calendar: hoursOfSlots.name },
            model: { kind: 'per_unit', prices: bySlot() },
          },
          { kind: 'usage', code: 'spot', model: { kind: 'interval_prices', series: 'spot' } },
        ],
      },
    ],
  })
}
