import t from 'tap'
import { billOf, demand, type Given, intervals, ladder, linesOf, perUnit, product, totalsOf } from '../offline.js'

/** Hourly kW of days with one peak each. */
const days = (...peaks: readonly number[]): readonly number[] =>
  peaks.flatMap((peak) => Array.from({ length: 24 }, (_, hour) => (hour === 12 ? peak : 1)))
const ofDays = { op: 'demand', of: 'energy', minutes: 60, take: 'sum_of_days' }
const banded = (model: object, more: object = {}): object => ({
  code: 'demand',
  kind: 'usage',
  quantity: ofDays,
  unit: 'kW·d',
  model,
  ...more,
})
const used = (start: string, end: string, values: readonly number[]): Given['periods'] => [
  { start, end, quantities: [intervals(start, values, { unit: 'kW' })] },
]
const byDay = { scope: { of: 'day' } }

t.test('blocks over the demand of each day', async (t) => {
  const steps = [
    ['10', '1'],
    [null, '3'],
  ] as const
  const charged = (model: object, more: object = {}): readonly string[] =>
    linesOf({
      components: [banded(model, more)],
      periods: used('2026-06-01', '2026-06-04', days(8, 15, 20)) ?? [],
    })
  t.same(charged(ladder(steps, byDay)), ['demand 1: 28 × 1 = 28.00', 'demand 2: 15 × 3 = 45.00'])
  t.same(charged(ladder(steps)), ['demand 1: 10 × 1 = 10.00', 'demand 2: 33 × 3 = 99.00'], 'or over all of them')
  t.same(charged(ladder(steps, byDay, 'volume')), ['demand 1: 8 × 1 = 8.00', 'demand 2: 35 × 3 = 105.00'])
  t.same(
    charged({ kind: 'package', size: '10', price: '5', ...byDay }),
    ['demand: 5 × 5 = 25.00'],
    'started packages of each day',
  )
  t.same(charged(ladder(steps, byDay), { share: '0.5' }), ['demand 1: 21.5 × 1 = 21.50'], 'a share is one of each day')
})

t.test('the demand of a day belongs to the version of that day', async (t) => {
  const version = (number: number, price: string, more: object) => ({
    version: number,
    rounding: {},
    components: [banded(ladder([[null, price]], byDay))],
    ...more,
  })
  const given: Given = {
    components: [],
    versions: [
      version(1, '1', { validFrom: '2026-01-01', validTo: '2026-06-03' }),
      version(2, '2', { validFrom: '2026-06-03' }),
    ],
    periods: used('2026-06-01', '2026-06-04', days(8, 15, 20)) ?? [],
  }
  t.same(linesOf(given), ['demand 1: 23 × 1 = 23.00', 'demand 1: 20 × 2 = 40.00'])
  const reported = billOf(given).periods[0]?.quantities.find(({ name }) => name === 'demand')
  t.same(reported, { name: 'demand', slot: null, value: '43' })
})

t.test('bands of each day in each slot', async (t) => {
  const calendar = {
    name: 'noon',
    slots: [
      { name: 'noon', when: [{ windows: [{ from: '10:00', to: '14:00' }] }] },
      { name: 'rest', otherwise: true },
    ],
  }
  const model = {
    kind: 'graduated',
    blocks: [{ upTo: '10', prices: { noon: '1', rest: '0.1' } }, { prices: { noon: '3', rest: '0.1' } }],
    ...byDay,
  }
  t.same(
    linesOf({
      components: [banded(model, { slots: { calendar: 'noon' } })],
      version: { calendars: [calendar] },
      periods: used('2026-06-01', '2026-06-04', days(8, 15, 20)) ?? [],
    }),
    ['demand noon/1: 28 × 1 = 28.00', 'demand rest/1: 3 × 0.1 = 0.30', 'demand noon/2: 15 × 3 = 45.00'],
  )
})

t.test('the days of earlier settlements are known as a sum only', async (t) => {
  const half = (number: number, last: boolean, start: string, end: string) => ({
    start,
    end,
    settlement: { number, last },
    quantities: [intervals(start, days(8, 15), { unit: 'kW' })],
  })
  const given = (model: object): Given => ({
    components: [banded(model, { level: 'month' })],
    periods: [half(1, false, '2026-06-01', '2026-06-03'), half(2, true, '2026-06-03', '2026-06-05')],
  })
  t.equal(totalsOf(given(perUnit('1'))), '0.00 46.00')
  t.match(totalsOf(given(ladder([[null, '1']], byDay))), /^demand_without_intervals /)
})

t.test('tiers of demand in each slot, at the hours of the system, after what was reached before', async (t) => {
  const calendar = (name: string, when: object, partial = false) => ({
    name,
    ...(partial ? { partial: true } : {}),
    slots: [{ name, ...when }, ...(partial ? [] : [{ name: 'off', otherwise: true }])],
  })
  const evening = calendar('on', { when: [{ windows: [{ from: '17:00', to: '21:00' }] }] })
  const tiers = {
    code: 'demand',
    kind: 'usage',
    quantity: 'demand',
    unit: 'kW',
    slots: { calendar: 'on' },
    model: {
      kind: 'graduated',
      blocks: [{ upTo: '100', prices: { on: '10', off: '2' } }, { prices: { on: '15', off: '4' } }],
    },
  }
  t.same(
    linesOf({
      components: [tiers],
      version: { calendars: [evening] },
      period: { quantities: [demand(120, { slot: 'on' }), demand(150, { slot: 'off' })] },
    }),
    [
      'demand on/1: 100 × 10 = 1000.00',
      'demand on/2: 20 × 15 = 300.00',
      'demand off/1: 100 × 2 = 200.00',
      'demand off/2: 50 × 4 = 200.00',
    ],
  )
  // Coincident demand: what was taken in the hours in which the system had its peaks.
  const system = calendar(
    'system',
    {
      intervals: [
        { start: '2026-06-01T12:00', end: '2026-06-01T13:00' },
        { start: '2026-06-03T09:00', end: '2026-06-03T10:00' },
      ],
    },
    true,
  )
  const coincident = {
    code: 'coincident',
    kind: 'usage',
    quantity: { op: 'demand', of: 'energy', minutes: 60, slot: 'system' },
    unit: 'kW',
    model: perUnit('7'),
  }
  t.same(
    linesOf({
      components: [coincident],
      version: { calendars: [system] },
      periods: used('2026-06-01', '2026-06-04', days(8, 15, 20)) ?? [],
    }),
    ['coincident: 8 × 7 = 56.00'],
  )
  // Lookback over listed months: at least 85 % of the highest of last June to September.
  const past = { op: 'history', name: 'demand', months: { listed: [6, 7, 8, 9] }, take: 'highest' }
  const ratchet = {
    code: 'demand',
    kind: 'usage',
    quantity: { op: 'max', of: ['demand', product('0.85', past)] },
    unit: 'kW',
    model: perUnit('10'),
  }
  const inMonth = (month: string, kw: number): string =>
    totalsOf({
      components: [ratchet],
      periods: [{ start: `${month}-01`, end: `${month}-28`, quantities: [demand(kw)] }],
      usage: {
        opening: {
          quantities: [
            { name: 'demand', month: '2025-06', value: '500' },
            { name: 'demand', month: '2025-08', value: '200' },
            { name: 'demand', month: '2025-12', value: '900' },
          ],
        },
      },
    })
  t.equal(inMonth('2026-02', 100), '4250.00')
  t.equal(inMonth('2026-02', 450), '4500.00')
  t.equal(inMonth('2026-07', 100), '1700.00', 'June of the year before is more than twelve months ago')
})
