import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from '../cli/fake-io.js'

const main = join(checkoutRoot, 'build', 'console', 'main.js')

/** The head-end as people start it, in a folder of its own. */
function startHeadEnd(folder: string, databaseUrl: string, ...args: readonly string[]) {
  const env = { ...process.env, LANG: 'en_US.UTF-8', DATABASE_URL: databaseUrl, SHUANGWU_FOLDER: folder }
  return spawn(process.execPath, [main, 'headend', '--node', 'n1', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

t.test('a metrics port that is taken ends the head-end, and gives back what was open', async (t) => {
  const database = await withDatabase(t)
  const folder = t.testdir({})
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const child = startHeadEnd(folder, database.url('owner'), '--metrics-port', String(port))
  const said = text(child.stderr)
  const [code] = await once(child, 'exit')
  t.equal(code, 3)
  t.match(await said, new RegExp(`port ${port} for metrics: .*EADDRINUSE`))
  t.same(readdirSync(join(folder, '.shuangwu', 'spool')), ['n1.spool'], 'the lock of the spool is gone')
})

t.test('a head-end in an empty registry says so, once, and ends when it is told to', async (t) => {
  const database = await withDatabase(t)
  const child = startHeadEnd(t.testdir({}), database.url('owner'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
    // Once: a second signal does not wait for the end.
    if (said.includes('"no_lines"') && !child.killed) child.kill('SIGTERM')
  })
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  t.match(said, /"level":"warn","node":"n1","event":"no_lines","reason":".*no lines in the registry/)
})

t.test('a node name that topics or files would not take is bad usage, with what is allowed', async (t) => {
  for (const name of ['', 'a/b', '../../x', 'n 1', 'n#']) {
    const io = createFakeIo({ cwd: t.testdir({}) })
    t.equal(await runCli(['headend', '--node', name], io), 2, JSON.stringify(name))
    t.match(io.errText(), /expected 1 to 60 letters, digits/)
  }
})
