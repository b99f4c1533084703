import t from 'tap'
import { comparisonDocument, comparisonSchema } from '../../../../billing/rating/compare/comparison-document.js'
import { compareBills } from '../../../../billing/rating/compare/compare-bills.js'
import { changes, documentsOf, example } from './documents.js'

/** Worked out by hand; the arithmetic is in docs/schemas/rate-compare.md. */
const worked = [
  ['residential', 'days 5, quantity 45, slot_mix 12, block 11, price 4.8'],
  ['two-part', 'days -612, quantity 1836, price 336.6, power_factor -627.38, demand 397.6, correction -150'],
] as const

for (const [name, expected] of worked) {
  t.test(`${name}: ${expected}`, async (t) => {
    const side = (part: string) => documentsOf(example(`${name}.tariff`), example(`${name}.${part}.usage`))
    const compared = compareBills(side('from'), side('to'))
    if (!compared.ok) throw new Error(JSON.stringify(compared.error))
    t.equal(changes(compared.value), expected)
    const document = comparisonDocument(compared.value, () => null)
    t.same(document, example(`${name}.comparison`), 'as the guide shows it')
    t.ok(comparisonSchema.safeParse(document).success)
  })
}
