import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { importSmallUtility } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from '../cli/fake-io.js'
import { recordTariff } from './record-tariff.js'

t.test('changes of a file are applied one by one, told one by one, and shown with who and why', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env: { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd } })
    const code = await runCli(['registry', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const multiplier = {
    kind: 'multiplier',
    usagePoint: 'point-3',
    at: '2026-07-16T10:00:00+08:00',
    ctRatio: 20,
    ptRatio: 1,
    registers: { total: '1600.5' },
    document: 'sheet 9',
  }
  writeFileSync(
    join(cwd, 'changes.json'),
    JSON.stringify([multiplier, multiplier, { ...multiplier, usagePoint: 'point-9' }, {}]),
  )
  const told = await run('change', 'changes.json', '--actor', 'manager-1')
  t.match(told, { code: 1, err: /2 条未生效/ })
  t.match(
    told.out,
    /1 已变更 applied\n2 已有 exists\n3 拒收 refused: 档案中无此编码 unknown_code: .*point-9.*\n4 拒收 refused: kind: 无此种类 no such kind/,
  )
  const part = (usagePoint: string, parent: string) => {
    const relation = { parent, kind: 'main_sub' }
    return { kind: 'relation', usagePoint, at: '2026-07-10T00:00:00+08:00', relation, document: 'sheet 10' }
  }
  const circle = [part('point-1', 'point-2'), part('point-2', 'point-1'), part('point-3', 'point-3'), multiplier]
  writeFileSync(join(cwd, 'circle.json'), JSON.stringify(circle))
  t.match(
    (await run('change', 'circle.json', '--actor', 'manager-1')).out,
    /1 已变更 applied\n2 拒收 refused: .*part of themselves.*\n3 拒收 refused: 计量点不能是自己的一部分 part_of_itself: .*\n4 已有 exists/,
    'what only the database refuses stops nobody behind it',
  )
  const of = { kind: 'multiplier', usagePoint: 'point-3', at: multiplier.at }
  const correction = { kind: 'correction', of, instead: null, reason: 'another point', document: 'sheet 9b' }
  writeFileSync(join(cwd, 'wrong.json'), JSON.stringify([multiplier, correction, multiplier]))
  t.match(await run('change', 'wrong.json', '--actor', 'manager-1'), { out: /2 待第二人/ })
  t.match(
    (await run('change', 'wrong.json', '--actor', 'crew-1')).out,
    /1 已有 exists\n2 拒收 refused: .*crew-1 may not approve .*\n3 已有 exists/,
    'nor does what takes another person',
  )
  writeFileSync(join(cwd, 'none.json'), '[]')
  t.match(await run('change', 'none.json', '--actor', 'manager-1'), { code: 2, err: /none\.json: 无变更/ })
  t.match(await run('change', 'changes.json', '--actor', 'nobody'), { code: 2, err: /nobody/ })
  t.match(await run('show', 'point-3', '--as-of', '2026-07-17'), {
    code: 0,
    out: /ctRatio 20[\s\S]*manager-1 +│ multiplier change sheet 9/,
  })
  t.match(await run('show', 'point-3', '--as-of', '2026-07-17', '--known', '2026-07-17'), {
    code: 0,
    out: /ctRatio 10/,
  })
  for (const code of ['point-1', 'account-1', 'meter-1']) {
    const shown = await run('show', code, '--as-of', '2026-07-17')
    t.match(shown.out, /customer-1 · Customer 1 · residential/, code)
    t.match(shown.out, /point-1 · Synthetic road 1[\s\S]*account-1[\s\S]*sd-residential-tou/)
    t.match(shown.out, /sms \*\*\*0001[\s\S]*meter-1 · synthetic-single-phase · × 1[\s\S]*000000000001 · line-1/)
    t.match(shown.out, /area-1 \/ 无 none[\s\S]*grid-1 · manager-1[\s\S]*county · Asia\/Shanghai/)
    t.notMatch(shown.out, /\+86/, 'nobody reads a number off the screen')
  }
  const shown = JSON.parse((await run('show', 'account-1', '--json')).out) as object
  t.match(shown, [{ cards: [{ usagePoint: 'point-1', contacts: [{ address: '***0001' }] }] }])
  t.match(await run('show', 'nothing'), { code: 1, err: /nothing/ })
  t.match(await run('audit', '--as-of', '2026-07-17'), {
    code: 0,
    out: /unknown_tariff +│ +是 yes +│ +3 │ +3 │ +0\.00[\s\S]*county[\s\S]*account-1 .*unknown_tariff/,
  })
  const one = await run('audit', '--as-of', '2026-07-17', '--rule', 'no_contact', '--json')
  t.match(JSON.parse(one.out), {
    rules: [{ rule: 'no_contact', checks: 3, findings: 0, score: '100.00' }],
    findings: [],
  })
  t.match(await run('audit', '--rule', 'no_such'), { code: 2, err: /no such rule: no_meter, / })
  t.match(await run('audit', '--organisation', 'nowhere'), { code: 1, err: /no such organisation/ })
})

t.test(
  'an agreement changes to tariffs on record only, and a stranger among them is told what may have been meant',
  async (t) => {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    const cwd = t.testdir({})
    const run = async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env: { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd } })
      const code = await runCli(['registry', ...args], io)
      return { code, out: io.outText(), err: io.errText() }
    }
    const change = (tariff: string) => ({
      kind: 'agreement',
      account: 'account-1',
      usagePoint: 'point-1',
      at: '2026-07-10T00:00:00+08:00',
      tariff,
      document: 'contract 9',
    })
    const path = join(cwd, 'change.json')
    writeFileSync(path, JSON.stringify(change('sd-residental')))
    const refused = { code: 1, out: /无此电价.* unknown_tariff: sd-residental is not on record/ }
    t.match(await run('change', path, '--actor', 'manager-1'), refused, 'no tariff is on record at all')
    await recordTariff(database, 'sd-residential')
    t.match(await run('change', path, '--actor', 'manager-1'), { code: 1, out: /near: sd-residential/ })
    writeFileSync(path, JSON.stringify(change('sd-residential')))
    t.match(await run('change', path, '--actor', 'manager-1'), { code: 0, out: /1 已变更 applied/ })
  },
)
