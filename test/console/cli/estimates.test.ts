import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { runCli } from '../../../console/cli/run-cli.js'
import { isOverLimit } from '../../../console/cli/commands/estimates.js'
import { dayMs } from '../../../domain/time.js'
import { defaultEstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { estimateMissing } from '../../../mdm/estimation/estimate-missing.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { listEstimates } from '../../../storage/mdm/estimate-list.js'
import { importSmallUtility, midnight, registers, store, storeDue } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'
import { plantApprovers } from '../../support/people.js'

const { document } = defaultEstimationPolicy

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (fixture: Record<string, string>) => string
}

async function openOffice(t: Teardown) {
  const database = await withDatabase(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['estimates', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text)
  return { database, run, write }
}

t.test('lists what was estimated, how sure it is, and what became of it', async (t) => {
  const { database, run } = await openOffice(t)
  t.match(await run('list'), { code: 0, out: /没有估算值/ })
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await storeDue(
    database,
    [10, 11].map((day) => ({ meterId: 1n, readAt: midnight(day) })),
  )
  const readOn = async (day: number, hundredths: number) => {
    await store(database, [
      { meterId: 1n, readAt: midnight(day), registers: registers(hundredths), recordedAt: midnight(day) },
    ])
    await runValidation(mdm, { from: midnight(1), to: midnight(20), now: midnight(20) })
  }
  await readOn(9, 100_000)
  await readOn(12, 103_000)
  t.match(await run('run', '--from', '2026-07-19', '--to', '2026-07-01', '--actor', 'system'), { code: 2 })
  t.match(await run('run', '--from', '2026-07-01', '--to', '2026-07-19', '--actor', 'system'), {
    code: 0,
    out: /估算 estimated 2 · 不可估 not estimable 0/,
  })
  await readOn(10, 100_900)

  const { code, out } = await run('list', '--json')
  t.equal(code, 0)
  t.match(JSON.parse(out), {
    policyVersion: 'built-in/1',
    estimates: [
      {
        meter: 'meter-1',
        usagePoint: 'point-1',
        method: 'interpolation',
        totalKwh: '1010',
        standingVerdict: 'accepted',
        superseded: true,
        differenceKwh: '-1',
        overLimit: false,
      },
      { meter: 'meter-1', totalKwh: '1020', superseded: false, standingVerdict: 'estimated', differenceKwh: '0' },
    ],
  })
  t.match(await run('list', '--open'), {
    code: 0,
    out: /meter-1.*2026-07-11 00:00.*内插 interpolation.*1020.*估算 estimated/,
  })
  t.notMatch((await run('list', '--open')).out, /2026-07-10 00:00/)
  t.match(await run('list', '--by', 'own_history'), { code: 0, out: /没有估算值/ })
  t.match(await run('list', '--by', 'guess'), { code: 2 })
})

t.test('an estimate that stands for longer than the policy allows is over the limit', async (t) => {
  const { database } = await openOffice(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await storeDue(database, [{ meterId: 1n, readAt: midnight(18) }])
  await store(
    database,
    Array.from({ length: 16 }, (_, index) => ({
      meterId: 1n,
      readAt: midnight(index + 2),
      registers: registers(100_000 + index * 1000),
    })),
  )
  await runValidation(mdm, { from: midnight(1), to: midnight(20), now: midnight(20) })
  await estimateMissing(mdm, { from: midnight(1), to: midnight(24), now: midnight(24) })
  const [estimate] = await listEstimates(database.as('reader'), { open: true, method: null, limit: 5 })
  if (estimate === undefined) throw new Error('there is an estimate')
  t.match(estimate, { method: 'own_history', afterAt: null, usageClass: 'residential' })
  t.equal(isOverLimit(estimate, document, midnight(17) + 10 * dayMs), false)
  t.equal(isOverLimit(estimate, document, midnight(17) + 10 * dayMs + 1), true)
  t.equal(isOverLimit({ ...estimate, superseded: true }, document, midnight(60)), false)
})

t.test('a policy is checked, handed in, approved by another person and shown', async (t) => {
  const { database, run, write } = await openOffice(t)
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  // The clock of the program is real here.
  await database
    .as('owner')
    .execute(
      `insert into acting_time_rule (revision, tolerance, reason) select max(revision) + 1, interval '1 minute', 'real clock' from acting_time_rule`,
    )
  write('policy.yaml', stringify({ ...document, holidays: ['2026-10-01'] }))
  write('bad.yaml', stringify({ ...document, holidays: ['soon'] }))
  t.match(await run('policy', 'show'), { code: 0, out: /built-in\/1[\s\S]*内插 interpolation[\s\S]*结算边界不估算/ })
  t.match(await run('policy', 'check', 'policy.yaml'), { code: 0, out: /节假日 holidays 1/ })
  t.match(await run('policy', 'check', 'bad.yaml'), { code: 2, err: /bad\.yaml:\d+: holidays\.0: 应为 expected a day/ })
  t.match(await run('policy', 'submit', 'policy.yaml', '--actor', 'lead', '--reason', 'October'), {
    code: 0,
    out: /第 1 版/,
  })
  t.match(await run('policy', 'approve', '1', '--actor', 'lead'), { code: 1 })
  t.match(await run('policy', 'approve', '1', '--actor', 'head'), { code: 0, out: /第 1 版已批准/ })
  const shown = await run('policy', 'show', '--json')
  t.match(JSON.parse(shown.out), {
    version: 'estimation/1',
    revisions: [{ revision: 1, author: 'lead', approver: 'head' }],
  })
  t.match(await run('policy', 'show', '--revision', '0'), { code: 0, out: /built-in\/1/ })
  t.match(await run('policy', 'show', '--revision', '9'), { code: 1, err: /no revision 9/ })
})
