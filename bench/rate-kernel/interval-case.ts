import { compileIntervalProgram, type IntervalProgram } from '../../billing/engine/intervals/interval-program.js'
import { createSlotDays } from '../../billing/rating/usage/slot-days.js'
import { slotSetSchema } from '../../billing/tariffs/components/slot-schema.js'
import { invariant } from '../../domain/result.js'
import { addDays, beijing, datesIn } from '../../domain/time.js'

/** A month of 96-point curves under four slots and under a price for each point; all numbers by formula, so that every side can make them. */
export const firstDay = '2026-07-01'
export const days = 31
export const pointsPerDay = 96
export const points = days * pointsPerDay
export const slotPricesE8 = [112_340_000, 85_510_000, 61_070_000, 30_530_000] as const

/** The slots by the clock, as a tariff file has them. */
export const hoursOfSlots = {
  name: 'tou',
  slots: [
    { name: 'sharp', when: [{ windows: [{ from: '17:00', to: '19:00' }] }] },
    {
      name: 'peak',
      when: [
        {
          windows: [
            { from: '08:00', to: '11:30' },
            { from: '14:00', to: '17:00' },
            { from: '19:00', to: '21:00' },
          ],
        },
      ],
    },
    {
      name: 'valley',
      when: [
        {
          windows: [
            { from: '23:00', to: '07:00' },
            { from: '11:30', to: '12:30' },
          ],
        },
      ],
    },
    { name: 'flat', otherwise: true },
  ],
}

/** Slots in the order of the calendar: sharp, peak, valley, flat. */
export function touProgram(): IntervalProgram {
  return programOf(addDays(firstDay, days), 15)
}

/** A year of hours under the same slots. */
export function yearProgram(): IntervalProgram {
  return programOf(addDays(firstDay, 365), 60)
}

function programOf(to: string, minutes: number): IntervalProgram {
  const localDays = datesIn(firstDay, to).map((date) => ({
    from: beijing.startOfDay(date),
    to: beijing.startOfDay(addDays(date, 1)),
  }))
  const program = compileIntervalProgram(
    createSlotDays(beijing, slotSetSchema.parse(hoursOfSlots), [], 'bench'),
    localDays,
    minutes,
  )
  invariant(program.ok, 'the calendar of the bench is sound')
  return program.value
}

/** Energy (e4) of a reading, counted over all accounts. In SQL: (n * 7919) % 20011. */
export function energyE4(reading: number): number {
  return (reading * 7919) % 20_011
}

/** Price (e8) of a point of the month. In SQL: 10000000 + (i * 104729) % 90000000. */
export function spotPriceE8(point: number): number {
  return 10_000_000 + ((point * 104_729) % 90_000_000)
}

export function spotPrices(): Int32Array {
  return Int32Array.from({ length: points }, (_, point) => spotPriceE8(point))
}
