import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkoutRoot } from '../../architecture/source-files.js'
import { failureNames } from '../../docs/failure-names.js'
import { perUnit, quantity, rated, totalsOf } from './offline.js'
import { charges } from './refusals/charges.js'
import { component, usage, used } from './refusals/given.js'
import { loading } from './refusals/loading.js'
import { periodsAndVersions } from './refusals/periods-and-versions.js'
import { quantities } from './refusals/quantities.js'

const refused = [...periodsAndVersions, ...quantities, ...charges, ...loading]

t.test('what cannot be rated is refused with its place in the file', async (t) => {
  for (const [claim, given, expected] of refused) {
    const outcome = rated(given)
    t.match('periods' in outcome ? outcome : outcome[0], new RegExp(`^${expected.replaceAll('.', '\\.')}: .`), claim)
  }
})

t.test('every kind of refusal is reached here', async (t) => {
  const sources = [
    'rating/refusal.ts',
    'tariffs/components/check-calendar.ts',
    'tariffs/components/check-components.ts',
  ]
  const names = failureNames(
    sources.map((path) => ({ path, text: readFileSync(join(checkoutRoot, 'billing', path), 'utf8') })),
  ).map(({ name }) => name)
  const reached = new Set(refused.map(([, , expected]) => expected.split(' ')[0] ?? ''))
  t.ok(names.length > 45, `${names.length} kinds`)
  t.same(
    names.filter((name) => !reached.has(name)),
    [],
  )
})

t.test('a malformed file is answered by what was expected there', async (t) => {
  const rows: readonly (readonly [object, string])[] = [
    [{ code: 'a', kind: 'usgae' }, "malformed versions.0.components.0.kind: expected 'usage' | 'fixed' | "],
    [usage({ kind: 'tiers' }), "malformed versions.0.components.0.model.kind: expected 'per_unit' | 'graduated' | "],
    [
      usage(perUnit('Abc')),
      'malformed versions.0.components.0.model.price: a decimal text such as "0.5769", or a quotient such as "5/12", or a name',
    ],
    [
      usage(perUnit(1)),
      'malformed versions.0.components.0.model.price: expected a decimal written as a text: "1", with quotation marks, not the number 1',
    ],
    [
      usage(perUnit({ op: 'plus' })),
      "malformed versions.0.components.0.model.price.op: expected 'quantity' | 'fact' | ",
    ],
    [
      { code: 'a', kind: 'power_factor', of: ['b'], table: { standard: '0.95' } },
      'malformed versions.0.components.0.table.standard: Invalid option: expected one of "0.90"',
    ],
    [
      { code: 'a', kind: 'fixed', price: '1', per: 'month', dayCount: '30' },
      'malformed versions.0.components.0.dayCount: Invalid option: expected one of "calendar"|"whole", or expected object',
    ],
  ]
  for (const [one, expected] of rows) t.match(totalsOf(component(one)), expected)
  t.match(
    totalsOf(used([{ name: 'energy' }])),
    'malformed periods.0.quantities.0: register: expected object, received undefined, or intervals: expected object, received undefined, or events: expected array, received undefined, or value: ',
  )
  t.match(
    totalsOf(used([{ ...quantity('energy', 1), register: { start: '1', end: '2' } }])),
    /^malformed periods\.0\.quantities\.0: /,
  )
})
