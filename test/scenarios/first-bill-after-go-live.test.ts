import t, { type Test } from 'tap'
import { checkProof } from '../../billing/checker/check-proof.js'
import { auditLedger } from '../../billing/ledger/audit-ledger.js'
import { trialBalance } from '../../billing/ledger/trial-balance.js'
import { bookOpenings } from '../../billing/runs/book-openings.js'
import { issueRun } from '../../billing/runs/issue-run.js'
import { runCli } from '../../console/cli/run-cli.js'
import { proveBill } from '../../console/proof/prove-bill.js'
import type { OpeningBatchEntry, OpeningItemEntry } from '../../domain/opening-entries.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { formatScaled } from '../../domain/scaled.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { importRegistry } from '../../mdm/registry/import-registry.js'
import { selectOverdueItems } from '../../storage/dunning/overdue-items.js'
import { insertOpeningApproval, readOpeningBatches } from '../../storage/registry/openings.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { goLive, midnight, smallUtility } from '../mdm/support/small-utility.js'
import { billJuly, july, julyOf, note, plantTown, reviewedJuly } from '../support/billed-july.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

const golive = { batch: 'golive' } as const
const items: readonly OpeningItemEntry[] = [
  // The old books billed up to 1234.56; the first reading after go-live was 1240.
  {
    ...golive,
    account: 'account-1',
    kind: 'register',
    meter: 'meter-1',
    energyKwh: '1234.56',
    tou2Kwh: '700',
    tou4Kwh: '534.56',
  },
  { ...golive, account: 'account-1', kind: 'ladder', energyKwh: '1200.5', ladderMonths: 6 },
  { ...golive, account: 'account-1', kind: 'demand', month: '2026-06', demandKw: '12.5' },
  // Read in May, billed by an estimate in June.
  {
    ...golive,
    account: 'account-2',
    kind: 'register',
    meter: 'meter-2',
    energyKwh: '2000',
    tou2Kwh: '1200',
    tou4Kwh: '800',
  },
  {
    ...golive,
    account: 'account-2',
    kind: 'estimate',
    fromDay: '2026-06-01',
    toDay: '2026-07-01',
    energyKwh: '300',
  },
  { ...golive, account: 'account-2', kind: 'ladder', energyKwh: '1500', ladderMonths: 6 },
  { ...golive, account: 'account-2', kind: 'prepaid', amount: '50.25' },
  { ...golive, account: 'account-1', kind: 'arrear', bill: 'old-1', amount: '10.10', dueDate: '2026-06-20' },
  { ...golive, account: 'account-1', kind: 'arrear', bill: 'old-2', amount: '0.40', dueDate: '2026-07-20' },
  { batch: 'later', account: 'account-3', kind: 'ladder', energyKwh: '700', ladderMonths: 7 },
  // Found after go-live, in the middle of the first month and after it: money and demands move no go-live.
  { batch: 'found', account: 'account-1', kind: 'arrear', bill: 'old-3', amount: '3.00', dueDate: '2026-06-21' },
  { batch: 'found', account: 'account-2', kind: 'demand', month: '2026-05', demandKw: '3' },
  { batch: 'found later', account: 'account-1', kind: 'prepaid', amount: '7' },
]
const nothing = { ladderKwh: '0', registersKwh: '0', estimatesKwh: '0', prepaid: '0', arrears: '0' }
const batches: readonly OpeningBatchEntry[] = [
  {
    code: 'golive',
    asOf: goLive,
    document: 'old books of June',
    itemCount: items.filter(({ batch }) => batch === 'golive').length,
    registersKwh: '3234.56',
    ladderKwh: '2700.5',
    estimatesKwh: '300',
    prepaid: '50.25',
    arrears: '10.5',
  },
  {
    ...nothing,
    code: 'later',
    asOf: '2026-08-01T00:00:00+08:00',
    document: 'old books of July',
    itemCount: 1,
    ladderKwh: '700',
  },
  {
    ...nothing,
    code: 'found',
    asOf: '2026-07-15T00:00:00+08:00',
    document: 'a drawer',
    itemCount: 2,
    arrears: '3',
  },
  {
    ...nothing,
    code: 'found later',
    asOf: '2026-08-20T00:00:00+08:00',
    document: 'another drawer',
    itemCount: 1,
    prepaid: '7',
  },
]
const town: RegistryDocument = { ...smallUtility(), openingBatches: batches, openingItems: items }
const readings = [
  [1n, midnight(1), 1240, 703, 537],
  [1n, midnight(32), 1334.56, 760, 574.56],
  [2n, midnight(1), 2310, 1386, 924],
  [2n, midnight(32), 2400, 1440, 960],
  [3n, midnight(1), 100, 60, 40],
  [3n, midnight(32), 150, 90, 60],
] as const

