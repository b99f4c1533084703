import t from 'tap'
import { openingEntry } from '../../../billing/ledger/opening-entry.js'

t.test('arrears are owed to us, prepayments by us, both against the opening balances', (t) => {
  t.same(openingEntry({ kind: 'arrear', amountFen: 1010n }), {
    ledgerNumbers: [1122, 3001],
    amountsFen: [1010n, -1010n],
  })
  t.same(openingEntry({ kind: 'prepaid', amountFen: 5025n }), {
    ledgerNumbers: [2203, 3001],
    amountsFen: [-5025n, 5025n],
  })
  t.end()
})
