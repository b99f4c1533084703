import t from 'tap'
import { auditLedger } from '../../billing/ledger/audit-ledger.js'
import { dryRun } from '../../billing/runs/dry-run.js'
import { freezeRun } from '../../billing/runs/freeze-run.js'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { reviewRun } from '../../billing/runs/review-run.js'
import { runCli } from '../../console/cli/run-cli.js'
import { present } from '../../domain/result.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { openExceptions } from '../../mdm/exceptions/open-exceptions.js'
import { allRows } from '../billing/runs/billing-fixture.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { july, note, plantTown } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

t.test('an account that a decision released is billed by a second run of its month, and nobody else is', async (t) => {
  const database = await withDatabase(t)
  await plantTown(database, openedUtility())
  await note(database, [
    [1n, midnight(1), 1000, 600, 400],
    [1n, midnight(32), 1100, 660, 440],
    [2n, midnight(1), 2000, 1200, 800],
    [3n, midnight(1), 100, 60, 40],
    [3n, midnight(32), 190, 114, 76],
  ])
  await note(database, [[2n, midnight(32), 2310, 1386, 924]], 'held')
  const [mdm, billing, owner] = [database.as('mdm'), database.as('billing'), database.as('owner')]
  const clock = createStillClock(Date.now() + 1000)
  const dates = { accountingDate: '2026-08-03', dueDate: '2026-08-18', actor: 'system' } as const
  const freeze = () => freezeRun(billing, clock, { ...july, ...dates })
  const close = async (runId: string) => {
    const { digest } = await dryRun(billing, clock, { runId, actor: 'system' })
    await reviewRun(billing, clock, { runId, digest, actor: 'reviewer-1' })
    const counts = await issueRun(billing, clock, { runId, actor: 'issuer-1' })
    await postRun(billing, clock, { runId, actor: 'system' })
    return counts
  }
  const bills = () =>
    database.as('reader').query<{ code: string; kwh: string; yuan: string }>(
      `select a.code, trim_scale(b.energy_e4 / 1e4)::text as kwh, (b.amount_fen / 1e2)::numeric(20, 2)::text as yuan
         from bill b join account a using (account_id) order by a.code`,
    )

  await freezeDeterminants(mdm, { ...july, now: clock.now() })
  const first = await freeze()
  t.match(first, { kind: 'created', accounts: 3, held: 1, alreadyBilled: 0 })
  t.match(await close(first.runId), { accountsIn: 3, bills: 2, exceptions: 1 })
  // 60 × 0.5769 + 40 × 0.3769 and 540 × 0.5769 + 360 × 0.3769, each line rounded; 2520 kWh of the ladder are not used up.
  const ofFirst = [
    { code: 'account-1', kwh: '100', yuan: '49.69' },
    { code: 'account-3', kwh: '900', yuan: '447.21' },
  ]
  t.same(await bills(), ofFirst)
  const before = await allRows(owner)
  await t.rejects(freezeRun(billing, clock, { ...july, ...dates, dueDate: '2026-08-19' }), {
    reason: 'nothing_to_bill',
    message: /无户可计费：2 户本期已有账单，1 户待核/,
  })
  t.match(await freeze(), { kind: 'exists', runId: first.runId }, 'the same freeze is the same run')
  t.same(await allRows(owner), before)

  const roles = ['console', 'reader', 'mdm', 'headend'] as const
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({
      cwd: t.testdir({}),
      env: { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) },
    })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  await openExceptions(mdm, { actor: 'system', now: clock.now() })
  const { exceptions } = JSON.parse((await run('exceptions', 'list', '--json')).out) as {
    readonly exceptions: readonly { readonly code: string; readonly kind: string }[]
  }
  const { code } = present(
    exceptions.find(({ kind }) => kind === 'held_reading'),
    'the held reading',
  )
  const why = ['--reason', 'a new heat pump', '--evidence', 'photo 7', '--actor', 'auditor-1'] as const
  const decided = await run('exceptions', 'decide', code, '--action', 'accept', ...why, '--json')
  t.match(decided, { code: 0 })
  const { decisionId, approvalsNeeded } = JSON.parse(decided.out) as {
    readonly decisionId: string
    readonly approvalsNeeded: number
  }
  const released =
    approvalsNeeded > 0 ? await run('exceptions', 'approve', decisionId, '--actor', 'auditor-2') : decided
  t.match(released, { code: 0 })

  const second = await freeze()
  t.match(second, { kind: 'created', accounts: 3, held: 0, alreadyBilled: 2 })
  t.not(second.runId, first.runId)
  t.match(await close(second.runId), { accountsIn: 3, bills: 1, exceptions: 2, alreadyBilled: 2, amountFen: 154_04n })
  // 186 × 0.5769 = 107.30, 124 × 0.3769 = 46.74
  t.same(await bills(), [ofFirst[0], { code: 'account-2', kwh: '310', yuan: '154.04' }, ofFirst[1]])
  const after = await allRows(owner)
  for (const [table, rows] of Object.entries(before))
    if (table !== 'bill_number_lock')
      t.same(
        rows.filter((row) => !(after[table] ?? []).includes(row)),
        [],
        `${table} of the first run is as it was`,
      )
  t.match(await auditLedger(billing), { faults: [] })
  for (const { runId } of [first, second])
    t.match(await run('bill', 'verify', runId), { code: 0, out: /不成立 faults 0/ })
  t.match(await run('bill', 'prove', '--account', 'account-2'), { code: 0 })

  const listed = await run('bill', 'exceptions', second.runId)
  t.match(listed.out, /户数 accounts 3 = 账单 bills 1 \+ 例外 exceptions 2（本期已有账单 already_billed 2）/)
  t.match(listed.out, /account-1 .*本期已有账单 already_billed .*bill 1 \(county:2026-07-01:2026-08-01:r1\)/)
  t.notMatch(listed.out, /account-2/)
  t.match(JSON.parse((await run('bill', 'exceptions', second.runId, '--json')).out), {
    runId: second.runId,
    accounts: 3,
    bills: 1,
    byCode: { already_billed: 2 },
    exceptions: [{ account: 'account-1', code: 'already_billed' }, { account: 'account-3' }],
  })
  t.match((await run('bill', 'exceptions', first.runId)).out, /account-2 .*boundary_held .*2026-08-01 00:00/)
  t.match(await run('bill', 'exceptions', 'nowhere'), { code: 1 })
  t.match((await run('what-if')).out, /本期已有账单 already_billed 2/)
})
