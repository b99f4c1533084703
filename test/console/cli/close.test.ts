import t, { type Test } from 'tap'
import type { CloseDocument } from '../../../console/close/close-document.js'
import { runCli } from '../../../console/cli/run-cli.js'
import { arrangeBilling } from '../../billing/runs/billing-fixture.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'

const runId = 'county-1:2026-07-01:2026-08-01:r1'
const dates = ['--accounting-date', '2026-08-03', '--due-date', '2026-08-18'] as const

async function openOffice(t: Test) {
  const test = await withDatabase(t)
  await arrangeBilling(test)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    return { code: await runCli(args, io), out: io.outText(), err: io.errText() }
  }
  const july = (step: string, ...more: readonly string[]) =>
    run('close', step, '2026-07', '--organisation', 'county-1', ...more)
  const document = async (step: string, ...more: readonly string[]): Promise<CloseDocument> => {
    const { code, out, err } = await july(step, '--json', ...more)
    t.equal(code, 0, err)
    return JSON.parse(out) as CloseDocument
  }
  return { owner: test.as('owner'), run, july, document }
}

t.test('a month goes from determinants to the ledger step by step, each by who may take it', async (t) => {
  const { owner, run, july, document } = await openOffice(t)
  t.match(await july('dry-run', '--actor', 'accountant-1'), { code: 1, err: /无此批次 there is no such run/ })
  t.match(await document('freeze', ...dates, '--actor', 'accountant-1'), {
    run: runId,
    from: '2026-07-01',
    to: '2026-08-01',
    state: 'frozen',
    next: 'dry-run',
    accounts: 8,
    bills: 0,
    exceptions: { reading_held: 1 },
    rated: 0,
    digest: null,
  })
  t.match((await july('show')).out, '已试算 rated 0/1 段 segments')
  t.match(await july('review', '--digest', '00', '--actor', 'reviewer-1'), { code: 1, err: /needs it to be dry_run/ })

  const dry = await document('dry-run', '--actor', 'accountant-1')
  t.match(dry, { state: 'dry_run', next: 'review', bills: 6, issued: 0, before: null })
  t.same(dry.exceptions, { reading_held: 1, ladder_opening_unknown: 1 })
  t.match(dry.digest, /^[0-9a-f]{64}$/)
  const digest = dry.digest ?? ''
  const text = (await july('dry-run', '--actor', 'accountant-1')).out
  t.match(text, `户数 accounts 8 = 账单 bills 6 + 未出账 without a bill 2（阶梯起点不明 ladder_opening_unknown 1`)
  t.match(text, `shuangwu close review 2026-07 --organisation county-1 --run ${runId} --digest ${digest} --actor …`)

  t.match(await july('review', '--digest', digest, '--actor', 'accountant-1'), { code: 1, err: /编制过 prepared/ })
  t.match(await july('review', '--digest', '0'.repeat(64), '--actor', 'reviewer-1'), { code: 1, err: /摘要不符/ })
  t.match(await document('review', '--digest', digest, '--actor', 'reviewer-1'), { state: 'reviewed', next: 'issue' })
  t.match(await july('issue', '--actor', 'reviewer-1'), { code: 1, err: /复核过 reviewed/ })
  t.match(await document('issue', '--actor', 'issuer-1'), { state: 'issued', next: 'post', issued: 1, posted: 0 })
  const posted = await document('post', '--actor', 'accountant-1')
  t.match(posted, { state: 'posted', next: null, posted: 1, digest })
  t.same(
    posted.steps.map(({ state, actor }) => [state, actor]),
    [
      ['frozen', 'accountant-1'],
      ['dry_run', 'accountant-1'],
      ['reviewed', 'reviewer-1'],
      ['issued', 'issuer-1'],
      ['posted', 'accountant-1'],
    ],
  )
  t.same(await document('post', '--actor', 'accountant-1'), posted, 'a step that is taken again changes nothing')

  const [bills] = await owner.query<{ readonly kwh: string; readonly yuan: string }>(
    `select trim_scale(sum(energy_e4) / 10000)::text as kwh, round(sum(amount_fen) / 100, 2)::text as yuan from bill`,
  )
  t.same(bills, { kwh: posted.energyKwh, yuan: posted.amount }, 'what it shows is what was billed')
  t.match((await run('close', 'show')).out, `${runId} · 已过账 posted`)
  t.same(JSON.parse((await run('close', 'show', '--run', runId, '--json')).out), [posted])
  t.same(JSON.parse((await run('close', 'show', '2026-08', '--json')).out), [], 'of another month there is none')
  t.match(await run('ledger', 'trial-balance'), { code: 0, out: new RegExp(`1122 .*${posted.amount}`) })
})

t.test('what a close is asked for is checked before anything is done', async (t) => {
  const { owner, run, july } = await openOffice(t)
  const [accounting, due] = [dates.slice(0, 2), dates.slice(2)]
  const by = ['--actor', 'accountant-1'] as const
  const refused: readonly (readonly [Promise<{ code: number; err: string }>, number, RegExp])[] = [
    [july('freeze', ...accounting, ...by), 2, /--due-date/],
    [july('freeze', '--accounting-date', '2026-13-01', ...due, ...by), 2, /--accounting-date 2026-13-01: 应为日期/],
    [july('freeze', ...accounting, '--due-date', '2026-08-02', ...by), 2, /早于记账日 is before the accounting date/],
    [july('freeze', ...dates, '--actor', 'nobody'), 2, /actor_unknown/],
    [run('close', 'freeze', '2026-07', '--organisation', 'nowhere', ...dates, ...by), 1, /no determinants/],
    [run('close', 'freeze', 'July', '--organisation', 'county-1', ...dates, ...by), 2, /应为月份/],
    [july('issue', '--run', 'county-1:2026-06-01:2026-07-01:r1', '--actor', 'issuer-1'), 1, /无此批次/],
    [run('close', 'show', '2026-7'), 2, /应为月份/],
  ]
  for (const [answer, code, err] of refused) t.match(await answer, { code, err })
  t.same(await owner.query('select run_id from billing_run'), [])
  t.match(await run('close', 'show'), { code: 0, out: '无 none' })
})
