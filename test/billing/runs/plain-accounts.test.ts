import t, { type Test } from 'tap'
import { accountInputSchema } from '../../../billing/by-account/account-input.js'
import { plainDocument } from '../../../billing/engine/components/plain-document.js'
import { eachComponentInput, readComponentInputs } from '../../../storage/billing/component-inputs.js'
import type { Database } from '../../../storage/database.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { arrangeRegistry } from './billing-fixture.js'
import { bringIntoForce, type FurtherQuantity, freezeUses, type MonthUse, priceFileJson } from './component-fixture.js'
import { askedOf, type Days, readableOf, runMonth, runOf, storedOf } from './component-month.js'
import { eachPlain, ratedBy } from './plain-rows.js'

const january: Days = ['2026-01-01', '2026-02-01']
const february: Days = ['2026-02-01', '2026-03-01']
const newInJanuary = '2026-01-01'

const again = { quantity: 'active_energy', kwh: [250, 0, 150, 0, 100] } as const
const days = { quantity: 'interval_days', kwh: [250.0001] } as const
const gap = { quantity: 'interval_days', missing: 'no interval day covers 2026-01-03T16:00:00.000Z' } as const

/** What was frozen of an account beside 250 kWh, of them 150 in tou2 and 100 in tou4, and who reads it. */
const table: readonly (readonly [title: string, further: readonly FurtherQuantity[], by: 'row' | 'document'])[] = [
  ['nothing', [], 'row'],
  ['the energies once more', [again], 'row'],
  ['them and interval days', [again, days], 'row'],
  ['them and interval days with a gap', [again, gap], 'row'],
  ['interval days alone', [days], 'row'],
  ['interval days that stand in for registers', [again, { ...days, insteadOf: 'tou_unlike_curve' }], 'document'],
  ['interval days by register', [again, { quantity: 'interval_days', kwh: [250, 0, 150, 0, 100] }], 'document'],
  ['interval days of another point', [again, { ...days, otherPoint: 2 }], 'document'],
  ['other energies by register', [{ ...again, kwh: [250, 0, 149, 0, 100] }], 'document'],
  ['the energy once more without registers', [{ ...again, kwh: [250] }], 'document'],
  ['the energies of another point', [{ ...again, otherPoint: 2 }], 'document'],
  ['what was fed in', [again, { quantity: 'export_energy', kwh: [0] }], 'document'],
  ['a demand', [again, { quantity: 'demand_max', unit: 'kW', kwh: [3] }], 'document'],
  ['a demand that is not known', [again, days, { quantity: 'demand_max', unit: 'kW', missing: 'none' }], 'document'],
  ['reactive energy', [again, { quantity: 'reactive_forward', unit: 'kvarh', kwh: [12] }], 'document'],
  ['the loss of a transformer', [again, { quantity: 'loss_active', kwh: [5] }], 'document'],
  [
    'what a relation takes off',
    [
      { ...again, kwh: [260, 0, 160, 0, 100] },
      { quantity: 'relation_deducted', kwh: [-10, 0, -10, 0, 0] },
    ],
    'document',
  ],
  [
    'an estimate of the old books',
    [
      { ...again, kwh: [260, 0, 160, 0, 100] },
      { quantity: 'opening_estimate', kwh: [-10] },
    ],
    'document',
  ],
]
const tariff = 'sd-household-tou'

async function arrange(test: TestDatabase): Promise<Database> {
  const owner = test.as('owner')
  await arrangeRegistry(owner)
  await owner.execute(`insert into account select n, 1, 'A-' || n, 1 from generate_series(9, $1::int) n`, [
    table.length + 2,
  ])
  for (const row of [
    `grid_cell values (1, 1, 'cell', 'cell', 'system', null)`,
    `transformer_area values (1, 1, 'area', 'area')`,
    `usage_point values (1, 1, 'point', 1, 1, 'x')`,
  ])
    await owner.execute(`insert into ${row}`)
  await owner.execute(
    `insert into agreement_timeline (account_id, revision, effective_from, usage_point_id, tariff_code, ladder_from, contract_capacity_kva, recorded_at, actor_id, reason)
     select n, 1, '2025-01-01 00:00+08', 1, 'any', '2025-01-01', case when n % 2 = 0 then 8 end, '2025-01-01 00:00+08', 'system', '' from generate_series(1, $1::int) n`,
    [table.length + 2],
  )
  const database = test.as('billing')
  await bringIntoForce(database, priceFileJson('shandong', tariff))
  await bringIntoForce(database, priceFileJson('hubei', 'hb-business-two-part-35kv'))
  return database
}

