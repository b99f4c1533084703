import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import type { OpeningItemEntry } from '../../../domain/opening-entries.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { goLive, smallUtility } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { createFakeIo } from '../cli/fake-io.js'
import { clerksSheets, clerksWorkbook } from './clerks-workbook.js'

const items: readonly OpeningItemEntry[] = [
  { batch: 'golive', account: 'account-1', kind: 'register', meter: 'meter-1', energyKwh: '1234.56', tou2Kwh: '700' },
  { batch: 'golive', account: 'account-1', kind: 'ladder', energyKwh: '1200.5', ladderMonths: 6 },
  { batch: 'golive', account: 'account-2', kind: 'ladder', energyKwh: '0', ladderMonths: 6 },
  { batch: 'golive', account: 'account-3', kind: 'demand', month: '2026-06', demandKw: '12.5' },
  {
    batch: 'golive',
    account: 'account-3',
    kind: 'estimate',
    fromDay: '2026-06-01',
    toDay: '2026-07-01',
    energyKwh: '300',
  },
  { batch: 'golive', account: 'account-2', kind: 'prepaid', amount: '50.25' },
  { batch: 'golive', account: 'account-3', kind: 'arrear', bill: 'old-1', amount: '10.10', dueDate: '2026-06-20' },
  { batch: 'golive', account: 'account-3', kind: 'arrear', bill: 'old-2', amount: '0.40', dueDate: '2026-07-20' },
]
const utility: RegistryDocument = {
  ...smallUtility(),
  openingBatches: [
    {
      code: 'golive',
      asOf: goLive,
      document: 'synthetic old books',
      itemCount: items.length,
      registersKwh: '1234.56',
      ladderKwh: '1200.5',
      estimatesKwh: '300',
      prepaid: '50.25',
      arrears: '10.5',
    },
  ],
  openingItems: items,
}

