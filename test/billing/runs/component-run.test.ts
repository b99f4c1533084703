import t from 'tap'
import { auditLedger } from '../../../billing/ledger/audit-ledger.js'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import { invariant } from '../../../domain/result.js'
import { beijing } from '../../../domain/time.js'
import { eachComponentInput, readComponentInputs } from '../../../storage/billing/component-inputs.js'
import type { ComponentInputsQuery } from '../../../storage/billing/component-inputs-query.js'
import { eachPlainInput, readPlainInputs } from '../../../storage/billing/plain-inputs.js'
import type { Database } from '../../../storage/database.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { arrangeRegistry } from './billing-fixture.js'
import {
  agree,
  bringIntoForce,
  bringSlotsIntoForce,
  componentClock as clock,
  freezeUses,
  type MonthUse,
  ownTariff,
  priceFileJson,
} from './component-fixture.js'
import { askedOf, type Days, freezeMonth, readableOf, runMonth, runOf, storedOf } from './component-month.js'

const january: Days = ['2026-01-01', '2026-02-01']
const february: Days = ['2026-02-01', '2026-03-01']
const newInJanuary = '2026-01-01'

const used: readonly MonthUse[] = [
  // Agreed 1000 kW, used 1300: 1050 at the price, 250 above it double; power factor 0.86, 2 % for 0.90.
  {
    account: 1,
    tariff: 'hb-business-two-part-35kv',
    kwh: 400_000,
    tou: [60_000, 120_000, 119_999.9997, 100_000],
    demandKw: 1300,
    reactiveKvarh: 240_000,
  },
  { account: 2, tariff: 'hb-business-single-lv', kwh: 1000 },
  { account: 3, tariff: 'js-household-ladder', kwh: 2700 },
  { account: 4, tariff: 'sd-household-tou', kwh: 250, tou: [0, 150, 0, 100] },
  { account: 5, tariff: 'sd-residential', kwh: 3000 },
  { account: 6, tariff: 'hb-business-two-part-10kv', kwh: 1000, tou: [0, 1000, 0, 0] },
  { account: 7, tariff: 'hb-business-single-lv', kwh: 1000 },
  {
    account: 8,
    tariff: 'hb-business-two-part-35kv',
    kwh: 1000,
    tou: [0, 0, 1000, 0],
    demandKw: { missing: 'no demand was settled' },
    reactiveKvarh: 0,
  },
  { account: 9, tariff: 'shared-by-days', kwh: 310 },
  { account: 10, tariff: 'unread-refused', kwh: 310 },
  { account: 11, tariff: 'unrounded', kwh: 310.0001 },
  { account: 12, tariff: 'ratchet', kwh: 0, demandKw: 100, inUseFrom: newInJanuary },
  { account: 13, tariff: 'nowhere', kwh: 1 },
  // Nobody owes a bill that comes to nothing.
  { account: 14, tariff: 'sd-residential', kwh: 0 },
  { account: 15, tariff: 'js-household-ladder', kwh: 0 },
]

const ratchet = {
  kind: 'fixed',
  code: 'demand',
  quantity: {
    op: 'max',
    of: [
      'demand',
      {
        op: 'multiply',
        of: ['0.8', { op: 'history', name: 'demand', months: { preceding: 2 }, take: 'highest' }],
      },
    ],
  },
  unit: 'kW',
  price: '10',
  per: 'month',
}

const withAgreement = [3, 4, 7, 9, 11, 12, 15]