async function goLiveWith(
  t: Test,
  test: TestDatabase,
  document: RegistryDocument,
): Promise<(...args: readonly string[]) => Promise<{ readonly code: number; readonly out: string }>> {
  await plantTown(test, document)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText() + io.errText() }
  }
  for (const { code } of document.openingBatches ?? [])
    for (const actor of ['auditor-1', 'auditor-2'])
      t.match(await run('registry', 'opening', 'approve', code, '--actor', actor), { code: 0 })
  return run
}

t.test('the first bill goes on from the old books, and its proof says so', async (t) => {
  const test = await withDatabase(t)
  const run = await goLiveWith(t, test, town)
  await note(test, readings)
  await billJuly(test)
  t.same(await julyOf(test), { 'account-1': '100.00', 'account-2': '100.00', 'account-3': 'before_go_live' })

  const reader = test.as('reader')
  for (const [account, opening, closing] of [
    ['account-1', '1200.5', '1300.5'],
    ['account-2', '1500', '1600'],
  ] as const) {
    const { proof, verdict } = await proveBill(reader, { accountCode: account })
    t.match(verdict, { holds: true }, account)
    t.match(proof, { ladder: { opening } })
    t.match(proof.bill, { ladderEnergy: closing })
    t.match(proof.opening?.batches, [
      { batch: 'golive', document: 'old books of June', author: 'manager-1', approvers: ['auditor-1', 'auditor-2'] },
    ])
    t.match(proof.segments[0]?.start, { source: 'opening', frame: null, document: { name: 'old books of June' } })
  }
  const { proof } = await proveBill(reader, { accountCode: 'account-2' })
  t.match(proof.determinant, { total: '100', tou2: '60', tou4: '40' }, 'the estimate is taken off as the use lies')

  const shown = await run('bill', 'show', '--account', 'account-2')
  t.match(shown, { code: 0, out: /期初 opening golive · old books of June · manager-1 \+ auditor-1 \+ auditor-2/ })
  t.match(shown.out, /meter-2 总 total 2000\.00/)
  t.match(shown.out, /估抄 estimate 2026-06-01 … 2026-07-01: 300\.00 kWh/)
  t.match(shown.out, /预存 prepaid 50\.25/)
  const proved = await run('bill', 'prove', '--account', 'account-1')
  t.match(proved, { code: 0, out: /欠费 arrear old-1 10\.10 .*2026-06-20/ })
  t.match(proved.out, /需量 demand 2026-06: 12\.5 kW/)
  const document = JSON.parse((await run('bill', 'show', '--account', 'account-2', '--json')).out)
  t.match(document, { amount: proof.bill.amount, opening: { ladder: { energy: '1500', months: 6 } } })
})