t.test('what a row says is read in rows, everything else in documents, and both are billed alike', async (t) => {
  const test = await withDatabase(t)
  const database = await arrange(test)
  const use = { tariff, kwh: 250, tou: [0, 150, 0, 100], inUseFrom: newInJanuary } as const
  // The last two are no accounts that a program knows: a tariff that asks for more, and a register that the calendar does not know.
  const others: readonly MonthUse[] = [
    { ...use, account: table.length + 1, tariff: 'hb-business-two-part-35kv', further: [again, gap] },
    { ...use, account: table.length + 2, tou: [0, 150, 5, 95], further: [{ ...again, kwh: [250, 0, 150, 5, 95] }] },
  ]
  await freezeUses(test, 1, january, [
    ...table.map(([, further], index) => ({ ...use, account: index + 1, further })),
    ...others,
  ])
  await runMonth(database, january)
  await sameDocuments(t, database, january)
  const read = await ratedBy(database, runOf(january))
  t.same(
    table.map(([title], index) => [title, read.get(index + 1) ?? 'document']),
    table.map(([title, , by]) => [title, by === 'row' ? 'program' : by]),
  )
  t.same(
    others.map(({ account }) => read.get(account)),
    ['readable rules', 'readable rules'],
  )
  const held = await database.query(
    `select account_id, detail from run_exception where account_id = any($1::bigint[]) order by account_id`,
    [others.map(({ account }) => account)],
  )
  t.match(held, [
    { account_id: BigInt(table.length + 1), detail: /fact|quantity|cell/ },
    { account_id: BigInt(table.length + 2), detail: /register tou3 counted energy/ },
  ])

  t.comment('a month later all meters store curves, and some of what was before is in the closing states')
  await freezeUses(
    test,
    2,
    february,
    table.map((_, index) => ({ ...use, account: index + 1, further: index % 3 === 2 ? [] : [again, days] })),
  )
  await runMonth(database, february)
  await sameDocuments(t, database, february)
  const later = await ratedBy(database, runOf(february))
  const remembered = new Set(['what was fed in', 'a demand', 'reactive energy'])
  const billed = table.flatMap(([title], index) => (later.has(index + 1) ? [[title, later.get(index + 1)]] : []))
  t.equal(billed.length, table.length)
  for (const [title = '', by] of billed) if (by !== 'program') t.comment(`${title}: ${by}`)
  for (const title of remembered) t.same(billed.find(([one]) => one === title)?.[1], 'readable rules', title)
  t.ok(billed.filter(([, by]) => by === 'program').length >= 10, 'most are rated by programs')
})

/** Documents of plain rows are what the database would have made, and what is stored is what the readable rules say of these. */
async function sameDocuments(t: Test, database: Database, month: Days): Promise<void> {
  const { query, components } = await askedOf(database, runOf(month))
  const documents = new Map<number, unknown>()
  eachComponentInput(await database.transaction((tx) => readComponentInputs(tx, query, 'all')), (row) =>
    documents.set(Number(row.accountId), row.document),
  )
  await eachPlain(database, query, (input, usages, row) => {
    const made = accountInputSchema.parse(plainDocument(usages, row, input))
    t.same(made, accountInputSchema.parse(documents.get(input.accountId)), `document of account ${input.accountId}`)
  })
  const stored = await storedOf(database, month)
  t.ok(stored.length > 10)
  t.same(stored, await readableOf(database, query, components), 'rated as by the readable rules')
}
