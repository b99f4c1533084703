import t from 'tap'
import { loadFrozenTariffs, tariffsInForce } from '../../../billing/runs/frozen-tariffs.js'
import { ended } from '../../../billing/tariffs/components/succession.js'
import { registerComponents } from '../../../billing/tariffs/register-components.js'
import { registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { documentsOf } from '../rating/compare/documents.js'
import { rateUsage } from '../../../billing/rating/rate-usage.js'
import { withDatabase } from '../../support/database.js'
import { arrangeRegistry } from '../runs/billing-fixture.js'
import { componentClock as clock, ownTariff } from '../runs/component-fixture.js'
import { shippedJson } from './shipped-tariffs.js'

t.test('a version without an end holds until one begins that succeeds it', (t) => {
  const first = { validFrom: '2026-01-01' }
  const rows: readonly (readonly [string, Parameters<typeof ended>[0], readonly (string | undefined)[]])[] = [
    ['alone', [first], [undefined]],
    ['succeeded', [first, { validFrom: '2026-07-01', succeeds: true }], ['2026-07-01', undefined]],
    ['in any order', [{ validFrom: '2026-07-01', succeeds: true }, first], [undefined, '2026-07-01']],
    ['by one that does not say so', [first, { validFrom: '2026-07-01' }], [undefined, undefined]],
    [
      'with an end of its own',
      [
        { ...first, validTo: '2026-08-01' },
        { validFrom: '2026-07-01', succeeds: true },
      ],
      ['2026-08-01', undefined],
    ],
    [
      'by the next one alone',
      [first, { validFrom: '2026-03-01' }, { validFrom: '2026-07-01', succeeds: true }],
      [undefined, '2026-07-01', undefined],
    ],
  ]
  for (const [what, versions, ends] of rows)
    t.same(
      ended(versions).map(({ validTo }) => validTo),
      ends,
      what,
    )
  t.end()
})

const price = (value: string) => [{ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: value } }]
const version = (number: number, validFrom: string, value: string, more = {}) => ({
  version: number,
  validFrom,
  unread: 'by_days',
  rounding: { line: { mode: 'half_up', decimals: 2 } },
  posting: { vat: { rate: '0.13' } },
  components: price(value),
  ...more,
})

t.test('300 kWh of June, ten days at 0.50 and twenty at 0.60', (t) => {
  const rated = (more: object) => {
    const versions = [version(1, '2026-01-01', '0.5'), version(2, '2026-06-11', '0.6', more)]
    const { tariff, usage } = documentsOf(ownTariff('own', { versions }), {
      format: 'usage/1',
      zone: 'Asia/Shanghai',
      periods: [{ start: '2026-06-01', end: '2026-07-01', quantities: [{ name: 'energy', value: '300' }] }],
    })
    const bill = rateUsage(tariff, usage)
    return bill.ok ? bill.value.periods[0]?.totals.amount : bill.error.kind
  }
  t.equal(rated({ succeeds: true }), '170.00')
  t.equal(rated({}), 'tariff_overlap')
  t.end()
})

t.test('on record, a successor ends the open version once two people have signed it', async (t) => {
  const test = await withDatabase(t)
  await arrangeRegistry(test.as('owner'))
  const database = test.as('billing')
  const register = (one: object) =>
    registerComponents(database, clock, ownTariff('own', { versions: [one] }), { author: 'tariff-1' })
  const sign = async (number: number, ...actors: readonly string[]) => {
    for (const actor of actors) await signTariff(database, clock, { code: 'own', version: number, actor })
  }
  const inForce = async (from: string, to: string) => {
    const found = await tariffsInForce(database, ['own'], from, to)
    return { found, numbers: found.map((one) => one.version) }
  }
  await register(version(1, '2026-01-01', '0.5'))
  await sign(1, 'tariff-2', 'tariff-3')
  const next = version(2, '2026-06-11', '0.6')
  await t.rejects(register(next), { message: /overlap; 后版写明 "succeeds": true/ })
  await t.rejects(
    register({ ...next, validFrom: '2026-01-01', succeeds: true }),
    { message: /overlap/ },
    "a version that never held is no successor's to end",
  )
  await register({ ...next, succeeds: true })
  await sign(2, 'tariff-2')
  t.same((await inForce('2026-07-01', '2026-08-01')).numbers, [1], 'one signature ends nothing')
  const before = await inForce('2026-06-01', '2026-07-01')
  t.same(before.numbers, [1])
  await sign(2, 'tariff-3')
  t.same((await inForce('2026-05-01', '2026-06-01')).numbers, [1])
  t.same((await inForce('2026-07-01', '2026-08-01')).numbers, [2])
  const june = { from: '2026-06-01', to: '2026-07-01' }
  const after = await inForce(june.from, june.to)
  t.same(after.numbers, [1, 2])
  const loaded = async (tariffs: typeof after.found) =>
    (await loadFrozenTariffs(database, { tariffs }, june)).components.flatMap(({ versions }) =>
      versions.map(({ version: number, validTo }) => [number, validTo ?? null]),
    )
  t.same(await loaded(after.found), [
    [1, '2026-06-11'],
    [2, null],
  ])
  t.same(await loaded(before.found), [[1, null]], 'what was frozen before keeps its version')
})

t.test('so does a version of slots and a ladder, on a first of the month', async (t) => {
  const test = await withDatabase(t)
  await arrangeRegistry(test.as('owner'))
  const database = test.as('billing')
  const { validTo: _, ...open } = { validTo: '', ...(shippedJson('sd-residential') as object) }
  const register = (changes: object) => registerTariff(database, clock, { ...open, ...changes }, { author: 'tariff-1' })
  await register({ validFrom: '2026-01-01' })
  const next = { version: 2, validFrom: '2026-07-01' }
  await t.rejects(register(next), { message: /overlap/ })
  await register({ ...next, succeeds: true })
  for (const number of [1, 2])
    for (const actor of ['tariff-2', 'tariff-3'])
      await signTariff(database, clock, { code: 'sd-residential', version: number, actor })
  for (const [from, to, number] of [
    ['2026-06-01', '2026-07-01', 1],
    ['2026-07-01', '2026-08-01', 2],
  ] as const)
    t.same(
      (await tariffsInForce(database, ['sd-residential'], from, to)).map((one) => one.version),
      [number],
    )
})
