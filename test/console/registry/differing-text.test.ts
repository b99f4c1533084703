import t from 'tap'
import { differingText } from '../../../console/registry/differing-text.js'
import type { ListName } from '../../../mdm/registry/document-lists.js'

const cases: readonly (readonly [list: ListName, fields: readonly string[], text: string])[] = [
  ['usagePoints', ['supplyAddress'], '用电地址 supplyAddress'],
  ['meters', ['model', 'registerDigits'], '型号 model, 整数位 registerDigits'],
  ['lines', ['settings'], '通信参数 settings'],
  ['openingBatches', ['openingItems'], '期初明细 openingItems'],
  ['installations', [], '条数 number of entries'],
]

t.test('fields that differ are told in the words of their sheet', (t) => {
  for (const [list, fields, text] of cases) t.equal(differingText(list, fields), text)
  t.end()
})
