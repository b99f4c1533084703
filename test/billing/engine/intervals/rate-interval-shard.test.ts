import fc from 'fast-check'
import t from 'tap'
import { createIntervalKernel } from '../../../../billing/engine/intervals/kernel.js'
import { createKernelMemory } from '../../../../billing/engine/intervals/kernel-memory.js'
import { rateIntervalShard } from '../../../../billing/engine/intervals/rate-interval-shard.js'
import { createRatesBook } from '../../../../billing/engine/intervals/rates-book.js'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../../billing/rating/usage/usage-schema.js'
import { type ComponentTariff, componentTariffSchema } from '../../../../billing/tariffs/components/tariff-schema.js'
import { multiply, parseRational, rational } from '../../../../domain/rational.js'
import { invariant, present } from '../../../../domain/result.js'
import { addDays, calendarFor, datesIn, minuteMs } from '../../../../domain/time.js'
import { linksOf, readInto, type NamedAccount, type NamedStretch, type StoredDay } from './interval-accounts.js'

/** Where seasons, day types, summer time and the year change. */
const periods = [
  { zone: 'Asia/Shanghai', from: '2026-05-28' },
  { zone: 'Asia/Shanghai', from: '2026-12-29' },
  { zone: 'Europe/Berlin', from: '2026-03-27' },
  { zone: 'Europe/Berlin', from: '2026-10-23' },
] as const

const price = fc.integer({ min: 0, max: 150_000_000 }).map((e8) => (e8 / 1e8).toFixed(8))
const fewDecimals = fc.integer({ min: 0, max: 20_000 }).map((e4) => (e4 / 1e4).toFixed(4))

const anyScene = fc.record({
  period: fc.constantFrom(...periods),
  days: fc.integer({ min: 1, max: 7 }),
  minutes: fc.constantFrom(15, 30, 60),
  seriesMinutes: fc.constantFrom(60, 60, 1440),
  prices: fc.record({ high: fc.oneof(price, fewDecimals), low: fewDecimals, base: fewDecimals }),
  everywhere: fc.option(fewDecimals),
  add: fc.option(fewDecimals),
  spot: fc.array(fc.integer({ min: -5_000_000, max: 150_000_000 }), { minLength: 24, maxLength: 24 }),
  largest: fc.constantFrom(0, 3, 20_000, 9_000_000, 2_000_000_000),
  multipliers: fc.array(fc.constantFrom(1, 20, 60, 4000), { minLength: 3, maxLength: 3 }),
  seed: fc.nat(),
})
// The kernel takes days of four intervals at a time: where clocks are set these are quarters of an hour.
const scene = anyScene.map((one) => ({ ...one, minutes: one.period.zone === 'Europe/Berlin' ? 15 : one.minutes }))
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never

function tariffOf({ period, prices, everywhere, add, spot, seriesMinutes }: Scene): ComponentTariff {
  const evening = [{ from: '17:00', to: '21:00' }]
  const values = Array.from({ length: 24 * 12 }, (_, step) => {
    const e8 = spot[step % 24] ?? 0
    return `${e8 < 0 ? '-' : ''}${(Math.abs(e8) / 1e8).toFixed(8)}`
  })
  return componentTariffSchema.parse({
    format: 'tariff/2',
    code: 'twin',
    currency: { code: 'CNY', decimals: 2 },
    mayBeNegative: true,
    versions: [
      {
        version: 3,
        validFrom: '2026-01-01',
        rounding: { line: { mode: 'half_up', decimals: 2 } },
        calendars: [
          {
            name: 'tou',
            specialDays: [{ date: '2027-01-01', as: 'festival' }],
            slots: [
              {
                name: 'high',
                when: [
                  { months: [6, 7, 12, 1, 10], days: ['weekday'], windows: evening },
                  { days: ['saturday'], windows: evening },
                ],
              },
              {
                name: 'low',
                when: [
                  { days: ['festival'] },
                  { days: ['weekday', 'weekend'], windows: [{ from: '23:00', to: '07:00' }] },
                ],
              },
              { name: 'base', otherwise: true },
            ],
          },
        ],
        series: [{ name: 'spot', start: period.from, minutes: seriesMinutes, values }],
        components: [
          { kind: 'usage', code: 'tou', slots: { calendar: 'tou' }, model: { kind: 'per_unit', prices } },
          ...(everywhere === null
            ? []
            : [{ kind: 'usage', code: 'funds', model: { kind: 'per_unit', price: everywhere } }]),
          {
            kind: 'usage',
            code: 'spot',
            model: { kind: 'interval_prices', series: 'spot', ...(add === null ? {} : { add }) },
          },
        ],
      },
    ],
  })
}

