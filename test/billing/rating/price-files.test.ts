import { join } from 'node:path'
import t from 'tap'
import { invariant } from '../../../domain/result.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { priceFiles } from '../tariffs/price-files.js'
import { shownAs, workedExamples } from './worked-example.js'

const folder = join(checkoutRoot, 'test', 'fixtures', 'rating', 'provinces')
const files = priceFiles()
const provinces = [...new Set(files.map(({ province }) => province))]
const examples = provinces.flatMap((province) => workedExamples(join(folder, province)))

for (const { name, expected, rate } of examples) {
  t.test(`${name}: ${expected.claim}`, async (t) => {
    const file = files.find((one) => `${one.province}/${one.name}` === expected.tariff)
    invariant(file !== undefined, `${name}: no price file is ${expected.tariff}`)
    const rated = rate(file.tariff)
    if (expected.refused !== undefined) {
      t.match(rated, { ok: false, error: expected.refused })
      return
    }
    invariant(rated.ok, JSON.stringify(rated))
    t.same(shownAs(expected, rated.value), { lines: expected.lines, total: expected.total })
  })
}

t.test('every price file has a worked example', async (t) => {
  const exampled = new Set(examples.map(({ expected }) => expected.tariff))
  t.same(
    files.map(({ province, name }) => `${province}/${name}`).filter((file) => !exampled.has(file)),
    [],
  )
})
