import t from 'tap'
import { type Given, linesOf, perUnit, totalsOf } from '../offline.js'

const events = (...values: readonly (number | string)[]) => ({ name: 'payments', events: values.map(String) })
const fee = (model: object, ...quantities: readonly object[]): Given => ({
  version: { rounding: {} },
  components: [
    { code: 'fee', kind: 'usage', quantity: 'payments', unit: 'CNY', model: { kind: 'per_event', ...model } },
  ],
  period: { quantities: quantities.length > 0 ? quantities : [events(10, 80, 10_000)] },
})

t.test('each event at a price and a flat amount, at least and at most so much', async (t) => {
  const rows: readonly (readonly [string, Given, readonly string[]])[] = [
    ['a share of each', fee({ price: '0.0299' }), ['fee: 10090 × 0.0299 = 301.691']],
    ['a flat amount of each', fee({ flat: '2' }), ['fee: 3 × 2 = 6.00']],
    [
      'no less than 1.75 and no more than 12',
      fee({ price: '0.0299', least: '1.75', most: '12' }),
      ['fee: 10090 × 0.0299 = 301.691', 'fee: 1 × -285.549 = -285.549'],
    ],
    [
      'the flat amount counts towards both',
      fee({ price: '0.0299', flat: '2', least: '1.75', most: '12' }),
      ['fee: 10090 × 0.0299 = 301.691', 'fee: 3 × 2 = 6.00', 'fee: 1 × -289 = -289.00'],
    ],
    ['no events', fee({ price: '0.01', flat: '2', least: '1' }, events()), []],
    ['an event of nothing costs the least', fee({ price: '0.01', least: '1' }, events(0)), ['fee: 1 × 1 = 1.00']],
  ]
  for (const [claim, given, expected] of rows) t.same(linesOf(given), expected, claim)
})

t.test('the first events, or so much of them, are free, whichever is used up first', async (t) => {
  const four = events(50, 100, 250, 400)
  const rows: readonly (readonly [string, object, readonly string[]])[] = [
    ['three events', { events: '3' }, ['fee: 400 × 0.013 = 5.20', 'fee: 1 × 2 = 2.00']],
    [
      'a quantity: the event that goes beyond it is charged the rest',
      { quantity: '250' },
      ['fee: 550 × 0.013 = 7.15', 'fee: 2 × 2 = 4.00'],
    ],
    ['the quantity first', { events: '3', quantity: '250' }, ['fee: 550 × 0.013 = 7.15', 'fee: 2 × 2 = 4.00']],
    ['the events first', { events: '3', quantity: '500' }, ['fee: 400 × 0.013 = 5.20', 'fee: 1 × 2 = 2.00']],
    ['more than there are', { events: '5' }, []],
    ['nothing', {}, ['fee: 800 × 0.013 = 10.40', 'fee: 4 × 2 = 8.00']],
  ]
  for (const [claim, free, expected] of rows)
    t.same(linesOf(fee({ price: '0.013', flat: '2', free }, four)), expected, claim)
})

t.test('what is free goes on through the versions of a period, and a period begins anew', async (t) => {
  const model = { kind: 'per_event', flat: '1', free: { events: '3' } }
  const component = { code: 'fee', kind: 'usage', quantity: 'payments', unit: 'CNY', model }
  const version = (number: number, more: object) => ({
    version: number,
    rounding: {},
    components: [component],
    ...more,
  })
  const halves = [
    { ...events(1, 1), to: '2026-06-16' },
    { ...events(1, 1, 1), from: '2026-06-16' },
  ]
  const given: Given = {
    components: [],
    versions: [version(1, { validFrom: '2026-01-01', validTo: '2026-06-16' }), version(2, { validFrom: '2026-06-16' })],
    periods: [
      { start: '2026-06-01', end: '2026-07-01', quantities: halves },
      { start: '2026-07-01', end: '2026-08-01', quantities: [events(1, 1, 1, 1)] },
    ],
  }
  t.same(linesOf(given), ['fee: 2 × 1 = 2.00', 'fee: 1 × 1 = 1.00'])
  const whole: Given = { ...given, periods: [{ start: '2026-06-01', end: '2026-07-01', quantities: [events(1)] }] }
  t.match(totalsOf(whole), /^no_reading_at_change usage\.periods\.0\.quantities\.0: it is not said which events/)
})

t.test('events are counted, and their sum is a quantity like any other', async (t) => {
  const given: Given = {
    components: [
      { code: 'sum', kind: 'usage', quantity: 'payments', unit: 'CNY', model: perUnit('0.1') },
      { code: 'calls', kind: 'usage', quantity: { op: 'count', of: 'payments' }, unit: 'call', model: perUnit('0.5') },
    ],
    period: { quantities: [events(10, 20, 30)] },
  }
  t.same(linesOf(given), ['sum: 60 × 0.1 = 6.00', 'calls: 3 × 0.5 = 1.50'])
})

t.test('what is not given as events has no prices per event', async (t) => {
  const plain = { name: 'payments', value: '5' }
  t.match(totalsOf(fee({ flat: '1' }, plain)), /^quantity_unknown usage\.periods\.0\.quantities\.0/)
  const counted: Given = {
    components: [
      { code: 'n', kind: 'usage', quantity: { op: 'count', of: 'payments' }, unit: 'call', model: perUnit('1') },
    ],
    period: { quantities: [plain] },
  }
  t.match(totalsOf(counted), /^quantity_unknown tariff\.versions\.0\.components\.0: payments is not given as events/)
  const monthly: Given = {
    components: [
      { code: 'n', kind: 'usage', level: 'month', quantity: { op: 'count', of: 'payments' }, model: perUnit('1') },
    ],
    periods: [
      { start: '2026-06-01', end: '2026-06-16', settlement: { number: 1, last: false }, quantities: [events(1)] },
      { start: '2026-06-16', end: '2026-07-01', settlement: { number: 2, last: true }, quantities: [events(1)] },
    ],
  }
  t.match(totalsOf(monthly), /^quantity_unknown tariff\.versions\.0\.components\.0: how many events/)
  const computed = fee({ flat: '1' })
  const [component] = computed.components
  t.match(
    totalsOf({ ...computed, components: [{ ...component, quantity: { op: 'max', of: ['payments', '1'] } }] }),
    /^quantity_unknown tariff\.versions\.0\.components\.0\.quantity/,
  )
  t.match(
    totalsOf({ ...computed, components: [{ ...component, share: '0.5', atLeast: '3' }] }),
    /^does_not_apply versions\.0\.components\.0\.share/,
  )
})
