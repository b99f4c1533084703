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