async function arrange(test: TestDatabase): Promise<Database> {
  const owner = test.as('owner')
  await arrangeRegistry(owner)
  await owner.execute(`insert into account select n, 1, 'A-' || n, 1 from generate_series(9, 15) n`)
  for (const row of [
    `grid_cell values (1, 1, 'cell', 'cell', 'system', null)`,
    `transformer_area values (1, 1, 'area', 'area')`,
    `usage_point values (1, 1, 'point', 1, 1, 'x')`,
  ])
    await owner.execute(`insert into ${row}`)
  // Of the others nothing is agreed on record, so that they are no plain accounts.
  await owner.execute(
    `insert into agreement_timeline (account_id, revision, effective_from, usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason)
     select n, 1, '2025-01-01 00:00+08', 1, 'any', '2025-01-01', '2025-01-01 00:00+08', 'system', '' from unnest($1::bigint[]) n`,
    [withAgreement],
  )
  const database = test.as('billing')
  for (const name of ['hb-business-two-part-35kv', 'hb-business-two-part-10kv', 'hb-business-single-lv'])
    await bringIntoForce(database, priceFileJson('hubei', name))
  await bringIntoForce(database, priceFileJson('jiangsu', 'js-household-ladder'))
  for (const name of ['sd-household-tou', 'sd-household-ladder'])
    await bringIntoForce(database, priceFileJson('shandong', name))
  await bringIntoForce(database, ownTariff('shared-by-days', {}, { unread: 'by_days' }))
  await bringIntoForce(database, ownTariff('unread-refused', {}))
  const posting = { vat: { rate: '0' } }
  const energy = { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '0.5' } }
  const only = { version: 1, validFrom: '2026-01-01', rounding: {}, posting }
  await bringIntoForce(database, ownTariff('unrounded', { versions: [{ ...only, components: [energy] }] }))
  await bringIntoForce(database, ownTariff('ratchet', { versions: [{ ...only, components: [ratchet] }] }))
  await bringSlotsIntoForce(database, 'sd-residential')
  const industry = {
    time_of_use: true,
    demand_basis: 'contracted_demand',
    contracted_kw: '1000',
    power_factor_standard: '0.90',
  }
  for (const account of ['A-1', 'A-6', 'A-8']) await agree(database, account, industry)
  await agree(database, 'A-2', { time_of_use: false, power_factor_standard: 'none' })
  return database
}

async function billsOf(database: Database, [from]: Days): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await database.query<{ code: string; said: readonly string[] }>(
    `select a.code, array[b.amount_fen::text] || coalesce(array_agg(concat_ws(' ', l.component, l.slot, l.block, l.segment, l.quantity, l.unit_price, l.multiple, l.amount)
              order by l.line_no) filter (where l.line_no is not null), '{}') as said
       from bill b join account a using (account_id) left join component_bill_line l using (segment_id, ordinal)
      where b.period_start = $1 group by a.account_id, a.code, b.amount_fen order by a.account_id`,
    [new Date(beijing.startOfDay(from)).toISOString()],
  )
  return Object.fromEntries(rows.map(({ code, said }) => [code, said]))
}

async function heldOf(database: Database, runId: string): Promise<readonly string[]> {
  const rows = await database.query<{ held: string }>(
    `select a.code || ' ' || e.code || ' ' || e.detail as held from run_exception e join account a using (account_id)
      where run_id = $1 order by account_id`,
    [runId],
  )
  return rows.map(({ held }) => held)
}

