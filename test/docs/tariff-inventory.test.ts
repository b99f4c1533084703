import { readFileSync } from 'node:fs'
import t from 'tap'
import { generatedTariffInventory } from './tariff-inventory.js'

t.test('docs/tariffs.md holds the price files (refresh: node build/test/docs/refresh-schemas.js)', async (t) => {
  const { path, text } = generatedTariffInventory()
  t.equal(readFileSync(path, 'utf8'), text)
})

t.test('the inventory names present and absent cells', async (t) => {
  const { text } = generatedTariffInventory()
  t.match(text, '| 1 | energy | blocks.0.price | 0.5469 | A | 鲁发改价格〔2019〕509号 |')
  t.match(text, '| 1 | energy | prices.peak | 0.5469 + 0.03 | B |')
  t.match(text, /\| 1 \| purchase_and_line_loss \| prices\.peak \| .*0\.848961/)
})
