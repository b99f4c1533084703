import t from 'tap'
import { nameOf, sourcesOf } from '../../../console/rate/tariff-words.js'
import { readPriceFile } from '../../billing/tariffs/price-files.js'

const ladder = readPriceFile('shandong', 'sd-household-ladder').tariff
const shandongTou = readPriceFile('shandong', 'sd-household-tou').tariff
const tou = readPriceFile('zhejiang', 'zj-household-tou').tariff

t.test('a line has its Chinese name and its code', async (t) => {
  t.equal(nameOf(ladder, { component: 'energy', version: 1, slot: null, block: 1 }), '阶梯电度电费 energy')
  t.equal(nameOf(ladder, { component: 'hidden_load', version: 1, slot: null, block: null }), 'hidden_load')
})

t.test('a line says where its price stands', async (t) => {
  const table: readonly (readonly [typeof ladder, Parameters<typeof sourcesOf>[1], readonly string[]])[] = [
    [ladder, { component: 'energy', version: 1, slot: null, block: 2 }, ['(A) 鲁发改价格〔2019〕509号']],
    [
      tou,
      { component: 'energy', version: 1, slot: 'peak', block: null },
      ['(B) public table citing the Zhejiang notice (cc01cc/Eru, living-cost-electricity.md)'],
    ],
    [
      shandongTou,
      { component: 'energy', version: 1, slot: 'valley', block: null },
      [
        '(B) 0.3469; 鲁发改价格〔2022〕158号 (summary); public multi-province residential price table of 2026: November to March',
        '(B) 0.5469 − 0.17; 鲁发改价格〔2019〕509号; 鲁发改价格〔2022〕158号 (summary): 0.5469 base, -0.17 in valley',
      ],
    ],
    [ladder, { component: 'hidden_load', version: 1, slot: null, block: null }, []],
  ]
  for (const [tariff, line, expected] of table) t.same(sourcesOf(tariff, line), expected)
})
