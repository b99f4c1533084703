import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import type { CorrectionChange } from '../../domain/registry-correction.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { exchange } from '../mdm/support/changes.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, julyOf, note, plantTown } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'

t.test(
  'a wrong exchange that was billed is put right knowingly, and whoever freezes hears what no longer agrees',
  async (t) => {
    const database = await withDatabase(t)
    await plantTown(database, openedUtility())
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
    await billJuly(database)
    t.match(await julyOf(database), { 'account-1': '900.00', 'account-2': '310.00', 'account-3': '900.00' })

    const cwd = t.testdir({})
    const roles = ['console', 'reader', 'mdm', 'headend'] as const
    const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
    const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
    const run = async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env })
      const code = await runCli(args, io)
      return { code, out: io.outText(), err: io.errText() }
    }
    const change = async (correction: CorrectionChange, actor: string, ...more: readonly string[]) => {
      writeFileSync(join(cwd, 'fix.json'), JSON.stringify(correction))
      return run('registry', 'change', 'fix.json', '--actor', actor, ...more)
    }
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
    t.match(await run('bill', 'prove', '--account', 'account-1'), { code: 0 }, 'and is proved from what was known then')

    const shown = await run('registry', 'show', 'point-1', '--as-of', '2026-07-20')
    t.match(shown.out, /更正 correction .* at 2026-07-16 10:00/)
    t.match(shown.out, /correctionBillDue true/)
    t.match((await run('ops', 'meter', 'meter-4')).out, /meter_exchange .*point-1 .*auditor-1 .*auditor-2/)
    const noted = await run('vee', 'show', 'meter-1', '--at', typed.at)
    t.match(noted.out, /已撤销 withdrawn/)
    t.match(noted.out, /1500\.00 .*exchange note 1 .*auditor-1 \+ auditor-2/)
  },
)
