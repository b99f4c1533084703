import t from 'tap'
import { componentEntry } from '../../../billing/ledger/component-entry.js'
import type { Posting } from '../../../billing/tariffs/components/posting-schema.js'
import { rational } from '../../../domain/rational.js'

t.test('splits a bill as its version says, each part rounded once, and always balances', (t) => {
  const lines = [
    { component: 'energy', fen: rational(10_000n) },
    { component: 'fund', fen: rational(401n, 2n) },
    { component: 'vat', fen: rational(1300n) },
    { component: 'feed_in', fen: rational(-8293n) },
  ]
  const bill = { energyE4: 1_000_000n, amountFen: 11_300n }
  const table: readonly (readonly [string, Posting, typeof bill, readonly (readonly [number, bigint])[]])[] = [
    [
      'a rate inside',
      { vat: { rate: '0.13' }, funds: [] },
      bill,
      [
        [1122, 11_300n],
        [2221, -1300n],
        [6001, -10_000n],
      ],
    ],
    [
      'no tax',
      { vat: { rate: '0' }, funds: [] },
      bill,
      [
        [1122, 11_300n],
        [6001, -11_300n],
      ],
    ],
    [
      'a tax of its own',
      { vat: { component: 'vat' }, funds: [] },
      bill,
      [
        [1122, 11_300n],
        [2221, -1300n],
        [6001, -10_000n],
      ],
    ],
    [
      'funds as a component, half a fen up, and inside the price',
      {
        vat: { rate: '0.13' },
        funds: [
          { fund: 'renewable_energy', component: 'fund' },
          { fund: 'rural_grid_loan', price: '0.019' },
        ],
      },
      bill,
      [
        [1122, 11_300n],
        [2221, -1300n],
        [2241, -190n],
        [2243, -201n],
        [6001, -9609n],
      ],
    ],
    [
      'power that is bought is a cost, and the tax is of what is sold',
      { vat: { rate: '0.13' }, funds: [], purchases: ['feed_in'] },
      { energyE4: 800_000n, amountFen: -3918n },
      [
        [1122, -3918n],
        [2221, -503n],
        [6001, -3872n],
        [6401, 8293n],
      ],
    ],
    [
      'a credit',
      { vat: { rate: '0.13' }, funds: [{ fund: 'rural_grid_loan', price: '0.019' }] },
      { energyE4: -1_000_000n, amountFen: -11_300n },
      [
        [1122, -11_300n],
        [2221, 1300n],
        [2241, 190n],
        [6001, 9810n],
      ],
    ],
    ['nothing', { vat: { rate: '0.13' }, funds: [] }, { energyE4: 0n, amountFen: 0n }, []],
  ]
  for (const [title, posting, of, legs] of table) {
    const { ledgerNumbers, amountsFen } = componentEntry(posting, lines, of)
    t.same(
      ledgerNumbers.map((number, index) => [number, amountsFen[index]]),
      legs,
      title,
    )
  }
  t.end()
})
