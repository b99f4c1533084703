import t from 'tap'
import { billOf, energy, type Given, linesOf, perUnit, totalsOf } from '../offline.js'

type Periods = NonNullable<Given['periods']>

const used = (...byMonth: readonly number[]): Periods =>
  byMonth.map((value, index) => ({
    start: firstOf(index + 1),
    end: firstOf(index + 2),
    quantities: [energy(value)],
  }))
const firstOf = (month: number) =>
  `${month > 12 ? '2027' : '2026'}-${String(((month - 1) % 12) + 1).padStart(2, '0')}-01`
const ended = (kind: string): Periods =>
  used(40, 40).map((period, index) => (index === 1 ? { ...period, kind } : period))
const components = (bound: object): readonly object[] => [
  { code: 'energy', kind: 'usage', model: perUnit('0.5') },
  { code: 'bound', kind: 'minimum', of: ['energy'], amount: '100', scope: { of: 'quarter' }, ...bound },
]

t.test('a bound of several bills', async (t) => {
  const rows: readonly (readonly [string, object, Periods, string])[] = [
    ['what is missing comes with the last', {}, used(40, 40, 40), '20.00 20.00 60.00'],
    ['nothing is missing', {}, used(40, 40, 400), '20.00 20.00 200.00'],
    ['each scope for itself', {}, used(40, 40, 40, 10, 300, 10), '20.00 20.00 60.00 5.00 150.00 5.00'],
    ['a month', { scope: { of: 'month' } }, used(40, 300), '100.00 150.00'],
    ['a year', { scope: { of: 'year' } }, used(...Array<number>(12).fill(10)), `${'5.00 '.repeat(11)}45.00`],
    ['a year of its own', { scope: { of: 'year', yearStart: '03-01' } }, used(10, 10, 10), '5.00 95.00 5.00'],
    ['a highest amount, with each bill', { kind: 'maximum' }, used(100, 160, 60, 60), '50.00 50.00 0.00 30.00'],
    ['an account that is closed', {}, ended('closing'), '20.00 80.00'],
    ['an account that is transferred', {}, ended('transfer'), '20.00 80.00'],
    ['an exact amount is rounded as a line', { amount: '60.005' }, used(40, 40, 40), '20.00 20.00 20.01'],
  ]
  for (const [name, bound, periods, totals] of rows)
    t.equal(totalsOf({ components: components(bound), periods }), totals, name)
})

t.test('the sum so far is part of the state', async (t) => {
  const both: Given = { components: components({}), periods: used(40, 40, 40) }
  const [, second, third] = billOf(both).periods
  t.match(second?.closing.blocks, [{ component: 'bound', scope: '2026-01-01', to: '2026-04-01', used: '40' }])
  t.same(third?.closing.blocks, [], 'nobody needs it once its scope is over')
  const later: Given = {
    components: both.components,
    periods: [{ ...both.periods?.[2] }],
    usage: { opening: second?.closing },
  }
  t.same(billOf(later).periods, [third])
})

t.test('a line says what is missing', async (t) => {
  t.same(linesOf({ components: components({}), periods: used(40, 40, 41).slice(2) }), [
    'energy: 41 × 0.5 = 20.50',
    'bound: 1 × 79.5 = 79.50',
  ])
})

t.test('what a bound of several bills does not do', async (t) => {
  const rows: readonly (readonly [object, Periods, RegExp])[] = [
    [
      {},
      [{ start: '2026-03-20', end: '2026-04-20', quantities: [energy(1)] }],
      /^period_crosses_scope tariff\.versions\.0\.components\.1: the period begins before the quarter of 2026-04-01/,
    ],
    [{ when: { is: 'billing_month', of: [1] } }, used(1), /^does_not_apply versions\.0\.components\.1\.when/],
    [{ multiple: '2' }, used(1), /^does_not_apply versions\.0\.components\.1\.multiple/],
    [{ level: 'month' }, used(1), /^does_not_apply versions\.0\.components\.1\.level/],
    [{ per: 'month' }, used(1), /^does_not_apply versions\.0\.components\.1\.per/],
  ]
  for (const [bound, periods, reason] of rows) t.match(totalsOf({ components: components(bound), periods }), reason)
})