t.test('a run bills accounts of components beside those of slots and ladder, and the next month goes on', async (t) => {
  const test = await withDatabase(t)
  const database = await arrange(test)
  await freezeUses(test, 1, january, used)
  await runMonth(database, january)
  t.same(await billsOf(database, january), {
    'A-1': [
      '34983906',
      'purchase_and_line_loss sharp 1 60000 0.796226 1 47773.56',
      'purchase_and_line_loss peak 1 120000 0.593188 1 71182.56',
      'purchase_and_line_loss flat 1 120000 0.398113 1 47773.56',
      'purchase_and_line_loss valley 1 100000 0.179151 1 17915.10',
      'transmission_distribution 1 400000 0.1065 1 42600.00',
      'system_operation 1 400000 0.082273 1 32909.20',
      'rural_grid_loan 1 400000 0.02 1 8000.00',
      'reservoir_resettlement 1 400000 0.0062 1 2480.00',
      'renewable_energy 1 400000 0.019 1 7600.00',
      'contracted_demand 1 1050 42 1 44100.00',
      'excess_demand 1 250 42 2 21000.00',
      'power_factor_90 1 325253.98 0.02 1 6505.08',
    ],
    'A-2': [
      '73568',
      'purchase 1 1000 0.38447 1 384.47',
      'line_loss 1 1000 0.013643 1 13.64',
      'transmission_distribution 1 1000 0.2103 1 210.30',
      'system_operation 1 1000 0.082273 1 82.27',
      'printed_difference 1 1000 0.0002 -1 -0.20',
      'rural_grid_loan 1 1000 0.02 1 20.00',
      'reservoir_resettlement 1 1000 0.0062 1 6.20',
      'renewable_energy 1 1000 0.019 1 19.00',
    ],
    'A-3': ['142641', 'energy 1 1 2700 0.5283 1 1426.41'],
    'A-4': ['12123', 'energy peak 1 150 0.5769 1 86.54', 'energy valley 1 100 0.3469 1 34.69'],
    'A-5': ['166470'],
    'A-9': ['17100', 'energy 1 150 0.5 1 75.00', 'energy 2 160 0.6 1 96.00'],
    'A-12': ['100000', 'demand 1 100 10 1 1000.00'],
    'A-14': ['0'],
    'A-15': ['0'],
  })
  const held = await heldOf(database, 'county-1:2026-01-01:2026-02-01:r1')
  const reasons = [
    /^A-6 cell_absent tariff hb-business-two-part-10kv: tariff\.versions\.0\.components\.0\.model: .*peak/,
    /^A-7 cell_absent tariff hb-business-single-lv: tariff\.versions\.0\.components\.9: say fact time_of_use/,
    /^A-8 quantity_unknown tariff hb-business-two-part-35kv: tariff\.versions\.0\.components\.10: quantity demand is not given \(demand_max: no demand was settled\)$/,
    /^A-10 no_reading_at_change tariff unread-refused: usage\.periods\.0\.quantities\.0: /,
    /^A-11 amount_not_whole_fen tariff unrounded: tariff\.versions\.rounding: the bill comes to 155\.00005$/,
    /^A-13 unknown_tariff /,
  ]
  t.equal(held.length, reasons.length)
  for (const [index, reason] of reasons.entries()) t.match(held[index], reason)
  const entries = await database.query(
    'select account_id, ledger_numbers, amounts_fen from journal_entry where account_id in (1, 3) order by account_id',
  )
  t.same(entries, [
    {
      account_id: 1n,
      ledger_numbers: [1122, 2221, 2241, 2242, 2243, 6001],
      amounts_fen: [34983906n, -4024697n, -800000n, -248000n, -760000n, -29151209n],
    },
    { account_id: 3n, ledger_numbers: [1122, 2221, 6001], amounts_fen: [142641n, -16410n, -126231n] },
  ])

  await freezeUses(test, 2, february, [
    { account: 3, tariff: 'js-household-ladder', kwh: 100 },
    // From time of use to the plain ladder of the province: what the year has used goes on.
    { account: 4, tariff: 'sd-household-ladder', kwh: 2300 },
    { account: 5, tariff: 'sd-household-ladder', kwh: 100 },
    // Nothing says what was used in January, of which there is no bill.
    { account: 7, tariff: 'js-household-ladder', kwh: 100 },
    { account: 8, tariff: 'js-household-ladder', kwh: 3000, inUseFrom: '2026-02-10' },
    { account: 12, tariff: 'ratchet', kwh: 0, demandKw: 50, inUseFrom: newInJanuary },
  ])
  await runMonth(database, february)
  t.same(await billsOf(database, february), {
    // 230 kWh a month: 2760 in the year, of which January took 2700.
    'A-3': ['5483', 'energy 1 1 60 0.5283 1 31.70', 'energy 2 1 40 0.5783 1 23.13'],
    // 250 were used in January, by a component of another name.
    'A-4': ['125937', 'energy 1 1 2270 0.5469 1 1241.46', 'energy 2 1 30 0.5969 1 17.91'],
    // What the ladder of slots and ladder had used goes on in blocks of components.
    'A-5': ['5969', 'energy 2 1 100 0.5969 1 59.69'],
    'A-8': ['160840', 'energy 1 1 2530 0.5283 1 1336.60', 'energy 2 1 470 0.5783 1 271.80'],
    'A-12': ['80000', 'demand 1 80 10 1 800.00'],
  })
  t.same(await heldOf(database, 'county-1:2026-02-01:2026-03-01:r1'), [
    'A-7 opening_state_unknown tariff js-household-ladder: usage.opening: no bill or opening state ends where the period begins',
  ])
  t.same((await auditLedger(database)).faults, [])
  for (const [days, plain] of [
    [january, [3n, 4n, 7n, 9n, 11n, 15n]],
    [february, [3n, 4n, 7n]],
  ] as const) {
    const { query, components } = await askedOf(database, runOf(days))
    t.same(await plainOf(database, query), plain, 'accounts without further quantities are read in rows')
    t.same(
      await storedOf(database, days),
      await readableOf(database, query, components),
      'rated as by the readable rules',
    )
  }
})