/** Energies by formula, so that a failing case shrinks fast. */
function energy({ seed, largest }: Scene, meter: number, interval: number): number {
  return (seed * 31 + meter * 7919 + interval * 104_729) % (largest + 1)
}

interface Arranged {
  readonly accounts: readonly NamedAccount[]
  readonly stored: readonly StoredDay[]
  /** By account: what each interval comes to after the multiplier. */
  readonly energies: readonly (readonly number[])[]
}

/** Account 1 has one meter; account 2's is exchanged in the middle of a day for one of another multiplier; account 3 lacks its last day. */
function arrange(one: Scene): Arranged {
  const { period, days, minutes } = one
  const calendar = calendarFor(period.zone)
  const starts = datesIn(period.from, addDays(period.from, days + 1)).map((date) => calendar.startOfDay(date))
  const [from, to] = [present(starts[0], 'start'), present(starts[days], 'end')]
  const slotsOf = (day: number) =>
    (present(starts[day + 1], 'next') - present(starts[day], 'day')) / (minutes * minuteMs)
  const firstOf = (day: number) => (present(starts[day], 'day') - from) / (minutes * minuteMs)
  const dayOf = (meter: number, day: number, keep: (interval: number) => boolean): StoredDay => ({
    meter,
    start: present(starts[day], 'day'),
    revision: 1 + (day % 4 === 2 ? 1 : 0),
    minutes,
    values: Array.from({ length: slotsOf(day) }, (_, slot) => firstOf(day) + slot).map((interval) =>
      keep(interval) ? energy(one, meter, interval) : 0,
    ),
  })
  const all = Array.from({ length: days }, (_, day) => day)
  const exchange = Math.floor(((to - from) / (minutes * minuteMs)) * 0.45)
  const exchangeDay = all.findLast((day) => firstOf(day) <= exchange) ?? 0
  const meters: readonly (readonly StoredDay[])[] = [
    all.map((day) => dayOf(11, day, () => true)),
    all.filter((day) => day <= exchangeDay).map((day) => dayOf(21, day, (interval) => interval < exchange)),
    all.filter((day) => day >= exchangeDay).map((day) => dayOf(22, day, (interval) => interval >= exchange)),
    all.map((day) => dayOf(31, day, () => true)),
  ]
  const named = (meter: number, multiplier: number) =>
    stretchesOf(meters[meter] ?? [], (day) => ({
      meter: day.meter,
      from: day.start,
      to: day.start + day.values.length * minutes * minuteMs,
      revision: day.revision,
      multiplier,
    }))
  const [first = 1, second = 1, third = 1] = one.multipliers
  const account = { tariff: 'twin', from, to }
  const intervals = Array.from({ length: firstOf(days - 1) + slotsOf(days - 1) }, (_, interval) => interval)
  return {
    accounts: [
      { ...account, days: named(0, first) },
      { ...account, days: [...named(1, second), ...named(2, third)] },
      { ...account, days: named(3, first) },
    ],
    // Another revision of each day lies beside the one that was frozen; rows come in no order.
    stored: meters
      .flatMap((own, index) => (index === 3 ? own.slice(0, -1) : own))
      .flatMap((day) => [day, { ...day, revision: day.revision + 1, values: day.values.map(() => 77) }])
      .toReversed(),
    energies: [
      intervals.map((interval) => energy(one, 11, interval) * first),
      intervals.map((interval) =>
        interval < exchange ? energy(one, 21, interval) * second : energy(one, 22, interval) * third,
      ),
    ],
  }
}

