import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { runCli } from '../../console/cli/run-cli.js'
import type { AgreementChange } from '../../domain/registry-change.js'
import type { CorrectionChange, RegistryChange } from '../../domain/registry-correction.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { exchange } from '../mdm/support/changes.js'
import { meterEntry, midnight, openedUtility } from '../mdm/support/small-utility.js'
import { july, julyOf, note, plantTown, reviewedJuly } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

t.test('a change told late says what rests on its time, and takes two people where that was billed', async (t) => {
  const database = await withDatabase(t)
  const utility = openedUtility()
  const town = {
    ...utility,
    meters: [...utility.meters, meterEntry('meter-4', '000000000004'), meterEntry('meter-5', '000000000005')],
  }
  await plantTown(database, town)
  await note(database, [
    [1n, midnight(1), 1000, 600, 400],
    // The old meter was read once more in the store, and nobody had told of the new one.
    [1n, midnight(32), 1900, 1140, 760],
    [4n, midnight(32), 405, 243, 162],
    [2n, midnight(1), 2000, 1200, 800],
    [2n, midnight(32), 2310, 1386, 924],
    [3n, midnight(1), 100, 60, 40],
    [3n, midnight(32), 190, 114, 76],
  ])
  const cwd = t.testdir({})
  const roles = ['console', 'reader', 'mdm', 'headend'] as const
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const change = async (told: RegistryChange, actor: string, ...more: readonly string[]) => {
    writeFileSync(join(cwd, 'change.json'), JSON.stringify(told))
    return run('registry', 'change', 'change.json', '--actor', actor, ...more)
  }
  const [mdm, billing, owner] = [database.as('mdm'), database.as('billing'), database.as('owner')]
  const toFollowUp = () => billing.query('select what, named from change_to_follow_up(1)')

  t.comment('frozen and not billed: one person, and the month is frozen anew')
  const clock = createStillClock(Date.now() + 1000)
  await freezeDeterminants(mdm, { ...july, now: clock.now() })
  const capacity = (at: string): AgreementChange => {
    return { kind: 'agreement', account: 'account-3', usagePoint: 'point-3', at, contractCapacityKva: 20, document: at }
  }
  const frozen = await change(capacity('2026-07-01T00:00:00+08:00'), 'auditor-1')
  t.match(frozen, { code: 0, out: /1 已变更 applied\n  所涉已冻结期 frozen periods 1: 2026-07 county/ })
  t.match(frozen.out, /2026-07 · county · .*account-3: 计费电量 to be billed 900 kWh/s)
  t.same(await toFollowUp(), [])
  await owner.execute('delete from registry_correction_redo')
  t.match(await toFollowUp(), [{ what: 'correction', named: 'agreement account-3' }], 'nobody issues until it is done')
  const again = await change(capacity('2026-07-01T00:00:00+08:00'), 'auditor-1')
  t.match(again, { code: 0, out: /1 已有 exists\n  重新校核/ }, 'a repetition makes up for a crash')
  t.same(await toFollowUp(), [])
  t.match((await run('registry', 'corrections')).out, /无 none/, 'a change like any other')

  const runId = await reviewedJuly(billing, clock)
  await issueRun(billing, clock, { runId, actor: 'issuer-1' })
  await postRun(billing, clock, { runId, actor: 'system' })
  const billed = { 'account-1': '900.00', 'account-2': '310.00', 'account-3': '900.00' }
  t.match(await julyOf(database), billed)

  t.comment('an import begins nothing in a time that was frozen')
  const generator = (from: string) => {
    const flows = [{ usagePoint: 'point-2', direction: 'export', from }]
    const known = town.actors.map((one) => (one.actor === 'manager-1' ? { ...one, displayName: one.actor } : one))
    writeFileSync(join(cwd, 'more.json'), JSON.stringify({ ...town, actors: known, flows }))
    return run('registry', 'import', 'more.json', '--actor', 'manager-1', '--dry-run')
  }
  t.match(await generator('2026-07-20T00:00:00+08:00'), {
    code: 2,
    out: /flows\.0\.from.*其户已冻结至 accounts there are frozen until 2026-07-31T16:00:00.000Z/,
  })
  t.match(await generator('2026-08-01T00:00:00+08:00'), { code: 0 }, 'later is in time')

  t.comment('billed: two people')
  const rests = /所涉已发账单 issued bills rest on it 1: 1 \(account-1\).*\n.*frozen periods 1: 2026-07 county/
  const late = exchange()
  const dry = await change(late, 'auditor-1', '--dry-run')
  t.match(dry, { code: 0, out: /试行.*\n1 待第二人.* waits until another person hands in the same/ })
  t.match(dry.out, rests)
  t.same(await owner.query(`select from registry_correction where kind = 'meter_exchange'`), [])
  for (const _ of ['once', 'twice']) t.match(await change(late, 'auditor-1'), { code: 0, out: /1 待第二人/ })
  t.same(await owner.query('select from meter_exchange'), [])
  const waiting = await run('registry', 'corrections', '--waiting')
  t.match(waiting.out, /meter_exchange .*point-1 .*补记 told late；须更正账单 bill due .*待第二人 waits/)
  const json = JSON.parse((await change(late, 'auditor-2', '--dry-run', '--json')).out) as unknown
  t.match(json, {
    ok: true,
    dryRun: true,
    changes: [
      {
        outcome: 'applied',
        rests: { bills: [{ account: 'account-1', billNumber: '1' }], periods: [{ organisation: 'county' }] },
      },
    ],
  })
  t.same(await owner.query('select from meter_exchange'), [])
  const done = await change(late, 'auditor-2')
  t.match(done, { code: 0, out: /1 已变更 applied\n/ })
  t.match(done.out, rests)
  t.match(done.out, /account-1: 计费电量 to be billed 1000 kWh/)
  t.match(done.out, /issued bills rest on another set: 1 .*\+100 kWh/)
  t.match(await change(late, 'auditor-2'), { code: 0, out: /1 已有 exists$/ })
  t.match(await julyOf(database), billed, 'the bills are what they were')
  t.match(await run('bill', 'prove', '--account', 'account-1'), { code: 0 })
  t.same(
    await owner.query(
      `select author, approver from registry_correction join registry_correction_approval using (correction_id, author)`,
    ),
    [{ author: 'auditor-1', approver: 'auditor-2' }],
  )

  t.comment('withdrawn, and told anew')
  const of = { kind: 'meter_exchange', usagePoint: 'point-1', at: late.at } as const
  const withdrawal: CorrectionChange = {
    kind: 'correction',
    of,
    instead: null,
    correctionBillDue: true,
    reason: 'another house',
    document: 'memo 1',
  }
  for (const actor of ['auditor-1', 'auditor-2']) t.match(await change(withdrawal, actor), { code: 0 })
  await t.rejects(
    mdm.execute(
      'insert into registry_late_change select correction_id, now() from registry_correction where withdraws > 0',
    ),
    { message: /withdraws a change, which takes a second person/ },
  )
  t.match(await change(late, 'auditor-2'), { code: 0, out: /1 待第二人/ })
  t.match(await change(late, 'auditor-1'), { code: 0, out: /1 已变更 applied\n/ })
  t.match(await owner.query('select from meter_exchange_standing'), [{}])

  t.comment('what nobody was billed for, and what is still to come')
  const [year] = [new Date(Date.now()).getUTCFullYear() + 1]
  const next = `${year}-01-01T00:00:00+08:00`
  t.match(await change({ ...capacity(next), contractCapacityKva: 30 }, 'auditor-1'), { out: /^1 已变更 applied$/ })
  const future = {
    ...late,
    usagePoint: 'point-2',
    oldMeter: 'meter-2',
    newMeter: meterEntry('meter-5', '000000000005'),
  }
  const toCome = { code: 1, out: new RegExp(`时刻未到 still_to_come: ${year}`) }
  t.match(await change({ ...future, at: next }, 'auditor-1'), toCome)
  t.match(await change({ ...withdrawal, instead: { ...late, at: next } }, 'auditor-1'), toCome)
})
