import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { createFakeIo } from '../console/cli/fake-io.js'

function startBench(name: string, temporary: string, ...args: readonly string[]) {
  const path = join(checkoutRoot, 'build', 'bench', `${name}.js`)
  const env = { ...process.env, TMPDIR: temporary }
  return spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

t.test('a bench that is interrupted leaves nothing behind', async (t) => {
  const temporary = t.testdir({})
  const child = startBench('field', temporary, '200', '1', '20')
  for await (const chunk of child.stderr) if (String(chunk).includes('meters are coming up')) break
  t.match(readdirSync(temporary), [/^sw-bench-/])
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  t.equal(code, 130)
  t.same(readdirSync(temporary), [])
})

t.test('wrong sizes are one line and no stack trace', async (t) => {
  const child = startBench('field', t.testdir({}), 'abc')
  const said = text(child.stderr)
  const [code] = await once(child, 'exit')
  t.equal(code, 2)
  t.equal(await said, 'bench field: meters abc: expected a whole number, at least 200\n')
})

t.test('the command line lists benches as JSON too, and passes sizes on', async (t) => {
  const listing = createFakeIo({ cwd: t.testdir({}) })
  t.equal(await runCli(['bench', '--json'], listing), 0)
  t.match(JSON.parse(listing.outText()), { benches: [{ name: 'frames', sizes: /frames=2000000/ }] })
  const wrong = createFakeIo({ cwd: t.testdir({}) })
  t.equal(await runCli(['bench', 'frames', '7'], wrong), 2)
  t.match(wrong.errText(), /bench frames: .*frames=2000000/)
})
