import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { createFakeIo } from './fake-io.js'

const reply = '6861010000000068910833333433593333338a16'

async function run(args: readonly string[], input: readonly string[] = []) {
  const io = createFakeIo({ cwd: '.', input })
  const code = await runCli(args, io)
  return { code, out: io.outText(), err: io.errText() }
}

t.test('one line of input gives one line of JSON, whatever it holds', async (t) => {
  const { code, out } = await run(
    ['frame', 'decode', '--json', '-'],
    [`${reply}\r\n\nnot `, `hex\nFE FE ${reply.toUpperCase()}`],
  )
  const lines = out.split('\n').map((line) => JSON.parse(line) as unknown)
  t.equal(code, 1, 'some lines were refused')
  t.match(lines, [
    {
      ok: true,
      frames: [{ protocol: 'dlt645-2007', address: '000000000161', controlCode: '91', offset: 0, payload: '26000000' }],
      discardedBytes: 0,
    },
    { ok: false, error: { kind: 'input_empty' } },
    { ok: false, error: { kind: 'not_hexadecimal', offset: 0 } },
    { ok: true, frames: [{ offset: 2, hex: reply.toUpperCase(), inner: null, refusal: null, followUp: false }] },
  ])
})

t.test('a value is told by name, exact text, unit and state, and reasons with hyphens', async (t) => {
  const { code, out } = await run([
    'frame',
    'decode',
    '--json',
    '68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16',
  ])
  t.equal(code, 0)
  const [value] = (JSON.parse(out) as { frames: [{ values: object[] }] }).frames[0].values
  t.same(value, { name: 'forwardActiveEnergyTotal', value: '0.26', unit: 'kWh', state: 'ok' })
  const refused = await run(['frame', 'decode', '--json', '68610100000000 68D1013540 16'])
  t.equal(refused.code, 1, 'a wrong checksum')
  const right = await run(['frame', 'decode', '--json', '6861010000000068d101353916'])
  t.match(JSON.parse(right.out), { frames: [{ refusal: { code: '02', reasons: ['no-such-data'] } }] })
})

t.test('people see what a frame is, and why there is none', async (t) => {
  const shown = await run(['frame', 'decode', reply])
  t.match(
    shown.out,
    /dlt645-2007.*000000000161.*正向有功电能 forward active energy[^]*forwardActiveEnergyTotal = 0\.26 kWh/,
  )
  const none = await run(['frame', 'decode', '0102'])
  t.match(none.out, /✗ 无起始符 start_missing/)
  t.equal(none.code, 1)
})

t.test('Modbus messages are matched where it is said that they are some', async (t) => {
  const { out } = await run([
    'frame',
    'decode',
    '--json',
    '--protocol',
    'modbus-tcp',
    '000100000006010300000002 000200000007010304000186A0',
  ])
  t.match(JSON.parse(out), {
    ok: true,
    frames: [
      { unit: 1, function: 3, address: 0, count: 2, direction: 'request' },
      { direction: 'reply', data: '000186A0', matches: false, mismatch: 'transaction_mismatch' },
    ],
  })
})

t.test('what decode prints, encode writes again', async (t) => {
  const decoded = await run(['frame', 'decode', '--json', reply])
  const [frame] = (JSON.parse(decoded.out) as { frames: [object] }).frames
  const { code, out } = await run(['frame', 'encode', '--json', '-'], [`${JSON.stringify(frame)}\n{"address":1}\n`])
  t.equal(code, 1)
  t.match(
    out.split('\n').map((line) => JSON.parse(line) as unknown),
    [
      { ok: true, hex: reply.toUpperCase() },
      { ok: false, error: { kind: 'spec_malformed', field: 'address' } },
    ],
  )
})

t.test('a read can be written from flags', async (t) => {
  const { out } = await run(['frame', 'encode', '--address', '161', '--read', '00010000', '--wake-up', '1'])
  t.equal(out, 'FE 68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16')
  t.match(await run(['frame', 'encode', '--address', '161']), { code: 2, err: /--address and --read/ })
})

t.test('a whole line of what decode prints can be fed back, of every frame in it', async (t) => {
  const decoded = await run(['frame', 'decode', '--json', `${reply}FE${reply}`])
  t.match(await run(['frame', 'encode', decoded.out]), {
    code: 0,
    out: `${reply}${reply}`.toUpperCase().replaceAll(/(..)(?=.)/g, '$1 '),
  })
  t.match(await run(['frame', 'encode', '{"address"']), {
    code: 1,
    out: /描述不合规 spec_malformed · 原因 reason .*JSON/,
  })
})

t.test('an identifier of the other edition is refused', async (t) => {
  for (const read of ['9010', '0001'])
    t.match(await run(['frame', 'encode', '--address', '161', '--read', read]), {
      code: 1,
      out: /dataIdentifier .*8 hexadecimal digits in edition 2007/,
    })
})

t.test('captures are read as tools write them, and a bad line is told by its number', async (t) => {
  const commas = reply.replaceAll(/(..)(?=.)/g, '0x$1, ')
  const { code, out } = await run(['frame', 'decode', '-'], [`${commas}\n\n# note\n${reply.slice(0, -4)}8b16\n`])
  t.equal(code, 1)
  t.match(out, /^dlt645-2007/)
  t.match(out, /第 3 行 line 3 ✗ 不是十六进制 not_hexadecimal · 位置 offset 0 · 遇到 found #/)
  t.match(out, /第 4 行 line 4 ✗ 校验和不符 checksum_mismatch · 应为 expected 8AH · 实为 actual 8BH/)
  t.equal(out.match(/✗/g)?.length, 2, 'blank lines are nothing to talk about')
})

t.test('an answer that fits no form of its item is called that', async (t) => {
  const bytes = '68 61 01 00 00 00 00 68 91 09 33 33 34 33 59 33 33 33 33'
  const sum = bytes.split(' ').reduce((total, byte) => total + Number.parseInt(byte, 16), 0) & 0xff
  const { code, out } = await run(['frame', 'decode', `${bytes} ${sum.toString(16)} 16`])
  t.equal(code, 0)
  t.match(out, /5 bytes fit no form of the item/)
})