t.test('the checker sees an opening that is not the one that was approved', async (t) => {
  const test = await withDatabase(t)
  const debt = {
    batch: 'later',
    account: 'account-3',
    kind: 'arrear',
    bill: 'old-9',
    amount: '1',
    dueDate: '2026-06-20',
  }
  const [alone, owes] = [{ ...debt, kind: 'arrear' } as const, { ...nothing, arrears: '1' }]
  await goLiveWith(t, test, {
    ...town,
    openingBatches: batches.map((batch) => (batch.code === 'later' ? { ...batch, ...owes } : batch)),
    openingItems: [...items.filter(({ batch }) => batch !== 'later'), alone],
  })
  await note(test, readings)
  await billJuly(test)
  const { 'account-3': owing } = await julyOf(test)
  t.equal(owing, 'ladder_opening_unknown', 'money alone is no opening: billed as without one')
  const { proof } = await proveBill(test.as('reader'), { accountCode: 'account-2' })
  const text = JSON.stringify(proof)
  const cases = [
    ['"approvers":["auditor-1","auditor-2"]', '"approvers":["auditor-1","manager-1"]', /approvers/],
    ['"approvers":["auditor-1","auditor-2"]', '"approvers":["auditor-1","auditor-1"]', /approvers/],
    ['"energies":{"total":"300"', '"energies":{"total":"299"', /determinant\.total/],
    ['"months":6', '"months":7', /opening\.ladder\.months/],
    ['"energy":"1500"', '"energy":"1501"', /ladder\.opening/],
    ['"source":"opening"', '"source":"field"', /start\.source/],
    ['"registers":[{"meter":"meter-2"', '"registers":[{"meter":"meter-1"', /opening\.registers/],
    ['"asOf":"2026-06-30T16:00:00.000Z"', '"asOf":"2026-06-29T16:00:00.000Z"', /opening\.asOf/],
  ] as const
  for (const [from, to, node] of cases) {
    t.ok(text.includes(from), from)
    t.match(checkProof(JSON.parse(text.replace(from, to))), { holds: false, node }, to)
  }
  t.match(checkProof({ ...proof, opening: null }), { holds: false, node: 'segments[0].start.source' })
})

t.test('what an opening leaves open holds the account and nobody else', async (t) => {
  const other = (patch: (item: OpeningItemEntry) => OpeningItemEntry): RegistryDocument => ({
    ...town,
    openingItems: items.map(patch),
  })
  const cases = [
    [
      'an estimate above what was used',
      {
        ...other((item) => (item.kind === 'estimate' ? { ...item, energyKwh: '500' } : item)),
        openingBatches: batches.map((batch) => (batch.code === 'golive' ? { ...batch, estimatesKwh: '500' } : batch)),
      },
      'account-2',
      'opening_estimate_above',
    ],
    [
      'months that are not those of the agreement',
      other((item) => (item.kind === 'ladder' && item.account === 'account-1' ? { ...item, ladderMonths: 5 } : item)),
      'account-1',
      'opening_differs',
    ],
    [
      'registers of a meter that does not hang there',
      other((item) =>
        item.kind === 'register' && item.account === 'account-1' ? { ...item, meter: 'meter-3' } : item,
      ),
      'account-1',
      'opening_differs',
    ],
  ] as const
  for (const [title, document, account, code] of cases) {
    const test = await withDatabase(t)
    await goLiveWith(t, test, document)
    await note(test, readings)
    await billJuly(test)
    const came = await julyOf(test)
    t.equal(came[account], code, title)
    t.equal(Object.values(came).filter((said) => said === '100.00').length, 1, 'the other one is billed')
  }
})

t.test('arrears and prepayments are in the ledger once, and collection sees them', async (t) => {
  const test = await withDatabase(t)
  const run = await goLiveWith(t, test, town)
  const billing = test.as('billing')
  t.same(await bookOpenings(billing, { actor: 'system', now: Date.now() }), [], 'once is enough')
  const balance = await trialBalance(billing)
  t.same(
    balance.accounts.map(({ accountNumber, debitFen, creditFen }) => [accountNumber, debitFen, creditFen]),
    [
      [1122, 1350n, 0n],
      [2203, 0n, 5725n],
      [3001, 5725n, 1350n],
    ],
  )
  t.equal(balance.balanced, true)
  t.match(await auditLedger(billing), { segments: 3, entries: 5, faults: [] }, 'a batch without money has no segment')
  const overdue = await selectOverdueItems(test.as('dunning'), midnight(10), { segmentId: 0n, ordinal: 0 }, 10)
  t.match(overdue, [
    { accountCode: 'account-1', bill: 'opening:found:old-3', dueDate: '2026-06-21', openFen: 300n },
    { accountCode: 'account-1', bill: 'opening:golive:old-1', dueDate: '2026-06-20', openFen: 1010n },
  ])
  t.equal(overdue.length, 2, 'the other is not due yet')

  await note(test, readings)
  await approvedAfterTheFreeze(t, test, run)
  const [owed] = await billing.query<{ sum: bigint }>(
    `select sum(open_fen)::bigint as sum from open_item join account a using (account_id) where a.code = 'account-1'`,
  )
  const { proof } = await proveBill(test.as('reader'), { accountCode: 'account-1' })
  t.equal(formatScaled((owed?.sum ?? 0n) - 1350n, 2, 2), proof.bill.amount, 'the bill and the arrears are owed')
  const posting = (sql: string) => billing.query(sql)
  await t.rejects(
    posting(`insert into ledger_segment values (99, 'opening:nobody', 'opening', now());
      insert into segment_posting values (99, 'system', now(), 99, 0, sha256('x'))`),
    /not what its opening batch says: no batch in force/,
  )
})

