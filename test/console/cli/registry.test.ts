import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { recordDeployment } from '../../../storage/deployment.js'
import { smallUtility } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (fixture: Record<string, string>) => string
}

async function openOffice(t: Teardown) {
  const database = await withDatabase(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (document: RegistryDocument | string, ...args: readonly string[]) => {
    writeFileSync(join(cwd, 'utility.json'), typeof document === 'string' ? document : JSON.stringify(document))
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['registry', 'import', 'utility.json', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const meters = async () => (await database.as('owner').query('select from meter')).length
  return { database, run, meters }
}

const by = ['--actor', 'manager-1'] as const

t.test('a dry run tells what an import does, which a second import of the file does not do again', async (t) => {
  const { run, meters } = await openOffice(t)
  const rehearsed = await run(smallUtility(), ...by, '--dry-run')
  t.match(rehearsed, { code: 0, out: /meters\s+│\s+3 │\s+0/, err: /nothing was written/ })
  t.equal(await meters(), 0)
  t.match(await run(smallUtility(), ...by), { code: 0, out: rehearsed.out, err: '' })
  t.equal(await meters(), 3)
  t.match(await run(smallUtility(), ...by), { code: 0, out: /meters\s+│\s+0 │\s+3/, err: /nothing new/ })
  const { code, out } = await run(smallUtility(), ...by, '--json')
  t.equal(code, 0)
  t.match(JSON.parse(out), { ok: true, dryRun: false, lists: [{ list: 'actors', added: 0, known: 3 }] })
})

t.test('every entry that is wrong is named, and nothing goes in', async (t) => {
  const { run, meters } = await openOffice(t)
  const good = smallUtility()
  const [first, ...others] = good.meters
  const bad = {
    ...good,
    meters: [{ ...first, communicationAddress: '12' }, ...others],
    agreements: good.agreements.map((each) => ({ ...each, ladderFrom: 'January' })),
  } as RegistryDocument
  const { code, out, err } = await run(bad, ...by)
  t.equal(code, 2)
  t.match(out, /meters\.0\.communicationAddress \(meter-1\): .* expected 12 digits/)
  t.match(out, /agreements\.2\.ladderFrom \(point-3\): .* expected a calendar day/)
  t.match(err, /utility\.json: .*4 .*problems, nothing is taken in/)
  const stray = { ...good, installations: [{ ...good.installations[0], line: 'line-9' }] } as RegistryDocument
  t.match(await run(stray, ...by), { code: 2, out: /installations\.0\.line \(point-1\): line-9 is not in lines/ })
  t.match(await run('{"actors": [}', ...by), { code: 2, err: /utility\.json.*: .*no JSON/ })
  t.equal(await meters(), 0)
})

t.test('a file that says something else of what is there is refused, with what differs', async (t) => {
  const { run, meters } = await openOffice(t)
  await run(smallUtility(), ...by)
  const good = smallUtility()
  const [agreement, ...others] = good.agreements
  const other = {
    ...good,
    agreements: [{ ...agreement, tariff: 'sd-residential' }, ...others],
    meters: [...good.meters, { ...good.meters[0], code: 'meter-4', communicationAddress: '000000000004' }],
  } as RegistryDocument
  t.match(await run(other, ...by), {
    code: 1,
    out: /agreements \(account-1\): .*in the registry with another 电价 tariff/,
    err: /contradict the registry/,
  })
  t.equal(await meters(), 3)
})

t.test('whoever imports is somebody, and a demo’s database takes no utility', async (t) => {
  const { database, run } = await openOffice(t)
  t.match(await run(smallUtility()), { code: 2, err: /--actor/ })
  t.match(await run(smallUtility(), '--actor', 'nobody'), { code: 2, err: /unknown actor nobody/ })
  await recordDeployment(database.as('owner'), { purpose: 'demo', seed: 1, createdAt: 0 })
  t.match(await run(smallUtility(), ...by), { code: 1, err: /holds a demo/ })
})

t.test('check needs no database', async (t) => {
  const cwd = t.testdir({ 'utility.json': JSON.stringify(smallUtility()), 'bad.json': '[]' })
  const check = async (file: string) => {
    const io = createFakeIo({ cwd, env: { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/none' } })
    const code = await runCli(['registry', 'check', file, '--json'], io)
    return { code, said: JSON.parse(io.outText()) as unknown }
  }
  t.match(await check('utility.json'), { code: 0, said: { ok: true, entries: { meters: 3, crews: 0 } } })
  t.match(await check('bad.json'), { code: 2, said: { ok: false, problems: [{ path: '(top level)', code: null }] } })
})
