import t from 'tap'
import { defectText, refusalText } from '../../domain/refusal-words.js'

t.test('a reason says its place, its kind, and the same in Chinese behind it', async (t) => {
  t.equal(
    refusalText('versions.0.components.1.table.step', 'negative_price', 'a price below zero'),
    'versions.0.components.1.table.step: negative_price: a price below zero（单价为负）',
  )
  t.equal(
    refusalText('zone', 'brand_new', 'no word yet'),
    'zone: brand_new: no word yet',
    'one without a word as it is',
  )
  t.equal(defectText('validTo: validity_empty'), 'validTo: validity_empty（有效期为空）')
  t.equal(defectText('vat.rate: expected string'), 'vat.rate: expected string')
})
