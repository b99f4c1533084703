import t from 'tap'
import { demand, type Given, hours, intervals, linesOf, perUnit, totalsOf } from '../offline.js'

t.test('the mean of the highest days, and what each day reached', async (t) => {
  // bellawatt/electric-rate-engine, Demand.test.ts: 5, 10, 15, 20 and 25 kW on five days.
  const load = hours(5 * 24).map((value, hour) => (hour % 24 === 12 ? ((hour - 12) / 24 + 1) * 5 : value))
  const charge = (take: unknown): Given => ({
    components: [
      {
        code: 'demand',
        kind: 'usage',
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes: 60, take },
        model: perUnit('1'),
      },
    ],
    period: { end: '2026-06-06', quantities: [intervals('2026-06-01', load)] },
  })
  t.equal(totalsOf(charge('highest')), '25.00')
  t.equal(totalsOf(charge({ meanOf: 3 })), '20.00')
  t.equal(totalsOf(charge('sum_of_days')), '75.00')
  const twice = {
    ...charge({ meanOf: 3, onDifferentDays: true }),
    period: {
      end: '2026-06-06',
      quantities: [
        intervals(
          '2026-06-01',
          load.map((value, hour) => (hour === 109 ? 25 : value)),
        ),
      ],
    },
  }
  t.equal(totalsOf(twice), '20.00', 'a second high hour of one day does not count')
  t.equal(totalsOf({ ...twice, components: charge({ meanOf: 3 }).components }), '23.33')
})

t.test('demand by slot, with a ratchet of its own', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const charge = (quantityOf: unknown, model: object) => ({
    code: 'demand',
    kind: 'usage',
    quantity: quantityOf,
    unit: 'kW',
    slots: { calendar: 'day' },
    model,
  })
  const prices = { peak: '10', off: '1' }
  const metered = { op: 'demand', of: 'energy', minutes: 60 }
  const past = { op: 'multiply', of: ['0.5', { op: 'history', name: 'demand', months: 'all', take: 'highest' }] }
  const rising = Array.from({ length: 24 }, (_, hour) => hour + 1)
  const given: Given = {
    components: [charge({ op: 'max', of: [metered, past] }, { kind: 'per_unit', prices })],
    version: { calendars: [calendar] },
    period: { end: '2026-06-02', quantities: [intervals('2026-06-01', rising)] },
    usage: {
      opening: {
        quantities: [
          { name: 'demand', slot: 'peak', month: '2026-05', value: '100' },
          { name: 'demand', slot: 'off', month: '2026-05', value: '10' },
        ],
      },
    },
  }
  t.same(linesOf(given), ['demand peak: 50 × 10 = 500.00', 'demand off: 24 × 1 = 24.00'])
  const bands = { kind: 'graduated', blocks: [{ upTo: '20', prices }, { prices: { peak: '20', off: '2' } }] }
  const read = [demand(30, { slot: 'peak' }), demand(15, { slot: 'off' })]
  t.same(linesOf({ ...given, components: [charge('demand', bands)], period: { quantities: read } }), [
    'demand peak/1: 20 × 10 = 200.00',
    'demand peak/2: 10 × 20 = 200.00',
    'demand off/1: 15 × 1 = 15.00',
  ])
})

t.test('windows that follow each other, and windows that roll', async (t) => {
  const charge = (code: string, window: string) => ({
    code,
    kind: 'usage',
    unit: 'kW',
    quantity: { op: 'demand', of: 'energy', minutes: 30, window },
    model: perUnit('1'),
  })
  const quarters = intervals('2026-06-01', [1, 10, 8, 2, 3, 3, 1, 1], { minutes: 15, unit: 'kW' })
  const period = { end: '2026-06-01T02:00', quantities: [quarters] }
  t.same(linesOf({ components: [charge('rolling', 'rolling'), charge('block', 'block')], period }), [
    'rolling: 9 × 1 = 9.00',
    'block: 5.5 × 1 = 5.50',
  ])
})

t.test('a window over midnight is of the day in which it ends', async (t) => {
  const charge = (take: unknown): Given => ({
    components: [
      {
        code: 'demand',
        kind: 'usage',
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes: 120, window: 'rolling', take },
        model: perUnit('1'),
      },
    ],
    periods: [
      { start: '2026-06-01', end: '2026-06-02', quantities: [intervals('2026-06-01', hours(24, 4))] },
      { start: '2026-06-02', end: '2026-06-03', quantities: [intervals('2026-06-02', hours(24, 8))] },
    ],
  })
  t.equal(totalsOf(charge('sum_of_days')), '4.00 8.00', 'the first of June is no day of the second period')
  t.equal(totalsOf(charge({ meanOf: 2, onDifferentDays: true })), '4.00 8.00')
})

t.test('two demands of one version are kept apart', async (t) => {
  const metered = (minutes: number, take: unknown = 'highest') => ({ op: 'demand', of: 'energy', minutes, take })
  const charge = (code: string, quantityOf: unknown, more: object = {}) => ({
    code,
    kind: 'usage',
    unit: 'kW',
    quantity: quantityOf,
    model: perUnit('1'),
    ...more,
  })
  const high = hours(48).map((value, half) => (half === 10 ? 10 : value))
  const on = (start: string, end: string, values: readonly (number | string)[], more: object = {}) => ({
    start,
    end,
    quantities: [intervals(start, values, { minutes: 30 })],
    ...more,
  })
  const settlements = [
    on('2026-06-01', '2026-06-02', high, { settlement: { number: 1, last: false } }),
    on('2026-06-02', '2026-06-03', hours(48, 3), { settlement: { number: 2, last: false } }),
    on('2026-06-03', '2026-06-04', hours(48, 2), { settlement: { number: 3, last: true } }),
  ]
  const month = (...components: readonly object[]): readonly string[] => linesOf({ components, periods: settlements })
  t.same(
    month(
      charge('half', metered(30), { level: 'month' }),
      charge('hour', metered(60), { level: 'month' }),
      charge('days', metered(60, 'sum_of_days'), { level: 'month' }),
    ),
    ['half: 20 × 1 = 20.00', 'hour: 11 × 1 = 11.00', 'days: 21 × 1 = 21.00'],
  )
  t.match(month(charge('mean', metered(30, { meanOf: 2 }), { level: 'month' })), [/^demand_without_intervals /])
  const past = { op: 'history', name: 'demand', months: 'all', take: 'highest' }
  const months = [on('2026-05-01', '2026-05-02', high), on('2026-06-01', '2026-06-02', hours(48, 2))]
  t.same(
    linesOf({
      components: [charge('half', { op: 'max', of: [metered(30), past] }), charge('days', metered(60, 'sum_of_days'))],
      periods: months,
    }).slice(2),
    ['half: 20 × 1 = 20.00', 'days: 4 × 1 = 4.00'],
  )
  const mean = { op: 'history', name: 'peak', months: { preceding: 11 }, take: 'mean', withCurrent: true }
  t.same(
    linesOf({ components: [charge('half', { ...metered(30), name: 'peak' }), charge('mean', mean)], periods: months }),
    ['half: 20 × 1 = 20.00', 'mean: 20 × 1 = 20.00', 'half: 4 × 1 = 4.00', 'mean: 12 × 1 = 12.00'],
    'the demand of this month, metered by the same version, belongs to the mean',
  )
})
