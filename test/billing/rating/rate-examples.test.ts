import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { billSchema } from '../../../billing/rating/bill.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { usageDocumentSchema } from '../../../billing/rating/usage/usage-schema.js'
import { parseComponentTariff, parseDocument } from '../../../billing/tariffs/components/parse-document.js'
import { invariant, present } from '../../../domain/result.js'
import { checkoutRoot } from '../../architecture/source-files.js'

const folder = join(checkoutRoot, 'docs', 'schemas', 'rate')

t.test('the examples of the guide are rated as it shows', async (t) => {
  const names = readdirSync(folder).flatMap((file) => /^(.+)\.tariff\.json$/.exec(file)?.[1] ?? [])
  t.ok(names.length >= 6, 'at least six examples')
  for (const name of names) {
    const read = (part: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.${part}.json`), 'utf8'))
    const tariff = parseComponentTariff(read('tariff'))
    const usage = parseDocument(usageDocumentSchema, read('usage'))
    invariant(tariff.ok && usage.ok, `${name}: ${JSON.stringify({ tariff, usage })}`)
    const rated = rateUsage(tariff.value, usage.value)
    invariant(rated.ok, `${name}: ${JSON.stringify(rated)}`)
    const bill = {
      ...rated.value,
      periods: rated.value.periods.map((period) => ({ ...period, lines: period.lines.map(withoutSteps) })),
    }
    t.same(bill, read('bill'), name)
  }
})

/** Totals worked out by hand, so that a wrong bill cannot be stored together with its example. */
const totals = [
  ['annual-ladder', 0, '202.76'],
  ['annual-ladder', 1, '150.22'],
  ['contracted-demand', 0, '65100.00'],
  ['generic-models', 0, '161.25'],
  ['price-change', 0, '183.14'],
  ['adjustment', 0, '7032.00'],
  ['surplus-export', 0, '-39.18'],
  ['two-part', 0, '106331.91'],
] as const

for (const [name, period, total] of totals) {
  t.test(`${name} comes to ${total}`, async (t) => {
    const bill = parseDocument(billSchema, JSON.parse(readFileSync(join(folder, `${name}.bill.json`), 'utf8')))
    invariant(bill.ok, `${name}: ${JSON.stringify(bill)}`)
    t.equal(present(bill.value.periods[period], name).totals.amount, total)
  })
}

function withoutSteps<T extends { readonly steps?: unknown }>({ steps: _steps, ...line }: T): Omit<T, 'steps'> {
  return line
}
