import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { issueRun } from '../../billing/runs/issue-run.js'
import { postRun } from '../../billing/runs/post-run.js'
import { runCli } from '../../console/cli/run-cli.js'
import type { CorrectionChange, RegistryChange } from '../../domain/registry-correction.js'
import { present } from '../../domain/result.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import type { Queryable } from '../../storage/database.js'
import { lockWhatBillsRestOn } from '../../storage/what-bills-rest-on.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { exchange } from '../mdm/support/changes.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { july, julyOf, note, plantTown, reviewedJuly } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

t.test(
  'a wrong exchange that was billed is put right knowingly, and whoever freezes hears what no longer agrees',
  async (t) => {
    const database = await withDatabase(t)
    const utility = openedUtility()
    const within = (n: number) => ({ ...present(utility.usagePoints[0], 'a point'), code: `point-${n}` })
    await plantTown(database, { ...utility, usagePoints: [...utility.usagePoints, within(4), within(5)] })
    const mdm = database.as('mdm')
    const typed = { ...exchange(), stopRegisters: { total: '1500', tou2: '900', tou4: '600' } }
    const entered = await applyRegistryChange(mdm, typed, { actor: 'manager-1', recordedAt: Date.now() })
    t.match(entered, { ok: true })
    await note(database, [
      [1n, midnight(1), 1000, 600, 400],
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
    const change = async (correction: RegistryChange, actor: string, ...more: readonly string[]) => {
      writeFileSync(join(cwd, 'fix.json'), JSON.stringify(correction))
      return run('registry', 'change', 'fix.json', '--actor', actor, ...more)
    }

    t.comment('nobody issues a run while what took effect is not followed up')
    const described: CorrectionChange = {
      kind: 'correction',
      of: { kind: 'meter', meter: 'meter-3' },
      instead: { kind: 'meter', meter: 'meter-3', model: 'other', document: 'plate' },
      reason: 'misread',
      document: 'memo 5',
    }
    for (const actor of ['auditor-1', 'auditor-2']) t.match(await change(described, actor), { code: 0 })
    const [owner, billing, clock] = [database.as('owner'), database.as('billing'), createStillClock(Date.now() + 1000)]
    await freezeDeterminants(mdm, { ...july, now: clock.now() })
    const runId = await reviewedJuly(billing, clock)
    const issue = () => issueRun(billing, clock, { runId, actor: 'issuer-1' })
    const notYet = { reason: 'set_superseded', message: /correction meter meter-3 .*exceptions run/ }
    const meanwhile = await owner.transaction(async (tx) => {
      await lockWhatBillsRestOn(tx, 'change')
      const refused = t.rejects(issue(), notYet, 'what takes effect while a segment is written')
      t.ok(await somebodyWaits(tx), 'it waits for the change')
      await tx.execute('delete from registry_correction_redo')
      return { refused }
    })
    await meanwhile.refused
    await t.rejects(issue(), notYet, 'what took effect before')
    await t.rejects(billing.query('select from registry_correction'), /permission denied/)
    t.match(await run('exceptions', 'run', '--actor', 'auditor-1'), { code: 0 })
    await issue()
    await postRun(billing, clock, { runId, actor: 'system' })
    t.match(await julyOf(database), { 'account-1': '900.00', 'account-2': '310.00', 'account-3': '900.00' })

    const freeze = ['determinants', 'freeze', '2026-07', '--organisation', 'county', '--actor', 'manager-1'] as const
    const untouched = await run(...freeze, '--json')
    t.match(JSON.parse(untouched.out), { outcome: 'exists', billedDifferences: [] }, 'nothing differs yet')

    const fix: CorrectionChange = {
      kind: 'correction',
      of: { kind: 'meter_exchange', usagePoint: 'point-1', at: typed.at },
      instead: exchange(),
      reason: 'a digit of the stop registers was misread',
      document: 'memo 6',
    }
    t.match(await change(fix, 'auditor-1'), {
      code: 1,
      out: /bill_issued: 1 bills rest on it: \d+ \(account-1\).*correctionBillDue/,
    })
    const knowingly = { ...fix, correctionBillDue: true }
    t.match(await change(knowingly, 'auditor-1'), { code: 0, out: /waits until another person/ })
    t.match((await run('registry', 'corrections', '--waiting')).out, /meter_exchange .*point-1 .*待第二人 waits/)
    const done = await change(knowingly, 'auditor-2')
    t.match((await run('registry', 'corrections', '--waiting')).out, /无 none/)
    t.match(done, { code: 0, out: /account-1: .*to be billed 1000 kWh/ })
    t.match(done.out, /issued bills rest on another set: 1 .*\+100 kWh/)
    const said = await run(...freeze)
    t.match(said.out, /the bills stay as they are; each needs a correction/)
    t.match(said.out, /account-1 .* 900 .* 1000 .*\+100 /)
    t.notMatch(said.out, /account-2/)
    const { billedDifferences } = JSON.parse((await run(...freeze, '--json')).out) as { billedDifferences: unknown }
    t.match(billedDifferences, [
      { account: 'account-1', billedKwh: '900', frozenKwh: '1000', differenceKwh: '100', timeOfUseDiffers: true },
    ])
    t.match(await julyOf(database), { 'account-1': '900.00' }, 'the bill is what it was')
    t.match(
      await run('bill', 'prove', '--account', 'account-1'),
      {
        code: 0,
        out: /checker confirms every step\n! 须出更正账单 .* billed 900 kWh → 现为 now 1000，差 difference \+100 kWh.*meter_exchange point-1 @ 2026-07-16 10:00 · a digit of the stop registers was misread（memo 6） · auditor-1 \+ auditor-2/s,
      },
      'and is proved from what was known then, and says that it is no longer right, and why',
    )
    t.match(JSON.parse((await run('bill', 'show', '--account', 'account-1', '--json')).out), {
      correctionDue: {
        frozenAnew: true,
        difference: { billedKwh: '900', frozenKwh: '1000' },
        changes: [{ what: 'correction', kind: 'meter_exchange', object: 'point-1' }, { what: 'exchange' }],
      },
    })
    t.match(JSON.parse((await run('bill', 'show', '--account', 'account-2', '--json')).out), { correctionDue: null })
    t.match(await run('bill', 'verify', runId), { code: 0, out: /confirms every bill\n.*account-1 .* 900 .* 1000 /s })

    const shown = await run('registry', 'show', 'point-1', '--as-of', '2026-07-20')
    t.match(shown.out, /更正 correction .* at 2026-07-16 10:00/)
    t.match(shown.out, /correctionBillDue 是 yes/)
    t.match((await run('ops', 'meter', 'meter-4')).out, /meter_exchange .*point-1 .*auditor-1 .*auditor-2/)
    const noted = await run('vee', 'show', 'meter-1', '--at', typed.at)
    t.match(noted.out, /已撤销 withdrawn/)
    t.match(noted.out, /1500\.00 .*exchange note 1 .*auditor-1 \+ auditor-2/)

    t.comment('a part of nobody is put under whom July was billed to')
    const part = (parent: string) =>
      ({
        kind: 'relation',
        usagePoint: 'point-4',
        at: '2026-07-05T00:00:00+08:00',
        relation: { kind: 'quantity', parent, quantityKwh: '10' },
        document: 'survey',
      }) as const
    t.match(await change(part('point-5'), 'auditor-1'), { code: 0 })
    const under: CorrectionChange = {
      kind: 'correction',
      of: { kind: 'relation', usagePoint: 'point-4', at: part('').at },
      instead: part('point-1'),
      reason: 'it hangs behind the house next door',
      document: 'memo 7',
    }
    t.match(await change(under, 'auditor-1'), { code: 1, out: /bill_issued: 1 bills rest on it: \d+ \(account-1\)/ })

    t.comment('a transformer that is shared with whom July was billed to')
    const behind = (usagePoint: string) =>
      ({
        kind: 'transformer',
        usagePoint,
        at: part('').at,
        transformer: { transformer: 'T-1', ratedKva: 100, noLoadLossKw: '0.2', loadLossKw: '1.5', meteringSide: 'low' },
        document: 'survey',
      }) as const
    for (const point of ['point-2', 'point-4'])
      for (const actor of ['auditor-1', 'auditor-2']) t.match(await change(behind(point), actor), { code: 0 })
    const apart: CorrectionChange = {
      ...under,
      of: { kind: 'transformer', usagePoint: 'point-4', at: part('').at },
      instead: null,
    }
    t.match(await change(apart, 'auditor-1'), { code: 1, out: /bill_issued: 1 bills rest on it: \d+ \(account-2\)/ })

    t.comment('a decision about a reading of a frozen month freezes it anew')
    const at = ['--at', new Date(midnight(32)).toISOString()] as const
    await run('exceptions', 'question', 'meter-2', ...at, '--reason', 'photo', '--actor', 'auditor-1')
    const { exceptions } = JSON.parse((await run('exceptions', 'list', '--json')).out) as {
      readonly exceptions: readonly { readonly code: string; readonly kind: string }[]
    }
    const { code } = present(
      exceptions.find(({ kind }) => kind === 'questioned_reading'),
      'the doubt',
    )
    const value = ['--total', '2320', '--tou2', '1392', '--tou4', '928'] as const
    const why = ['--reason', 'misread', '--evidence', 'photo 12', '--actor', 'auditor-1'] as const
    const decided = await run('exceptions', 'decide', code, '--action', 'correct', ...value, ...why, '--json')
    t.match(JSON.parse(decided.out), { approvalsNeeded: 1, followed: null })
    const { decisionId } = JSON.parse(decided.out) as { readonly decisionId: string }
    const approve = ['exceptions', 'approve', decisionId, '--actor', 'auditor-2'] as const
    const approved = await run(...approve)
    t.match(approved.out, /已生效 applied 1/)
    t.match(approved.out, /2026-07 · county · 集 set \d+ · 修订 revision 4 · 重新冻结 frozen anew/)
    t.match(approved.out, /account-2: 计费电量 to be billed 320 kWh/)
    t.match(approved.out, /account-2 .* 310 .* 320 .*\+10 /)
    t.notMatch((await run(...approve)).out, /冻结/, 'once')
    const toFollowUp = () => billing.query('select what, named from change_to_follow_up(1)')
    t.same(await toFollowUp(), [])
    await owner.execute('delete from exception_decision_redo')
    t.same(await toFollowUp(), [{ what: 'decision', named: decisionId }])
    t.same(await billing.query('select from change_to_follow_up(2)'), [], 'another organisation goes on')
    await owner.execute('delete from registry_correction_redo')
    t.match(await toFollowUp(), [{ what: 'correction' }], 'one at a time')
    const { out } = await run('exceptions', 'run', '--actor', 'auditor-1')
    const period = '2026-07 · county .* 不变 the same as before[^·]*'
    t.match(
      out,
      new RegExp(`${period}account-1: .*${period}account-2: `, 's'),
      'whoever comes next makes up for a crash in between',
    )
    t.notMatch((await run('exceptions', 'run', '--actor', 'auditor-1')).out, /2026-07/)
    t.same(await toFollowUp(), [])
  },
)

/** Asks for as long as whoever comes needs to come; whoever never comes is not waited for for ever. */
async function somebodyWaits(tx: Queryable): Promise<boolean> {
  for (let asked = 0; asked < 20_000; asked += 1) {
    const waiting = await tx.query(
      `select from pg_locks join pg_database d on d.oid = database
        where datname = current_database() and locktype = 'advisory' and not granted`,
    )
    if (waiting.length > 0) return true
  }
  return false
}