/** Batches that come into force after July was frozen, and after it was billed: nothing rests on other openings unseen. */
async function approvedAfterTheFreeze(
  t: Test,
  test: TestDatabase,
  run: (...args: readonly string[]) => Promise<{ readonly code: number; readonly out: string }>,
): Promise<void> {
  const [mdm, billing] = [test.as('mdm'), test.as('billing')]
  const clock = createStillClock(Date.now())
  await freezeDeterminants(mdm, { ...july, now: clock.now() })
  const runId = await reviewedJuly(billing, clock)
  const forgotten = ['april', 'may'].map((code, index) => {
    const days = { fromDay: `2026-0${index + 4}-01`, toDay: `2026-0${index + 5}-01` }
    return { batch: code, account: 'account-2', kind: 'estimate', ...days, energyKwh: '10' } as const
  })
  const imported = await importRegistry(
    mdm,
    {
      ...town,
      actors: town.actors.map((one) => (one.actor === 'manager-1' ? { ...one, displayName: 'manager-1' } : one)),
      openingBatches: [
        ...batches,
        ...forgotten.map(({ batch: code }) => {
          return { ...nothing, code, asOf: goLive, document: `bill of ${code}`, itemCount: 1, estimatesKwh: '10' }
        }),
      ],
      openingItems: [...items, ...forgotten],
    },
    { actor: 'manager-1', recordedAt: clock.now() },
  )
  t.equal(imported.ok, true)
  const console = test.as('console')
  const april = (await readOpeningBatches(console)).find(({ code }) => code === 'april')
  for (const approver of ['auditor-1', 'auditor-2'])
    await insertOpeningApproval(console, {
      code: 'april',
      sha256: april?.sha256 ?? '',
      approver,
      approvedAt: Date.now(),
    })
  const issue = () => issueRun(billing, clock, { runId, actor: 'issuer-1' })
  await t.rejects(
    issue(),
    { reason: 'set_superseded', message: /期初批次 april 已生效/ },
    'killed before the follow-up',
  )
  const followed = await run('exceptions', 'run', '--actor', 'auditor-1')
  t.match(followed, { code: 0, out: /2026-07 · county · 集 set 2 · 修订 revision 2 .*frozen anew/ })
  t.match(followed.out, /account-2: 计费电量 to be billed 90 kWh/)
  await t.rejects(issue(), { reason: 'set_superseded', message: /集 2 修订 2/ })
  t.notMatch((await run('exceptions', 'run', '--actor', 'auditor-1')).out, /frozen anew/, 'once is enough')

  await billJuly(test)
  t.match(await julyOf(test), { 'account-1': '100.00', 'account-2': '90.00' })
  await run('registry', 'opening', 'approve', 'may', '--actor', 'auditor-1')
  const approved = await run('registry', 'opening', 'approve', 'may', '--actor', 'auditor-2')
  t.match(approved, { code: 0, out: /2026-07 · county · 集 set 3 · 修订 revision 3/ })
  t.match(approved.out, /issued bills rest on another set: 1[^]*account-2 .* 90 .* 80 /)
  const shown = await run('bill', 'show', '--account', 'account-2')
  t.match(
    shown.out,
    /缘由 why:[^]*期初批次 opening batch may @ 2026-07-01 00:00 · bill of may · manager-1 \+ auditor-1 \+ auditor-2/,
  )
  t.notMatch(shown.out, /opening batch april/, 'the bill knows it')
}
