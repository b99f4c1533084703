import type { Command } from 'commander'
import t from 'tap'
import { createProgram } from '../../../console/cli/program.js'
import { runCli } from '../../../console/cli/run-cli.js'
import { withDatabase } from '../../support/database.js'
import { createFakeIo } from './fake-io.js'

const impossible = 'nope'
const fewestCommands = 100

interface Leaf {
  readonly path: readonly string[]
  readonly command: Command
}

const program = await createProgram(createFakeIo({ cwd: '/' }), [])
const leaves = leavesOf(program, [])
const database = await withDatabase(t)
const folder = t.testdir({})

function leavesOf(command: Command, path: readonly string[]): readonly Leaf[] {
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((each) => leavesOf(each, [...path, each.name()]))
}

/** A name of anybody and a folder of any name are not impossible. */
const takesAnything: ReadonlySet<string> = new Set(['actor add', 'registry export'])

/** Everything that a command wants, each of it impossible; null for one that wants nothing. */
function impossibleArguments({ path, command }: Leaf): readonly string[] | null {
  if (takesAnything.has(path.join(' '))) return null
  const wanted = [
    ...command.registeredArguments.filter(({ required }) => required).map(() => impossible),
    ...command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', impossible]),
  ]
  return wanted.length === 0 ? null : wanted
}

async function said(args: readonly string[], LANG: string): Promise<{ readonly code: number; readonly err: string }> {
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_FOLDER: folder, LANG }
  const io = createFakeIo({ cwd: folder, env })
  return { code: await runCli(args, io), err: io.errText() }
}

/** One refusal, in the language that was asked for: the title alone in English, Chinese with the English beside it else. */
function refusalIn(err: string, language: 'zh' | 'en'): boolean {
  const refusal = err.split('\n').find((line) => /^错误 error：|^error: /.test(line)) ?? ''
  const detail = refusal.replaceAll(impossible, '')
  const isEnglish = /[a-z]{2,} [a-z]{2,}/.test(detail.replace(/^错误 error：/, ''))
  if (language === 'en') return refusal.startsWith('error: ') && isEnglish
  return /^错误 error：[^：]*\p{Script=Han}[^：]*：.*\p{Script=Han}/u.test(refusal) && isEnglish
}

t.test('every command refuses what it does not know, in both languages', async (t) => {
  t.ok(leaves.length >= fewestCommands, `${leaves.length} commands`)
  for (const { path } of leaves)
    for (const [LANG, language] of [
      ['zh_CN.UTF-8', 'zh'],
      ['en_GB.UTF-8', 'en'],
    ] as const) {
      const { code, err } = await said([...path, '--frobnicate'], LANG)
      t.equal(code, 2, path.join(' '))
      t.ok(refusalIn(err, language), `${path.join(' ')}: ${err}`)
    }
})

t.test('every command refuses impossible arguments, in both languages, without a stack', async (t) => {
  for (const leaf of leaves) {
    const wanted = impossibleArguments(leaf)
    if (wanted === null) continue
    const line = [...leaf.path, ...wanted]
    const [chinese, english] = await Promise.all([said(line, 'zh_CN.UTF-8'), said(line, 'en_GB.UTF-8')])
    for (const [{ code, err }, language] of [
      [chinese, 'zh'],
      [english, 'en'],
    ] as const) {
      t.ok(code === 1 || code === 2, `${line.join(' ')} ends with ${code}`)
      t.ok(refusalIn(err, language), `${line.join(' ')}: ${err}`)
      t.notMatch(err, /\n\s+at |defect/, line.join(' '))
    }
  }
})

t.test('what the option parser complains of has its Chinese beside it', async (t) => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['frobnicate'], /未知命令 unknown command 'frobnicate'/],
    [['bill', 'verify'], /缺少参数 missing required argument 'run'/],
    [['determinants', 'freeze', '2026-07'], /缺少必给选项 required option '--organisation <code>' not specified/],
    [['vee', 'show', 'M1', '--at'], /选项缺少值 option '--at <instant>' argument missing/],
    [['hash', 'a', 'b'], /参数过多 too many arguments/],
    [['ops', 'day', '2026-07-01', '--by', 'moon'], /取值不对 option .* 可用 allowed choices are cause, line/],
  ]
  for (const [args, expected] of cases) {
    const { code, err } = await said(args, 'zh_CN.UTF-8')
    t.equal(code, 2, args.join(' '))
    t.match(err, expected)
  }
})

t.test('help has Chinese and English for every command, argument and option', async (t) => {
  const both = (text: string): boolean => /\p{Script=Han}/u.test(text) && /[A-Za-z]{2}/.test(text)
  for (const { path, command } of leaves) {
    const described = [
      command.description(),
      ...command.registeredArguments.map(({ description }) => description),
      ...command.options.map(({ description }) => description),
    ]
    t.same(
      described.filter((text) => !both(text)),
      [],
      path.join(' '),
    )
  }
})
