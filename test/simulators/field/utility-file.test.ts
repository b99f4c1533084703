import t from 'tap'
import { exampleUtilityFile } from '../../../simulators/field/example-file.js'
import { parseUtilityFile } from '../../../simulators/field/utility-file.js'

const line = `  - name: bus
    access: { tcp: { port: 7001 } }
    meters: { count: 2, firstAddress: '202600000001' }
`
const head = `seed: 1\nenergisedFrom: 2026-01-01T00:00:00+08:00\n`

t.test('the file that sim init writes is one', async (t) => {
  const parsed = parseUtilityFile(exampleUtilityFile)
  t.match(parsed, { ok: true, value: { seed: 42, lines: [{ name: 'bus-1', baud: 2400 }, { name: 'bus-1997' }] } })
})

const broken: readonly [what: string, text: string, path: string | RegExp, reason: RegExp][] = [
  ['text that is no YAML', 'seed: [', 'YAML', /./],
  ['a misspelt key', `${head}lines:\n${line}lins: 1\n`, '(top level)', /lins/],
  ['no line at all', head, '(top level)', /at least one line/],
  [
    'an address of eleven digits',
    `${head}lines:\n${line.replace('202600000001', '20260000001')}`,
    'lines.0.meters.firstAddress',
    /12 digits/,
  ],
  [
    'energy as a number',
    `${head}lines:\n${line.replace('count: 2', 'count: 2, monthlyKwh: 220.5')}`,
    'lines.0.meters.monthlyKwh',
    /文本 text/,
  ],
  [
    'an instant without offset',
    `seed: 1\nenergisedFrom: 2026-01-01T00:00:00\nlines:\n${line}`,
    'energisedFrom',
    /instant/,
  ],
  [
    'two ways in',
    `${head}lines:\n${line.replace('tcp: { port: 7001 }', 'tcp: { port: 7001 }, pty: /tmp/x')}`,
    'lines.0.access',
    /exactly one/,
  ],
  [
    'a repeated pseudo terminal',
    `${head}lines:\n${line.replace('tcp: { port: 7001 }', 'pty: /tmp/x')}    repeat: 2\n`,
    'lines',
    /repeated/,
  ],
  ['a rate that no UART has', `${head}lines:\n${line}    baud: 7\n`, 'lines.0.baud', /300 to 115200, or carrier/],
  ['two lines of one name', `${head}lines:\n${line}${line}`, '(top level)', /twice/],
  ['ports beyond the last', `${head}lines:\n${line.replace('7001', '65530')}    repeat: 20\n`, 'lines', /beyond 65535/],
  [
    'two exceptions for one place',
    `${head}lines:\n${line.replace('count: 2', 'count: 2, except: [{ place: 1 }, { place: 1 }]')}`,
    'lines.0.meters.except',
    /one place/,
  ],
  [
    'an exception beyond the meters',
    `${head}lines:\n${line.replace('count: 2', 'count: 2, except: [{ place: 3 }]')}`,
    'lines.0.meters.except',
    /beyond/,
  ],
]

for (const [what, text, path, reason] of broken) {
  t.test(`${what} is refused with its place`, async (t) => {
    const parsed = parseUtilityFile(text)
    t.match(parsed, { ok: false, error: { kind: 'invalid_yaml', path, reason } })
  })
}

t.test('the line of a mistake is told, of a missing key that of what it is missing in', async (t) => {
  const lineOf = (text: string) => {
    const parsed = parseUtilityFile(text)
    return parsed.ok ? 'fine' : parsed.error.line
  }
  t.equal(lineOf(`${head}lines:\n${line}    baud: 7\n`), 7)
  t.equal(lineOf(`${head}lines:\n${line.replace("firstAddress: '202600000001'", 'monthlyKwh: "1"')}`), 6)
  t.equal(lineOf('seed: 1\n\t- x'), 2)
  t.equal(lineOf('{}'), null)
})