async function plainOf(database: Database, query: ComponentInputsQuery): Promise<readonly bigint[]> {
  const [plain, others] = await database.transaction(async (tx) => [
    await readPlainInputs(tx, query, 20),
    await readComponentInputs(tx, query, 'others'),
  ])
  const found = { plain: new Array<bigint>(), others: new Array<bigint>() }
  eachPlainInput(plain, ({ accountId }) => found.plain.push(BigInt(accountId)))
  eachComponentInput(others, ({ accountId }) => found.others.push(accountId))
  invariant(!found.others.some((account) => found.plain.includes(account)), 'each account is read once')
  return found.plain
}

t.test('what an account was rated by stays what the run froze', async (t) => {
  const test = await withDatabase(t)
  const database = await arrange(test)
  await freezeUses(test, 1, january, used)
  const { runId, manifestSha256 } = await freezeMonth(database, january)
  await agree(database, 'A-7', { time_of_use: false, power_factor_standard: 'none' }, '2026-03-01')
  const again = { kind: 'exists', manifestSha256 }
  t.match(await freezeMonth(database, january), again, 'terms that come later are of the next freeze')
  const owner = test.as('owner')
  await owner.execute(
    `update account_terms set document = jsonb_set(document, '{facts,0,value}', 'false') where account_id = 1`,
  )
  await t.rejects(dryRun(database, clock, { runId, actor: 'system' }), /inputs of .* are no longer what the run froze/)
  await owner.execute(
    `update account_terms set document = jsonb_set(document, '{facts,0,value}', 'true') where account_id = 1`,
  )
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await owner.execute(
    `alter table component_bill add constraint planted check (jsonb_array_length(lines) < 0) not valid`,
  )
  await t.rejects(
    issueRun(database, clock, { runId, actor: 'issuer-1' }),
    /planted/,
    'the lines go in with their bills',
  )
  t.equal((await database.query('select from bill')).length, 0)
})

t.test('an account that two agreements of one revision hold is not billed twice', async (t) => {
  const test = await withDatabase(t)
  const database = await arrange(test)
  await freezeUses(test, 1, january, used)
  const owner = test.as('owner')
  // No statement can bring this about; two that do not see each other can.
  await owner.execute('alter table agreement_timeline disable trigger no_overlap')
  await owner.execute(
    `insert into agreement_timeline (account_id, revision, effective_from, usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason)
     select account_id, revision, effective_from + interval '1 day', usage_point_id, tariff_code, ladder_from, recorded_at, actor_id, reason
       from agreement_timeline where account_id = 3`,
  )
  const { runId } = await freezeMonth(database, january)
  await t.rejects(dryRun(database, clock, { runId, actor: 'system' }), /account 3 is rated once/)
  t.same(await billsOf(database, january), {})
})

t.test('refuses a tariff of another currency, and one with a day that no version covers', async (t) => {
  const test = await withDatabase(t)
  const database = await arrange(test)
  await freezeUses(test, 1, january, [{ account: 1, tariff: 'in-dollars', kwh: 1 }])
  await bringIntoForce(database, ownTariff('in-dollars', { currency: { code: 'USD', decimals: 2 } }))
  await t.rejects(
    freezeMonth(database, january),
    /in USD with 2 decimals, the organisation keeps its books in CNY with 2/,
  )
  await freezeUses(test, 2, february, [{ account: 2, tariff: 'hb-business-single-lv', kwh: 1 }])
  await t.rejects(
    freezeMonth(database, february),
    /tariff_gap: .*no signed version of tariff hb-business-single-lv covers/,
  )
})
