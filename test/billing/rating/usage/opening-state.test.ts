import t from 'tap'
import { energy, type Given, june, ladder, rated, totalsOf } from '../offline.js'

const counter = { component: 'energy', scope: '2026-01-01', used: '150', byBlock: ['100', '50'] }

/** A yearly ladder of 100 kWh at 0.50, then 1.00, on which a household leaves after 20 kWh more. */
function leaving(blocks: readonly object[], opening: object = {}): Given {
  const steps = [
    ['100', '0.50'],
    [null, '1.00'],
  ] as const
  const scope = { of: 'year', reclear: 'transfer_and_closing' }
  return {
    components: [{ kind: 'usage', code: 'energy', model: ladder(steps, { scope }) }],
    period: { ...june, kind: 'closing', quantities: [energy(20)] },
    usage: { opening: { blocks, ...opening } },
  }
}

t.test('an opening state says what was used once, and in blocks that hold it', async (t) => {
  const rows: readonly (readonly [string, readonly object[], object, string])[] = [
    ['a counter', [counter], {}, '20.00'],
    ['a counter without blocks lies in them as their bounds say', [{ ...counter, byBlock: [] }], {}, '20.00'],
    ['what was charged by other bounds is cleared anew', [{ ...counter, byBlock: ['150'] }], {}, '45.00'],
    [
      'blocks that do not come to what was used',
      [{ ...counter, byBlock: ['100', '40'] }],
      {},
      'malformed opening.blocks.0: 不合规则 what was used is the sum of what lies in the blocks',
    ],
    [
      'a counter twice',
      [counter, { ...counter, used: '0', byBlock: [] }],
      {},
      'malformed opening.blocks.1: 不合规则 each of them once',
    ],
    [
      'a scope that is no day',
      [{ ...counter, scope: '2026' }],
      {},
      'malformed opening.blocks.0.scope: 应为实有的日期 a calendar day YYYY-MM-DD',
    ],
    [
      'a free quantity twice',
      [],
      { free: [1, 2].map((used) => ({ component: 'energy', scope: '2026-01-01', granted: '9', used: String(used) })) },
      'malformed opening.free.1: 不合规则 each of them once',
    ],
    [
      'money put by twice',
      [],
      { credits: [1, 2].map((balance) => ({ component: 'credit', scope: '', balance: String(balance) })) },
      'malformed opening.credits.1: 不合规则 each of them once',
    ],
    [
      'a rounding twice',
      [],
      { rounding: [1, 2].map((exact) => ({ line: 'energy', exact: String(exact), rounded: '1' })) },
      'malformed opening.rounding.1: 不合规则 each of them once',
    ],
  ]
  for (const [what, blocks, opening, expected] of rows) t.equal(totalsOf(leaving(blocks, opening)), expected, what)
  t.ok('periods' in rated(leaving([counter, { ...counter, slot: 'peak' }])), 'each slot has a counter of its own')
})
