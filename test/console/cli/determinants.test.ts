import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import type { OpeningBatchEntry, OpeningItemEntry } from '../../../domain/opening-entries.js'
import { goLive, midnight, smallUtility } from '../../mdm/support/small-utility.js'
import { note, plantTown } from '../../support/billed-july.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'

const batch: OpeningBatchEntry = {
  code: 'golive',
  asOf: goLive,
  document: 'old books of June',
  itemCount: 1,
  registersKwh: '1234.56',
  ladderKwh: '0',
  estimatesKwh: '0',
  prepaid: '0',
  arrears: '0',
}
const item: OpeningItemEntry = {
  batch: 'golive',
  account: 'account-1',
  kind: 'register',
  meter: 'meter-1',
  energyKwh: '1234.56',
  tou2Kwh: '700',
  tou4Kwh: '534.56',
}

t.test('a month is frozen by somebody, once, and shown with what it came from', async (t) => {
  const test = await withDatabase(t)
  await plantTown(test, {
    ...smallUtility(),
    openingBatches: [batch],
    openingItems: [item],
    relations: [{ usagePoint: 'point-3', parent: 'point-2', kind: 'main_sub', from: '2026-01-01T00:00:00+08:00' }],
  })
  await note(test, [
    [1n, midnight(1), 1240, 703, 537],
    [1n, midnight(32), 1334.56, 760, 574.56],
    [2n, midnight(1), 2000, 1200, 800],
    [2n, midnight(32), 2100.5, 1260.3, 840.2],
    [3n, midnight(1), 100, 60, 40],
  ])
  const cwd = t.testdir({})
  const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    return { code: await runCli(args, io), out: io.outText(), err: io.errText() }
  }
  const freeze = (month: string, actor: string, ...more: readonly string[]) =>
    run('determinants', 'freeze', month, '--organisation', 'county', '--actor', actor, ...more)
  const show = (account: string, ...more: readonly string[]) => run('determinants', 'show', account, '2026-07', ...more)
  for (const actor of ['auditor-1', 'auditor-2'])
    t.match(await run('registry', 'opening', 'approve', 'golive', '--actor', actor), { code: 0 })

  t.match(await show('account-1'), { code: 1, err: /未冻结 not frozen/ })
  t.match(await freeze('2026-07', 'nobody'), { code: 2, err: /actor_unknown/ })
  t.match(await freeze('2026-13', 'system'), { code: 2 })
  t.match(await freeze('2099-01', 'system'), { code: 1, err: /月份未结束 the month is not over/ })
  t.match(await run('determinants', 'freeze', '2026-07', '--organisation', 'nowhere', '--actor', 'system'), {
    code: 1,
    err: /no organisation nowhere/,
  })

  const frozen = await freeze('2026-07', 'system')
  t.match(frozen, { code: 0, out: /2026-07 · 集 set 1 · 修订 revision 1 · 新冻结 frozen/ })
  t.match(frozen.out, /户 accounts 3 · 计费量 determinants 1 · 待核 held 2/)
  t.match(frozen.out, /计费边界未抄回 boundary_missing: 1/)
  t.match(frozen.out, /相关计量点待核 relation_member_held: 1/)
  const again = await freeze('2026-07', 'system', '--json')
  t.match(JSON.parse(again.out), { month: '2026-07', outcome: 'exists', revision: 1, determinantCount: 1 })
  t.match((await freeze('2026-06', 'system')).out, /上线前由旧账结算 before_go_live: 1/, 'June was the old books’')

  t.match(await show('account-1', '--known', '2026-07-15'), { code: 1, err: /未冻结 not frozen/ }, 'nothing was known')
  const one = await show('account-1')
  t.match(one, { code: 0, out: /计费电量 billed 100\.00 费率2\/tou2 60\.00 费率4\/tou4 40\.00 kWh/ })
  t.match(
    one.out,
    /起 start .* 表 meter meter-1 · 1234\.56 kWh · ※ 期初 opening · 经办 by manager-1 \+ auditor-1 \+ auditor-2/,
  )
  t.match(one.out, /止 end .* 1334\.56 kWh · 判定 decision 1 · ※ 补抄 field · 经办 by crew-1 · field order 1/)
  const document = JSON.parse((await show('account-1', '--json')).out)
  t.match(document, {
    account: 'account-1',
    hold: null,
    billed: { total: '100.00' },
    segments: [{ multiplier: 1, start: { origin: 'opening', decision: null }, end: { origin: 'field', decision: 1 } }],
    quantities: [{ quantity: 'active_energy', basis: 'opening golive', links: [{ start: { origin: 'opening' } }] }],
  })
  t.match(await show('account-2'), { code: 0, out: /待核 held: 相关计量点待核 relation_member_held/ })
  t.match(JSON.parse((await show('account-3', '--json')).out), { hold: { code: 'boundary_missing' }, billed: null })
  t.match(await show('account-9'), { code: 1 })
})
