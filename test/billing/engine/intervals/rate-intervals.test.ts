import t from 'tap'
import { compileIntervalProgram, type IntervalProgram } from '../../../../billing/engine/intervals/interval-program.js'
import { createIntervalKernel } from '../../../../billing/engine/intervals/kernel.js'
import { createKernelMemory } from '../../../../billing/engine/intervals/kernel-memory.js'
import { scalePrices } from '../../../../billing/engine/intervals/price-scale.js'
import {
  daysInOrder,
  exactEnergyE4,
  type IntervalShard,
  rateIntervalPrices,
  rateSlots,
  scratchBytes,
} from '../../../../billing/engine/intervals/rate-intervals.js'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { createSlotDays } from '../../../../billing/rating/usage/slot-days.js'
import { usageDocumentSchema } from '../../../../billing/rating/usage/usage-schema.js'
import { componentTariffSchema } from '../../../../billing/tariffs/components/tariff-schema.js'
import { invariant, present } from '../../../../domain/result.js'
import { createSeededRandom } from '../../../../domain/seeded-random.js'
import { addDays, calendarFor, datesIn } from '../../../../domain/time.js'

const prices = { high: '0.91237', low: '0.30003', base: '0.61' } as const

function tariffOf(series: readonly string[], start: string, minutes: number) {
  const line = { mode: 'half_up', decimals: 2 }
  const slots = [
    {
      name: 'high',
      when: [
        {
          days: ['weekday'],
          windows: [
            { from: '08:00', to: '11:30' },
            { from: '17:00', to: '21:00' },
          ],
        },
      ],
    },
    { name: 'low', when: [{ windows: [{ from: '23:00', to: '06:30' }] }] },
    { name: 'base', otherwise: true },
  ]
  return componentTariffSchema.parse({
    format: 'tariff/2',
    code: 'twin',
    currency: { code: 'CNY', decimals: 2 },
    mayBeNegative: true,
    versions: [
      {
        version: 1,
        validFrom: '2020-01-01',
        rounding: { line },
        calendars: [{ name: 'tou', slots }],
        series: [{ name: 'spot', start, minutes, values: series }],
        components: [
          { kind: 'usage', code: 'tou', slots: { calendar: 'tou' }, model: { kind: 'per_unit', prices } },
          { kind: 'usage', code: 'spot', model: { kind: 'interval_prices', series: 'spot' } },
        ],
      },
    ],
  })
}

const cases = [
  { zone: 'Asia/Shanghai', from: '2026-02-01', days: 28, minutes: 15, largest: 20_000 },
  { zone: 'Asia/Shanghai', from: '2026-07-01', days: 31, minutes: 30, largest: 2_000_000 },
  { zone: 'Europe/Berlin', from: '2026-03-20', days: 31, minutes: 15, largest: 40_000_000 },
  { zone: 'Europe/Berlin', from: '2026-10-10', days: 21, minutes: 15, largest: 300 },
] as const

