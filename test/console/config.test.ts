import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig, parsePort } from '../../console/config.js'

t.test('defaults, then the file, then the environment', async (t) => {
  const cwd = t.testdir()
  const spool = { folder: join(cwd, '.shuangwu', 'spool'), maxBytes: 268_435_456 }
  t.same(loadConfig(cwd, {}), { folder: cwd, httpPort: 8080, brokers: [], spool })
  const text = 'folder: data\nhttp:\n  port: 9000\nheadend:\n  spoolFolder: kept\n  spoolMegabytes: 2\n'
  writeFileSync(join(cwd, 'shuangwu.config.yaml'), text)
  const kept = { folder: join(cwd, 'kept'), maxBytes: 2_097_152 }
  t.same(loadConfig(cwd, {}), { folder: join(cwd, 'data'), httpPort: 9000, brokers: [], spool: kept })
  t.same(loadConfig(cwd, { SHUANGWU_HTTP_PORT: '0', SHUANGWU_FOLDER: 'x' }), {
    folder: join(cwd, 'x'),
    httpPort: 0,
    brokers: [],
    spool: kept,
  })
})

t.test('a broken file is refused with file, place and reason', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['folder: [', /shuangwu\.config\.yaml: .*line \d+: /],
    ['fodler: data', /shuangwu\.config\.yaml: .*fodler/],
    ['http:\n  port: 99999', /shuangwu\.config\.yaml: http\.port: /],
    ['http: 8080', /shuangwu\.config\.yaml: http: /],
    ['- a', /shuangwu\.config\.yaml: \(top level\): /],
  ]
  for (const [text, message] of cases) {
    const cwd = t.testdir({ 'shuangwu.config.yaml': text })
    t.throws(() => loadConfig(cwd, {}), { code: 'bad_config', exitCode: 2, message }, text)
  }
})

t.test('a port is a whole number from 0 to 65535', async (t) => {
  t.equal(parsePort('65535', '--port'), 65_535)
  for (const text of ['65536', '-1', '8e3', '', 'http'])
    t.throws(() => parsePort(text, '--port'), { code: 'bad_input', exitCode: 2 }, text)
})
