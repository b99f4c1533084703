import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../domain/result.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { shownAs, workedExamples } from './worked-example.js'

// Published examples (E2 …); E1, E8, E9 and E10 are among those of the price files.
const folder = join(checkoutRoot, 'test', 'fixtures', 'rating', 'worked')

for (const { expected, rate } of workedExamples(folder)) {
  t.test(expected.claim, async (t) => {
    const tariff = parseComponentTariff(
      JSON.parse(readFileSync(join(folder, `${expected.tariff}.tariff.json`), 'utf8')),
    )
    invariant(tariff.ok, `${expected.tariff}: ${JSON.stringify(tariff)}`)
    const rated = rate(tariff.value)
    invariant(rated.ok, JSON.stringify(rated))
    const { lines, total, quantities } = expected
    t.same(shownAs(expected, rated.value), { lines, total, ...(quantities === undefined ? {} : { quantities }) })
  })
}