for (const { zone, from, days, minutes, largest } of cases) {
  t.test(
    `kernel and readable rules agree to the fen: ${days} days of ${minutes} minutes from ${from} in ${zone}`,
    async (t) => {
      const random = createSeededRandom(1)
      const calendar = calendarFor(zone)
      const localDays = datesIn(from, addDays(from, days)).map((date) => ({
        from: calendar.startOfDay(date),
        to: calendar.startOfDay(addDays(date, 1)),
      }))
      const points = localDays.reduce((sum, day) => sum + (day.to - day.from) / (minutes * 60_000), 0)
      const pricesE8 = Int32Array.from(
        { length: points },
        (_, point) => random.below(120_000_000, 'price', from, point) - 5_000_000,
      )
      const series = [...pricesE8].map((price) => `${price < 0 ? '-' : ''}${(Math.abs(price) / 1e8).toFixed(8)}`)
      const tariff = tariffOf(series, from, minutes)
      const version = present(tariff.versions[0], 'version')
      const program = compileIntervalProgram(
        createSlotDays(calendar, present(version.calendars[0], 'calendar'), [], 'test'),
        localDays,
        minutes,
      )
      invariant(program.ok, 'the calendar compiles')
      const accounts = 20
      const values = Int32Array.from({ length: accounts * points }, (_, index) =>
        random.below(largest, 'energy', from, index),
      )
      const shard = shardOf(values, accounts, program.value)
      const slots = rateSlots(shard, program.value, scalePrices([91_237_000, 30_003_000, 61_000_000]))
      const spot = rateIntervalPrices(shard, program.value, pricesE8)
      for (let account = 0; account < accounts; account++) {
        const own = [...values.subarray(account * points, (account + 1) * points)]
        const usage = usageDocumentSchema.parse({
          format: 'usage/1',
          zone,
          periods: [
            {
              start: from,
              end: addDays(from, days),
              quantities: [
                {
                  name: 'energy',
                  intervals: { start: from, minutes, unit: 'kWh', values: own.map((value) => `${value}/10000`) },
                },
              ],
            },
          ],
        })
        const bill = rateUsage(tariff, usage)
        invariant(bill.ok, JSON.stringify(bill))
        const lines = present(bill.value.periods[0], 'period').lines
        const amount = (component: string, slot: string | null) =>
          Number(
            (lines.find((line) => line.component === component && line.slot === slot)?.amount ?? '0').replace('.', ''),
          )
        t.same(
          [...slots.fen.subarray(account * 3, account * 3 + 3), spot[account]],
          [...['high', 'low', 'base'].map((slot) => amount('tou', slot)), amount('spot', null)],
          `account ${account}`,
        )
      }
    },
  )
}

t.test('parks an account with an interval beyond what its prices leave exact', async (t) => {
  const pricesE8 = new Int32Array(96).fill(2_000_000_000)
  const limit = exactEnergyE4(pricesE8)
  const slotOf = new Uint8Array(96)
  const dayTypes = [{ slotOf, runs: [{ slot: 0, end: 96 }], days: [0] }]
  const day = { slots: ['all'], dayTypes, firsts: [0], intervals: 96 }
  const values = new Int32Array(3 * 96).fill(1)
  values[5] = limit
  values[96 + 7] = limit + 1
  values[2 * 96 + 9] = -2_147_483_648
  const fen = rateIntervalPrices(shardOf(values, 3, day), day, pricesE8)
  t.equal(fen[0], Number(divided((BigInt(limit) + 95n) * 2_000_000_000n)))
  t.same(fen.subarray(1), [Number.NaN, Number.NaN])
})

t.test('refuses a calendar that intervals straddle, and days that are no multiple of four', async (t) => {
  const calendar = calendarFor('Asia/Shanghai')
  const version = present(tariffOf(['1'], '2026-01-01', 60).versions[0], 'version')
  const days = createSlotDays(calendar, present(version.calendars[0], 'calendar'), [], 'test')
  const day = { from: calendar.startOfDay('2026-01-05'), to: calendar.startOfDay('2026-01-06') }
  t.match(compileIntervalProgram(days, [day], 60), { error: { kind: 'interval_straddles_slot' } })
  t.match(compileIntervalProgram(days, [{ ...day, to: day.to - 15 * 60_000 }], 15), {
    error: { kind: 'day_does_not_fit_lanes' },
  })
})

function shardOf(values: Int32Array, accounts: number, program: IntervalProgram): IntervalShard {
  const scratch = scratchBytes(program)
  const kernel = createIntervalKernel(createKernelMemory())
  kernel.reserve(scratch + values.byteLength)
  new Int32Array(kernel.memory, scratch, values.length).set(values)
  const dayAt = daysInOrder(program, accounts, scratch)
  return { kernel, accounts, dayAt, scratch: 0, multipliers: new Int32Array(accounts).fill(1) }
}

function divided(product: bigint): bigint {
  return (product + 5_000_000_000n) / 10_000_000_000n
}
