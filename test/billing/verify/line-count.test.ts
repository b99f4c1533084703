import t from 'tap'
import { createLineCount } from '../../../billing/verify/line-count.js'
import { linesCheckedText } from '../../../console/proof/trusted-lines-text.js'

t.test('lines of many bills are added up by component and reason, and told so', async (t) => {
  const count = createLineCount()
  t.same(count.sum(), { workedOut: 0, onTrust: [], untraced: [] })
  count.add({
    workedOut: 3,
    onTrust: [{ component: 'ladder', reason: 'unknown_scope', lines: 2 }],
    untraced: ['loss_active'],
  })
  count.add({ workedOut: 1, onTrust: [], untraced: [] })
  count.add({
    workedOut: 0,
    onTrust: [
      { component: 'ladder', reason: 'unknown_scope', lines: 1 },
      { component: 'capacity', reason: 'unknown_operation', lines: 1 },
    ],
    untraced: ['loss_active', 'demand'],
  })
  const sum = count.sum()
  t.same(sum, {
    workedOut: 4,
    onTrust: [
      { component: 'capacity', reason: 'unknown_operation', lines: 1 },
      { component: 'ladder', reason: 'unknown_scope', lines: 3 },
    ],
    untraced: ['demand', 'loss_active'],
  })
  t.same(linesCheckedText(sum), [
    '明细 lines：重算 worked out 4，未重算 taken on trust 4',
    '  capacity 1：含核验程序不算的运算 an operation the checker does not work out',
    '  ladder 3：阶梯周期 the scope of the blocks',
    '  未追溯至报文的电量 quantities not traced to frames：demand, loss_active',
  ])
})
