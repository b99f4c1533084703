import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { runCli } from '../../../console/cli/run-cli.js'
import { builtInLossDocument } from '../../../mdm/losses/policy-document.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'
import { midnight, registers, smallUtility, stamp, store } from '../../mdm/support/small-utility.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: Readonly<Record<string, string>>) => string
}

/** Meter 1 feeds the area behind which meters 2 and 3 hang, the last behind 50/5 transformers. */
async function arrange(t: Teardown, hasSupply: boolean) {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await mdm.query('select ensure_time_partitions($1, $2)', ['2026-06-20', '2026-08-01'])
  const { agreements, contacts, ...base } = smallUtility()
  const supplied = {
    ...base,
    agreements: agreements.slice(1),
    contacts: contacts.slice(1),
    areaSupplies: [{ transformerArea: 'area-1', usagePoint: 'point-1', from: '2026-01-01T00:00:00+08:00' }],
  }
  const imported = await importRegistry(mdm, hasSupply ? supplied : smallUtility(), stamp)
  if (!imported.ok) throw new Error(JSON.stringify(imported.error))
  await plantApprovers(database.as('owner'), ['lead', 'head'])
  const logins = (['console', 'reader', 'mdm'] as const).map((role) => [
    `SHUANGWU_${role.toUpperCase()}_DATABASE_URL`,
    database.url(role),
  ])
  const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['losses', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  return { database, mdm, run, write: (file: string, text: string) => writeFileSync(join(cwd, file), text) }
}

const oneDay = ['--from', '2026-07-01', '--to', '2026-07-01', '--actor', 'system']

t.test('losses are worked out by somebody, and a day is shown by area and by organisation', async (t) => {
  const { database, mdm, run } = await arrange(t, true)
  const read = (meterId: bigint, first: number, second: number) => [
    { meterId, readAt: midnight(1), registers: registers(first) },
    { meterId, readAt: midnight(2), registers: registers(second) },
  ]
  await store(database, [...read(1n, 1000_00, 1300_00), ...read(2n, 500_00, 600_00), ...read(3n, 100_00, 115_00)])
  await runValidation(mdm, { from: midnight(1), to: midnight(3), now: midnight(2) + 1 })
  t.match(await run('day', '2026-07-01'), { code: 1, err: /see shuangwu losses settle/ })
  t.match(await run('settle', ...oneDay.with(5, 'nobody')), { code: 2, err: /nobody/ })
  t.match(await run('settle', ...oneDay.with(1, '2026-07-32')), { code: 2 })
  t.match(await run('settle', ...oneDay.with(3, '2026-06-30')), { code: 2 })
  t.match(await run('settle', ...oneDay, '--organisation', 'town'), { code: 1, err: /town/ })
  t.match(await run('settle', ...oneDay), { code: 0, out: /area days 1 · .*appended 1/ })
  t.match(JSON.parse((await run('settle', ...oneDay, '--json')).out), { areaDays: 1, written: 0, nothing: null })
  t.match(await run('day', '2026-07-01'), { code: 0, out: /area-1/ })
  // 300 kWh flowed in, 100 and 15 × 10 were sold.
  t.match(JSON.parse((await run('day', '2026-07-01', '--by', 'organisation', '--json')).out), {
    rows: [{ code: 'county', supplyKwh: '300.00', soldKwh: '250.00', lossPercent: '16.67', outOfBandAreas: 1 }],
  })
  t.match(await run('day', '2026-07-01', '--by', 'street'), { code: 2 })
})

t.test('where there is nothing to settle it is said why', async (t) => {
  const { run } = await arrange(t, false)
  t.match(await run('settle', ...oneDay), { code: 0, out: /nothing to settle: .*areas 1 .*no area has a supply meter/ })
  t.match(JSON.parse((await run('settle', ...oneDay, '--json')).out), {
    areaDays: 0,
    nothing: { kind: 'no_supply_meter', areas: 1 },
  })
})

t.test('the policy of losses is changed by two people, and the next settlement follows it', async (t) => {
  const { database, mdm, run, write } = await arrange(t, true)
  const document = { ...builtInLossDocument, abovePercent: '1' }
  write('policy.yaml', stringify(document))
  write('bad.yaml', stringify({ ...document, abovePercent: 10 }))
  t.match(await run('policy', 'show'), { code: 0, out: /built-in\/1[\s\S]*线损率上限 above, % +│ +10 / })
  t.match(await run('policy', 'check', 'bad.yaml'), { code: 2, err: /bad\.yaml:2: abovePercent/ })
  t.match(await run('policy', 'check', 'policy.yaml'), { code: 0, out: /above, % +│ +1 / })
  t.match(await run('policy', 'propose', 'policy.yaml', '--actor', 'lead', '--reason', 'stricter'), { code: 0 })
  t.match(await run('policy', 'sign', '1', '--actor', 'lead'), { code: 1, err: /four_eyes/ })
  t.match(await run('policy', 'sign', '1', '--actor', 'head'), { code: 0 })
  t.match(JSON.parse((await run('policy', 'show', '--json')).out), {
    revision: 1,
    version: 'losses/1',
    policy: document,
  })
  await store(database, [{ meterId: 1n, readAt: midnight(1), registers: registers(1000_00) }])
  await runValidation(mdm, { from: midnight(1), to: midnight(2), now: midnight(1) + 1 })
  t.match(await run('settle', ...oneDay), { code: 0 })
  t.match(await mdm.query('select policy_version from area_loss'), [{ policy_version: 'losses/1' }])
})
