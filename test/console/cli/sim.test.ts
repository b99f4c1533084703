import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { exampleUtilityFile } from '../../../simulators/field/example-file.js'
import { parseModbusMap } from '../../../simulators/modbus/map-file.js'
import { createFakeIo } from './fake-io.js'

async function run(cwd: string, args: readonly string[]) {
  const io = createFakeIo({ cwd })
  const code = await runCli(args, io)
  return { code, out: io.outText(), err: io.errText() }
}

t.test('sim init writes a file to start from, and never over another', async (t) => {
  const cwd = t.testdir()
  t.match(await run(cwd, ['sim', 'init']), { code: 0, out: 'utility.yaml' })
  t.equal(readFileSync(join(cwd, 'utility.yaml'), 'utf8'), exampleUtilityFile)
  t.match(await run(cwd, ['sim', 'init', '--modbus']), { code: 0, out: 'map.yaml' })
  t.match(parseModbusMap(readFileSync(join(cwd, 'map.yaml'), 'utf8'), 'map.yaml'), { ok: true })
  t.match(await run(cwd, ['sim', 'init']), { code: 2, err: /utility\.yaml: .*exists already/ })
})

t.test('sim truth says what every meter counted, the same in every run', async (t) => {
  const cwd = t.testdir({ 'utility.yaml': exampleUtilityFile })
  const args = ['sim', 'truth', '--file', 'utility.yaml', '--at', '2026-07-02T00:00:00+08:00']
  const first = await run(cwd, args)
  const lines = first.out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  t.equal(lines.length, 36)
  t.match(lines[0], { line: 'bus-1', address: '202600000001', totalKwh: /^\d+\.\d{4}$/ })
  t.equal((await run(cwd, args)).out, first.out)
})

t.test('mistakes are told with file, place and what was expected', async (t) => {
  const cwd = t.testdir({ 'bad.yaml': exampleUtilityFile.replace('baud: 2400', 'baud: fast') })
  const cases: readonly [args: readonly string[], says: RegExp][] = [
    [['sim', 'up', '--file', 'none.yaml'], /none\.yaml: .*cannot be read/],
    [['sim', 'up', '--file', 'bad.yaml'], /bad\.yaml:14: lines\.0\.baud: 应为 expected 300 to 115200/],
    [['sim', 'truth', '--file', 'bad.yaml', '--at', '2026-07-02'], /--at.*offset/],
    [['read', '--line', 'tcp:nowhere', '--item', '00010000'], /--line tcp:nowhere: .*expected tcp:\/\/host:port/],
    [['read', '--line', '/dev/null', '--item', '9010'], /--item 9010: .*expected 8 hexadecimal digits/],
    [
      ['read', '--line', '/dev/null', '--item', '00010000', '--address', 'x'],
      /--address x: .*expected up to 12 digits/,
    ],
    [['read', '--line', 'foo://bar'], /--line foo:\/\/bar: .*unknown form of line/],
    [['read'], /expected --line or --meter/],
    [['read', '--line', '/dev/null', '--meter', 'M1'], /--line or --meter, not both/],
    [['read', '--meter', 'M1', '--actor', 'me', '--baud', '9600'], /--baud: .*does not go with --meter/],
    [['read', '--line', '/dev/null', '--actor', 'me'], /--actor: .*does not go with --line/],
    [['bench', 'nothing'], /Allowed choices are/],
  ]
  for (const [args, says] of cases) {
    const { code, err } = await run(cwd, args)
    t.equal(code, 2, args.join(' '))
    t.match(err, says, args.join(' '))
    t.notMatch(err, /\n\s+at /)
  }
})