t.test('an opening state balances, is approved by two others, and only then seen', async (t) => {
  const database = await withDatabase(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
  const owner = database.as('owner')
  await plantApprovers(owner, ['manager-1', 'auditor-1', 'auditor-2'])
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['registry', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const take = (document: RegistryDocument) => {
    const actors = document.actors.map((actor) =>
      actor.actor === 'manager-1' ? { ...actor, displayName: 'manager-1' } : actor,
    )
    writeFileSync(join(cwd, 'book.xlsx'), clerksWorkbook(clerksSheets({ ...document, actors })))
    return run('import', 'book.xlsx', '--actor', 'manager-1')
  }
  const seen = async () => (await database.as('billing').query('select from opening_item_in_force')).length

  const short = await take({ ...utility, openingItems: items.slice(0, -1) })
  t.match(short, { code: 2, out: /期初批次 openingBatches\] D3 does_not_add_up: “8” → .*7 items/ })
  t.match(short.out, /I3 does_not_add_up: “10.5” → .*the items come to 10.1/)
  t.match(await take(utility), { code: 0 })
  t.match(await run('import', 'book.xlsx', '--actor', 'manager-1'), { code: 0, err: /nothing new/ })

  t.match(await run('opening', 'approve', 'golive', '--actor', 'manager-1'), { code: 1, err: /may not approve/ })
  t.match(await run('opening', 'approve', 'golive', '--actor', 'crew-1'), { code: 1, err: /right to approve/ })
  t.match(await run('opening', 'approve', 'golive', '--actor', 'auditor-1'), { code: 0, out: /1\/2 waits/ })
  t.match(
    await run('opening', 'approve', 'golive', '--actor', 'auditor-1'),
    { code: 0, out: /1\/2 waits/ },
    'twice is once',
  )
  t.same([await seen(), await owner.query('select from opening_state')], [0, []])
  const early = `insert into opening_state values (1, '2026-06-30 16:00+00', 12005000, 'x', now(), 'manager-1', 'golive')`
  await t.rejects(owner.query(early), /not in force/, 'nobody takes it before')
  await t.rejects(database.as('mdm').query(early), /permission denied/, 'and nobody past the batch')
  const more = `insert into opening_item (batch, account_id, kind, amount_fen, recorded_at, actor_id) values ('golive', 1, 'prepaid', 1, now(), 'manager-1')`
  await t.rejects(database.as('mdm').query(more), /come with it/, 'nobody adds to it')

  t.match(await run('opening', 'approve', 'golive', '--actor', 'auditor-2'), { code: 0, out: /in force \(auditor-1,/ })
  t.equal(await seen(), items.length)
  t.same(await owner.query('select account_id, ladder_energy_e4, batch from opening_state order by 1'), [
    { account_id: 1n, ladder_energy_e4: 12_005_000n, batch: 'golive' },
    { account_id: 2n, ladder_energy_e4: 0n, batch: 'golive' },
  ])
  for (const out of ['all.xlsx', 'all.json']) {
    t.match(await run('export', '--out', out), { code: 0 })
    t.match(await run('import', out, '--actor', 'manager-1'), { code: 0, err: /nothing new/ }, out)
  }
  const other = `insert into opening_batch select 'forged', as_of, document, item_count, register_e4, 0, estimate_e4, prepaid_fen, arrear_fen, sha256, author, recorded_at from opening_batch`
  await owner.query(other)
  t.match(await run('opening', 'approve', 'forged', '--actor', 'auditor-1'), { code: 1, err: /control totals/ })
})

t.test('a batch that contradicts one in force is told with both values, and nobody can approve it', async (t) => {
  const database = await withDatabase(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
  await plantApprovers(database.as('owner'), ['manager-1', 'auditor-1', 'auditor-2'])
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['registry', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const actors = utility.actors.map((one) => (one.actor === 'manager-1' ? { ...one, displayName: 'manager-1' } : one))
  const take = (document: object, ...more: readonly string[]) => {
    writeFileSync(join(cwd, 'book.json'), JSON.stringify({ ...utility, actors, ...document }))
    return run('import', 'book.json', '--actor', 'manager-1', ...more)
  }
  const approve = (code: string, actor: string) => run('opening', 'approve', code, '--actor', actor)
  t.match(await take({}), { code: 0 })
  for (const actor of ['auditor-1', 'auditor-2']) t.match(await approve('golive', actor), { code: 0 })

  const zero = { registersKwh: '0', ladderKwh: '0', estimatesKwh: '0', prepaid: '0', arrears: '0' }
  const batch = (code: string, itemCount: number, totals: object) => {
    return { code, asOf: goLive, document: code, itemCount, ...zero, ...totals }
  }
  const second = batch('second', 3, { registersKwh: '1300', prepaid: '60', estimatesKwh: '5' })
  const seconds: readonly OpeningItemEntry[] = [
    { batch: 'second', account: 'account-1', kind: 'register', meter: 'meter-1', energyKwh: '1300' },
    { batch: 'second', account: 'account-2', kind: 'prepaid', amount: '60' },
    {
      batch: 'second',
      account: 'account-3',
      kind: 'estimate',
      fromDay: '2026-06-20',
      toDay: '2026-06-21',
      energyKwh: '5',
    },
  ]
  const later = { ...batch('later', 1, { ladderKwh: '7' }), asOf: '2026-07-02T00:00:00+08:00' }
  const laters: readonly OpeningItemEntry[] = [
    { batch: 'later', account: 'account-1', kind: 'ladder', energyKwh: '7', ladderMonths: 6 },
  ]
  const golive = utility.openingBatches ?? []
  const contradicting = { openingBatches: [...golive, second, later], openingItems: [...items, ...seconds, ...laters] }
  const told = [
    /account-1 .*示数 register meter-1 .* second .* 1300 kWh .* golive .* 1234\.56 \/ 700 kWh/,
    /account-2 .*预存 prepaid .* 60\.00 .* 50\.25/,
    /account-3 .*估抄 estimate .* 5 kWh, 2026-06-20 to 2026-06-21 .* 300 kWh, 2026-06-01 to 2026-07-01/,
    /account-1 .*阶梯 ladder .* later .* 7 kWh, 6 months .* 1200\.5 kWh, 6 months/,
    /account-1 .*起始时刻 as_of .* later .* 2026-07-02 00:00 .* 2026-07-01 00:00/,
  ]
  const dry = await take(contradicting, '--dry-run')
  for (const one of told) t.match(dry, { code: 0, out: one })
  t.notMatch((await run('opening', 'list')).out, /second/)
  const imported = await take(contradicting, '--json')
  t.match(JSON.parse(imported.out), {
    ok: true,
    openingContradictions: [{ batch: 'later', account: 'account-1', otherBatch: 'golive' }],
  })
  const listed = await run('opening', 'list')
  for (const one of told) t.match(listed.out, one)
  t.match(await approve('second', 'auditor-1'), {
    code: 1,
    err: /opening_contradicts: second: 与已生效批次 golive 相抵触，不能批准 .*account-1 示数 register: 1300 kWh ≠ 1234\.56 \/ 700 kWh，另 2 处/,
  })
  await t.rejects(
    database
      .as('console')
      .query(
        `insert into opening_batch_approval select code, sha256, 'auditor-1', now() from opening_batch where code = 'second'`,
      ),
    /opening batch second contradicts what is in force: 3 items/,
  )
  const third = batch('third', 1, { registersKwh: '50' })
  const thirds: readonly OpeningItemEntry[] = [
    { batch: 'third', account: 'account-3', kind: 'register', meter: 'meter-3', energyKwh: '50' },
  ]
  const more = await take({ openingBatches: [...golive, third], openingItems: [...items, ...thirds] })
  t.match(more, { code: 0 })
  t.notMatch(more.out, /抵触/)
  for (const actor of ['auditor-1', 'auditor-2'])
    t.match(await approve('third', actor), { code: 0 }, 'what was forgotten')

  const future = { ...batch('future', 1, { prepaid: '1' }), asOf: '2062-07-01T00:00:00+08:00' }
  const prepaid = { batch: 'future', account: 'account-3', kind: 'prepaid', amount: '1' } as const
  t.match(await take({ openingBatches: [...golive, future], openingItems: [...items, prepaid] }), {
    code: 2,
    out: /openingBatches\.1\.asOf .*2062.*时刻未到 is still to come/,
  })
  const batchBegins = `insert into opening_batch_approval select code, sha256, 'auditor-1', as_of - interval '25 hours' from opening_batch`
  await t.rejects(
    database.as('console').query(`${batchBegins} where code = 'third'`),
    /opening batch third begins at an instant that is still to come/,
  )
})
