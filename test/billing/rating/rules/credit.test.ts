import t from 'tap'
import { billOf, energy, type Given, linesOf, perUnit, product, quantity, totalsOf } from '../offline.js'

type Periods = NonNullable<Given['periods']>

const months = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'] as const
const used = (...byMonth: readonly (readonly [imported: number, exported: number])[]): Periods =>
  byMonth.map(([imported, exported], index) => ({
    start: months[index],
    end: months[index + 1],
    quantities: [energy(imported), quantity('export', exported)],
  }))
const components = (bank: object): readonly object[] => [
  { code: 'energy', kind: 'usage', model: perUnit('0.5') },
  { code: 'fixed', kind: 'fixed', per: 'month', price: '10' },
  { code: 'export', kind: 'usage', quantity: 'export', model: perUnit('0.3') },
  { code: 'bank', kind: 'credit', of: ['energy'], earns: ['export'], ...bank },
]

t.test('what is earned pays for what it may, and the rest goes on to the next bill', async (t) => {
  const given: Given = { components: components({}), periods: used([100, 300], [50, 0], [60, 0]) }
  t.same(linesOf(given), [
    'energy: 100 × 0.5 = 50.00',
    'fixed: 1 × 10 = 10.00',
    'export: 300 × 0.3 = 90.00',
    'bank: 1 × -50 = -50.00',
    'energy: 50 × 0.5 = 25.00',
    'fixed: 1 × 10 = 10.00',
    'bank: 1 × -25 = -25.00',
    'energy: 60 × 0.5 = 30.00',
    'fixed: 1 × 10 = 10.00',
    'bank: 1 × -15 = -15.00',
  ])
  t.equal(totalsOf(given), '10.00 10.00 25.00', 'the export is shown, not added')
  const [first] = billOf(given).periods
  t.same(first?.closing.credits, [{ component: 'bank', scope: '', balance: '40' }])
  t.same(
    first?.quantities.filter(({ name }) => name.startsWith('bank')),
    [
      { name: 'bank_earned', slot: null, value: '90' },
      { name: 'bank_balance', slot: null, value: '40' },
    ],
  )
})

t.test('the closing state of one call is the opening state of the next', async (t) => {
  const both: Given = { components: components({}), periods: used([100, 300], [50, 0]) }
  const [first, second] = billOf(both).periods
  const later: Given = {
    components: both.components,
    periods: [{ ...both.periods?.[1] }],
    usage: { opening: first?.closing },
  }
  t.same(billOf(later).periods, [second])
})

t.test('grants, bounds, lapses and payments', async (t) => {
  const rows: readonly (readonly [string, object, Periods, string])[] = [
    ['a grant of each month', { earns: undefined, earned: '20' }, used([100, 0], [10, 0]), '40.00 10.00'],
    ['a grant beside exports', { earned: '5' }, used([100, 100]), '25.00'],
    ['no more than ten a month', { most: '10' }, used([100, 300], [100, 0]), '50.00 50.00'],
    ['other components, too', { of: ['energy', 'fixed'] }, used([100, 300]), '0.00'],
    ['a balance lapses with its month', { scope: { of: 'month' } }, used([100, 300], [50, 0]), '10.00 35.00'],
    [
      'a balance lapses with its year, which begins in March',
      { scope: { of: 'year', yearStart: '03-01' } },
      used([100, 300], [10, 0], [10, 0]),
      '10.00 10.00 15.00',
    ],
    [
      'what is left in March is paid out',
      { payOut: { when: { is: 'billing_month', of: [3] } } },
      used([100, 300], [10, 0], [10, 0]),
      '10.00 10.00 -20.00',
    ],
    [
      '… or a fifth of it, and the rest lapses',
      { payOut: { when: { is: 'billing_month', of: [2] }, share: '0.2' } },
      used([100, 300], [10, 0], [10, 0]),
      '10.00 3.00 15.00',
    ],
    ['a debt of the bank is not charged', { earned: '-100' }, used([100, 0], [100, 0]), '60.00 60.00'],
    ['what comes in is rounded once', { earned: '0.125', earns: undefined }, used([100, 0]), '59.87'],
  ]
  for (const [claim, bank, periods, expected] of rows)
    t.equal(totalsOf({ components: components(bank), periods }), expected, claim)
})

t.test('a payment ahead is stated as a fact of the day it was made', async (t) => {
  const wallet: Given = {
    components: [
      { code: 'energy', kind: 'usage', model: perUnit('0.5') },
      { code: 'wallet', kind: 'credit', of: ['energy'], earned: { op: 'fact', name: 'paid_ahead', otherwise: '0' } },
    ],
    periods: used([100, 0], [100, 0]),
    usage: { facts: [{ name: 'paid_ahead', value: '70', from: '2026-01-31', to: '2026-02-01' }] },
  }
  t.equal(totalsOf(wallet), '0.00 30.00')
})

t.test('taxes are on what is charged before credits, or after them', async (t) => {
  const taxed = (of: readonly string[]): string =>
    totalsOf({
      components: [
        ...components({}),
        { code: 'tax', kind: 'percentage', of, percent: '10' },
        { code: 'levy', kind: 'amount', amount: product('0.01', { op: 'amount', of: ['bank'], takes: 'rounded' }) },
      ],
      periods: used([100, 100]),
    })
  t.equal(taxed(['energy', 'fixed']), '35.70')
  t.equal(taxed(['energy', 'fixed', 'bank']), '32.70')
})

t.test('a credit names components that come before it', async (t) => {
  const unknown = (more: object): string => totalsOf({ components: [{ code: 'bank', kind: 'credit', ...more }] })
  for (const [key, value] of [
    ['when', { is: 'kind', of: ['regular'] }],
    ['multiple', '2'],
    ['level', 'month'],
  ] as const)
    t.match(
      totalsOf({ components: components({ [key]: value }) }),
      new RegExp(`^does_not_apply versions\\.0\\.components\\.3\\.${key}`),
      `${key} would not be heard`,
    )
  t.match(unknown({ of: ['energy'] }), /^base_unknown versions\.0\.components\.0\.of/)
  t.match(
    totalsOf({ components: components({ earns: ['sun'] }) }),
    /^base_unknown versions\.0\.components\.3\.earns\.0: no component before this one is sun/,
  )
})
