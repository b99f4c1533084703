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
    [{ code: 'a', kind: 'usgae' }, "malformed versions.0.components.0.kind: 应为 expected 'usage' | 'fixed' | "],
    [
      usage({ kind: 'tiers' }),
      "malformed versions.0.components.0.model.kind: 应为 expected 'per_unit' | 'graduated' | ",
    ],
    [
      usage(perUnit('Abc')),
      'malformed versions.0.components.0.model.price: 应为数 a decimal text such as "0.5769", or a quotient such as "5/12"，或 or 应为名称 a name',
    ],
    [
      usage(perUnit(1)),
      'malformed versions.0.components.0.model.price: 应为加引号的数 expected a decimal written as a text: "1", with quotation marks, not the number 1',
    ],
    [
      usage(perUnit({ op: 'plus' })),
      "malformed versions.0.components.0.model.price.op: 应为 expected 'quantity' | 'fact' | ",
    ],
    [
      { code: 'a', kind: 'power_factor', of: ['b'], table: { standard: '0.95' } },
      'malformed versions.0.components.0.table.standard: 应为 expected 0.90, 0.85, 0.80',
    ],
    [
      { code: 'a', kind: 'fixed', price: '1', per: 'month', dayCount: '30' },
      'malformed versions.0.components.0.dayCount: 应为 expected calendar, whole，或 or 应为 expected 对象 an object',
    ],
  ]
  for (const [one, expected] of rows) t.match(totalsOf(component(one)), expected)
  t.match(
    totalsOf(used([{ name: 'energy' }])),
    'malformed periods.0.quantities.0: register: 必填 required: 对象 an object，或 or intervals: 必填 required: 对象 an object，或 or events: 必填 required: 列表 a list，或 or value: ',
  )
  t.match(
    totalsOf(used([{ ...quantity('energy', 1), register: { start: '1', end: '2' } }])),
    /^malformed periods\.0\.quantities\.0: /,
  )
})

t.test('a key with a slip of the pen is one defect, with what it stands for', async (t) => {
  const rows: readonly (readonly [object, string])[] = [
    [
      { code: 'a', kind: 'fixed', prize: '1', per: 'month' },
      'malformed versions.0.components.0.prize: 无此项 no such key，应是 meant is price?',
    ],
    [
      { code: 'a', kind: 'fixed', price: '1', PER: 'month' },
      'malformed versions.0.components.0.PER: 无此项 no such key，应是 meant is per?',
    ],
    [
      { code: 'a', kind: 'fixed', cost: '1', per: 'month' },
      'malformed versions.0.components.0.price: 必填 required; malformed versions.0.components.0.cost: 无此项 no such key',
    ],
  ]
  for (const [one, expected] of rows) t.equal(totalsOf(component(one)), expected)
})
