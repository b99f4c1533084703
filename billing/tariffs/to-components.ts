import type { Slot } from '../../domain/bill.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Component, Scope } from './components/component-schema.js'
import type { SlotSet } from './components/slot-schema.js'
import type { ComponentTariff } from './components/tariff-schema.js'
import type { Ladder, SlotMap, Tariff } from './tariff.js'

const timeOfUseSlots = ['sharp', 'peak', 'flat', 'valley'] as const

/** A year's bounds are the month's times the months in use, a started one whole; a transfer is cleared on the months up to it. */
const yearlyLadder: Scope = {
  of: 'year',
  yearStart: '01-01',
  times: 'months',
  factsAt: 'start',
  prorateOn: ['transfer'],
  reclear: 'never',
  crossing: 'refuse',
}

/** A version of slots and ladder (tariff/1) as the components that charge the same, valid at any time. */
export function toComponents(tariff: Tariff): ComponentTariff {
  const { code, version, slots, ladder, funds, vatRateE4 } = tariff
  return {
    format: 'tariff/2',
    code,
    currency: { code: 'CNY', decimals: 2 },
    versions: [
      {
        version,
        validFrom: '1900-01-01',
        energyRounding: 'none',
        rounding: { line: { mode: 'half_up', decimals: 2 } },
        unread: 'refuse',
        straddling: 'refuse',
        lossShare: 'proportional',
        lossBefore: 'rating',
        posting: {
          vat: { rate: formatScaled(vatRateE4, 4) },
          funds: funds.map(({ fund, priceE8 }) => ({ fund, price: formatScaled(priceE8, 8) })),
        },
        calendars: slots === null ? [] : [toCalendar(slots)],
        series: [],
        components: [
          ...(ladder?.form === 'full' ? [] : [energyOf(tariff)]),
          ...(ladder === null ? [] : [ladderOf(ladder)]),
        ],
      },
    ],
  }
}

/** The meter keeps the slots apart, so any hours do: six for each, that every slot has time in every period. */
function toCalendar({ registers, residual }: SlotMap): SlotSet {
  const counted = registers.flatMap((slot, index) => (slot === null ? [] : [[`tou${index + 1}`, slot] as const]))
  return {
    name: 'registers',
    weekend: [],
    residual,
    registers: Object.fromEntries(counted),
    slots: timeOfUseSlots.map((name, index) => ({
      name,
      when: [{ windows: [{ from: hour(6 * index), to: hour(6 * index + 6) }] }],
    })),
  }
}

function hour(hours: number): string {
  return `${String(hours).padStart(2, '0')}:00`
}

function energyOf({ slots, energyPrices }: Tariff): Component {
  const common = { kind: 'usage', code: 'energy', level: 'settlement', quantity: 'energy', unit: 'kWh' } as const
  const priceOf = (wanted: Slot) => formatScaled(energyPrices.find(({ slot }) => slot === wanted)?.priceE8 ?? 0n, 8)
  if (slots === null) return { ...common, model: { kind: 'per_unit', price: priceOf('all') } }
  return {
    ...common,
    slots: { calendar: 'registers', names: [...timeOfUseSlots] },
    model: { kind: 'per_unit', prices: Object.fromEntries(timeOfUseSlots.map((slot) => [slot, priceOf(slot)])) },
  }
}

function ladderOf({ form, monthlyLimitsE4, blockPricesE8 }: Ladder): Component {
  return {
    kind: 'usage',
    code: form === 'full' ? 'energy' : 'ladder_increment',
    level: 'settlement',
    quantity: 'energy',
    unit: 'kWh',
    model: {
      kind: 'graduated',
      blocks: blockPricesE8.map((priceE8, index) => {
        const limitE4 = monthlyLimitsE4[index]
        const price = formatScaled(priceE8, 8)
        return limitE4 === undefined ? { price } : { upTo: formatScaled(limitE4, 4), price }
      }),
      upperBound: 'included',
      scope: yearlyLadder,
      flatAtZero: false,
      sharing: 'per_slot',
    },
  }
}