/** Days of one revision that follow each other are one. */
function stretchesOf(days: readonly StoredDay[], toStretch: (day: StoredDay) => NamedStretch): readonly NamedStretch[] {
  const stretches: NamedStretch[] = []
  for (const day of days.map(toStretch)) {
    const last = stretches.at(-1)
    if (last?.revision === day.revision) stretches[stretches.length - 1] = { ...last, to: day.to }
    else stretches.push(day)
  }
  return stretches
}

function readableLines(one: Scene, tariff: ComponentTariff, energies: readonly number[]): readonly string[] {
  const { period, days, minutes } = one
  const intervals = { start: period.from, minutes, unit: 'kWh', values: energies.map((value) => `${value}/10000`) }
  const usage = usageDocumentSchema.parse({
    format: 'usage/1',
    zone: period.zone,
    periods: [{ start: period.from, end: addDays(period.from, days), quantities: [{ name: 'energy', intervals }] }],
  })
  const bill = rateUsage(tariff, usage)
  invariant(bill.ok, JSON.stringify(bill))
  return present(bill.value.periods[0], 'period').lines.map(({ component, slot, quantity, amount }) => {
    const whole = (text: string, scale: bigint) => {
      const { n, d } = multiply(present(parseRational(text), 'number'), rational(scale))
      return n / d
    }
    return `${component} ${slot} ${whole(quantity ?? '0', 10_000n)} ${whole(amount, 100n)}`
  })
}

t.test(
  'kernel and readable rules agree on every line: slots, seasons, day types, prices by interval, clocks set, exchanged meters',
  async (t) => {
    let [compared, beyond] = [0, 0]
    const memory = createKernelMemory()
    const kernel = createIntervalKernel(memory)
    fc.assert(
      fc.property(scene, (one) => {
        const tariff = tariffOf(one)
        const { accounts, stored, energies } = arrange(one)
        const book = createRatesBook(calendarFor(one.period.zone), [tariff])
        const shard = { links: linksOf(accounts), days: readInto(memory, stored) }
        const { charges, parked } = rateIntervalShard(shard, book, kernel)
        const reasons = new Map(parked.map(({ accountId, code }) => [accountId, code]))
        t.equal(reasons.get(3), 'interval_day_missing')
        const names = present(tariff.versions[0], 'version').components.map(({ code }) => code)
        for (const [account, own] of energies.entries()) {
          if (reasons.has(account + 1)) {
            beyond++
            t.match(reasons.get(account + 1), /^(interval|quantity)_out_of_range$/)
            t.ok(Math.max(...own) > 1_000_000, 'only what is too large for exact sums is parked')
            continue
          }
          compared++
          const slots = ['high', 'low', 'base']
          const found = Array.from(
            { length: (charges.lineStart[account + 1] ?? 0) - (charges.lineStart[account] ?? 0) },
            (_, index) => (charges.lineStart[account] ?? 0) + index,
          ).map((line) => {
            const component = names[charges.lineComponent[line] ?? -1] ?? ''
            const slot = component === 'tou' ? slots[charges.lineSlot[line] ?? -1] : null
            return `${component} ${slot} ${charges.lineQuantityE4[line]} ${charges.lineFen[line]}`
          })
          t.same([...found].sort(), [...readableLines(one, tariff, own)].sort())
        }
      }),
      { seed: 20260701, numRuns: 40 },
    )
    t.ok(compared > 50 && beyond > 0, `${compared} accounts compared, ${beyond} beyond what is exact`)
  },
)
