import t from 'tap'
import { energy, type Given, intervals, linesOf, perUnit, product, quantity, wholes } from '../offline.js'

const register = (start: string, end: string, multiplier: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, multiplier },
  ...more,
})

t.test('a transformer changed within the month, by two settlements', async (t) => {
  // dushuang.com 981711: 50 kVA with table losses of 304 kWh for 20 of 30 days, then 200 kVA with time of use and 0.91.
  const prices = { peak: product('1.6', '0.5'), flat: '0.5', valley: product('0.4', '0.5') }
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '16:00' }] }] },
      { name: 'valley', when: [{ windows: [{ from: '00:00', to: '08:00' }] }] },
      { name: 'flat', otherwise: true },
    ],
    residual: 'flat',
  }
  const isFirst = { is: 'fact', name: 'metering', value: 'single' }
  const given: Given = {
    components: [
      { code: 'energy', kind: 'usage', when: isFirst, model: perUnit('0.5') },
      {
        code: 'tou',
        kind: 'usage',
        when: { is: 'not', of: isFirst },
        slots: { calendar: 'day' },
        model: { kind: 'per_unit', prices },
      },
      {
        code: 'power_factor',
        kind: 'power_factor',
        when: { is: 'not', of: isFirst },
        of: ['tou'],
        given: '0.91',
        table: { standard: '0.90' },
      },
    ],
    version: { calendars: [calendar], lossRounding: wholes },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-21',
        settlement: { number: 1, last: false },
        quantities: [register('1500', '1800', '20')],
        losses: [{ kind: 'table', rows: [{ activeLoss: '304' }], days: '20', monthDays: '30' }],
      },
      {
        start: '2026-06-21',
        end: '2026-07-01',
        settlement: { number: 2, last: true },
        quantities: [
          register('0', '180', '200'),
          register('0', '40', '200', { slot: 'peak' }),
          register('0', '30', '200', { slot: 'valley' }),
        ],
      },
    ],
    usage: {
      facts: [
        { name: 'metering', value: 'single', to: '2026-06-21' },
        { name: 'metering', value: 'tou', from: '2026-06-21' },
      ],
    },
  }
  t.same(linesOf(given), [
    'energy: 6203 × 0.5 = 3101.50',
    'tou peak: 8000 × 0.8 = 6400.00',
    'tou valley: 6000 × 0.2 = 1200.00',
    'tou flat: 22000 × 0.5 = 11000.00',
    'power_factor: 18600 × -0.0015 = -27.90',
  ])
})

t.test('several settlements of a month', async (t) => {
  const settlement = (number: number, start: string, end: string, kwh: number, kw: number) => ({
    start,
    end,
    settlement: { number, last: number === 3 },
    quantities: [energy(kwh), quantity('reactive', kwh / 2), quantity('demand', kw, { unit: 'kW' })],
  })
  const given: Given = {
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('0.6') },
      { code: 'demand', kind: 'fixed', level: 'month', quantity: 'demand', unit: 'kW', price: '40', per: 'month' },
      {
        code: 'power_factor',
        kind: 'power_factor',
        level: 'month',
        of: ['energy', 'demand'],
        table: { standard: '0.90' },
      },
    ],
    periods: [
      settlement(1, '2026-06-01', '2026-06-11', 1000, 90),
      settlement(2, '2026-06-11', '2026-06-21', 2000, 120),
      settlement(3, '2026-06-21', '2026-07-01', 3000, 80),
    ],
  }
  // 0.89 of the month: 0.5 % of 3600.00 and 4800.00.
  t.same(linesOf(given), [
    'energy: 1000 × 0.6 = 600.00',
    'energy: 2000 × 0.6 = 1200.00',
    'energy: 3000 × 0.6 = 1800.00',
    'demand: 120 × 40 = 4800.00',
    'power_factor: 8400 × 0.005 = 42.00',
  ])
})

t.test('a month-level charge by slot and on metered demand sees all settlements', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const values = (highest: string) => Array.from({ length: 24 }, (_, hour) => (hour === 12 ? highest : '1'))
  const given: Given = {
    components: [
      {
        code: 'energy',
        kind: 'usage',
        level: 'month',
        slots: { calendar: 'day' },
        model: { kind: 'per_unit', prices: { peak: '2', off: '1' } },
      },
      {
        code: 'demand',
        kind: 'usage',
        level: 'month',
        unit: 'kW',
        quantity: { op: 'demand', of: 'energy', minutes: 60 },
        model: perUnit('10'),
      },
    ],
    version: { calendars: [calendar] },
    periods: [
      {
        start: '2026-06-01',
        end: '2026-06-02',
        settlement: { number: 1, last: false },
        quantities: [intervals('2026-06-01', values('9'))],
      },
      {
        start: '2026-06-02',
        end: '2026-06-03',
        settlement: { number: 2, last: true },
        quantities: [intervals('2026-06-02', values('5'))],
      },
    ],
  }
  t.same(linesOf(given), ['energy peak: 36 × 2 = 72.00', 'energy off: 24 × 1 = 24.00', 'demand: 9 × 10 = 90.00'])
})

t.test('single-part becomes two-part within the month', async (t) => {
  const isTwoPart = { is: 'fact', name: 'mode', value: 'two_part' }
  const given: Given = {
    components: [
      { code: 'single', kind: 'usage', when: { is: 'not', of: isTwoPart }, model: perUnit('0.7') },
      { code: 'energy', kind: 'usage', when: isTwoPart, model: perUnit('0.6') },
      { code: 'capacity', kind: 'fixed', when: isTwoPart, quantity: '400', unit: 'kVA', price: '30', per: 'month' },
    ],
    period: { quantities: [energy(1000, { to: '2026-06-16' }), energy(3000, { from: '2026-06-16' })] },
    usage: {
      facts: [
        { name: 'mode', value: 'single', to: '2026-06-16' },
        { name: 'mode', value: 'two_part', from: '2026-06-16' },
      ],
    },
  }
  t.same(linesOf(given), [
    'single: 1000 × 0.7 = 700.00',
    'energy: 3000 × 0.6 = 1800.00',
    'capacity: 200 × 30 = 6000.00',
  ])
})

t.test('the least amount of a month is that of the month, however many settlements it has', async (t) => {
  const given: Given = {
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('1') },
      { code: 'least', kind: 'minimum', of: ['energy'], amount: '500', per: 'month', level: 'month' },
    ],
    periods: [
      { start: '2026-06-01', end: '2026-06-21', settlement: { number: 1, last: false }, quantities: [energy(100)] },
      { start: '2026-06-21', end: '2026-07-01', settlement: { number: 2, last: true }, quantities: [energy(50)] },
    ],
  }
  t.same(linesOf(given), ['energy: 100 × 1 = 100.00', 'energy: 50 × 1 = 50.00', 'least: 1 × 350 = 350.00'])
})
