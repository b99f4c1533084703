import { readFileSync } from 'node:fs'
import t from 'tap'
import { generatedDataItems } from './data-items.js'

t.test('docs/data-items.md holds the catalogue (refresh: node build/test/docs/refresh-schemas.js)', async (t) => {
  const { path, text } = generatedDataItems()
  t.equal(readFileSync(path, 'utf8'), text)
})
