import t from 'tap'
import { sourceFiles } from './source-files.js'

/** The effect shells: the only places where real time, real timers and the operating system's randomness may be touched. */
const shells = [
  /^console\/runtime\//,
  /^simulators\/virtual-/,
  /^storage\/local-database\//,
  /^storage\/work\//,
  // A real socket's own patience: no virtual one has it.
  /^storage\/patient-client\.ts$/,
]
const hidden =
  /new Date\(\)|Date\.now\(|Math\.random\(|performance\.now\(|randomUUID\(|randomBytes\(|\bset(Timeout|Interval|Immediate)\(/

const product = sourceFiles([
  'domain',
  'protocols',
  'headend',
  'mdm',
  'billing',
  'dunning',
  'storage',
  'simulators',
  'console',
])

t.test('time, timers and randomness are touched in the shells only', async (t) => {
  const inner = product.filter(({ path }) => !shells.some((shell) => shell.test(path)))
  t.ok(inner.length >= 50, `${inner.length} files looked at`)
  t.same(
    inner.filter(({ text }) => hidden.test(text)).map(({ path }) => path),
    [],
  )
})

t.test('the pattern finds what it is meant to find', async (t) => {
  for (const text of ['new Date()', 'Date.now()', 'Math.random()', 'setTimeout(f, 1)', 'randomUUID()'])
    t.match(text, hidden)
  t.notMatch('new Date(receivedAt)', hidden)
})
