import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { createFakeIo } from './fake-io.js'

const unreachable = { DATABASE_URL: 'postgresql://someone:top-secret@127.0.0.1:1/nothing' }

t.test('each mistake gives one line and the exit code of the contract', async (t) => {
  const cases: readonly {
    readonly args: readonly string[]
    readonly env?: Readonly<Record<string, string>>
    readonly config?: string
    readonly says: RegExp
    readonly code: number
  }[] = [
    { args: ['frobnicate'], says: /unknown command 'frobnicate'/, code: 2 },
    { args: ['hash', '--frobnicate'], says: /unknown option '--frobnicate'/, code: 2 },
    { args: ['demo', '--seed', 'x'], says: /--seed.*whole number/, code: 2 },
    { args: ['demo', '--meters', '3'], says: /--meters.*from 40/, code: 2 },
    { args: ['demo', '--port', '70000'], says: /--port: 70000: .*expected a port/, code: 2 },
    { args: ['--lang', 'tlh', 'hash'], says: /--lang/, code: 2 },
    { args: ['hash'], config: 'prot: 1', says: /shuangwu\.config\.yaml.*prot/, code: 2 },
    { args: ['hash'], env: { DATABASE_URL: 'mysql://x' }, says: /DATABASE_URL must read postgresql:/, code: 2 },
    { args: ['hash'], env: unreachable, says: /nothing at 127\.0\.0\.1:1.*ECONNREFUSED/, code: 3 },
    { args: ['demo', '--exit'], env: unreachable, says: /nothing at 127\.0\.0\.1:1.*ECONNREFUSED/, code: 3 },
  ]
  for (const { args, env, config, says, code } of cases) {
    const cwd = t.testdir(config === undefined ? {} : { 'shuangwu.config.yaml': config })
    const io = createFakeIo({ cwd, ...(env === undefined ? {} : { env }) })
    t.equal(await runCli(args, io), code, args.join(' '))
    t.match(io.errText(), says, args.join(' '))
    t.notMatch(io.errText(), /top-secret|\n\s+at /, 'no secret and no stack trace')
    t.equal(io.outText(), '', 'nothing that looks like a result')
  }
})

t.test('help and version are successes', async (t) => {
  for (const args of [['--help'], ['--version'], ['demo', '--help']]) {
    const io = createFakeIo({ cwd: t.testdir() })
    t.equal(await runCli(args, io), 0, args.join(' '))
    t.not(io.outText(), '')
  }
})

t.test('messages are Chinese unless the environment or --lang asks for English', async (t) => {
  const cases: readonly (readonly [readonly string[], string, RegExp])[] = [
    [['hash'], '', /^错误 error：无法连接数据库/],
    [['hash'], 'C.UTF-8', /^错误 error：/],
    [['hash'], 'zh_CN.UTF-8', /^错误 error：/],
    [['hash'], 'en_GB.UTF-8', /^error: database unreachable/],
    [['--lang', 'en', 'hash'], 'zh_CN.UTF-8', /^error: /],
    [['--lang=zh-CN', 'hash'], 'en_GB.UTF-8', /^错误 error：/],
  ]
  for (const [args, LANG, expected] of cases) {
    const io = createFakeIo({ cwd: t.testdir(), env: { ...unreachable, LANG } })
    t.equal(await runCli(args, io), 3)
    t.match(io.errText(), expected, `${args.join(' ')} with LANG=${LANG}`)
  }
})

t.test('LC_ALL overrules LANG unless it is empty', async (t) => {
  const cases = [
    ['', 'en_GB.UTF-8', /^error: /],
    ['zh_CN.UTF-8', 'en_GB.UTF-8', /^错误 error：/],
    ['en_GB.UTF-8', 'zh_CN.UTF-8', /^error: /],
  ] as const
  for (const [LC_ALL, LANG, expected] of cases) {
    const io = createFakeIo({ cwd: t.testdir(), env: { ...unreachable, LC_ALL, LANG } })
    t.equal(await runCli(['hash'], io), 3)
    t.match(io.errText(), expected, `LC_ALL=${LC_ALL} LANG=${LANG}`)
  }
})
