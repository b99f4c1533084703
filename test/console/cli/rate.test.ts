import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { energy, tariffDocument, usageDocument } from '../../billing/rating/offline.js'
import { createFakeIo } from './fake-io.js'

const ladder = {
  code: 'energy',
  kind: 'usage',
  model: { kind: 'graduated', blocks: [{ upTo: '210', price: '0.5469' }, { price: '0.5969' }] },
}
const dated = (version: number, more: object) => ({
  version,
  ...more,
  rounding: { line: { mode: 'half_up', decimals: 2 } },
  unread: 'by_days',
  components: [ladder],
})
const files = {
  'tariff.json': JSON.stringify(tariffDocument({ components: [ladder] })),
  'first.json': JSON.stringify(
    tariffDocument({ components: [], versions: [dated(1, { validFrom: '2026-01-01', validTo: '2026-06-16' })] }),
  ),
  'second.json': JSON.stringify(tariffDocument({ components: [], versions: [dated(2, { validFrom: '2026-06-16' })] })),
  'other.json': JSON.stringify(tariffDocument({ components: [ladder], tariff: { code: 'another' } })),
  'usage.json': JSON.stringify(
    usageDocument({ components: [], period: { quantities: [energy(250, { unit: 'kWh' })] } }),
  ),
  'less.json': JSON.stringify(usageDocument({ components: [], period: { quantities: [energy(200)] } })),
  'falling.json': JSON.stringify(
    usageDocument({ components: [], period: { quantities: [{ name: 'energy', register: { start: '9', end: '8' } }] } }),
  ),
  'malformed.json': JSON.stringify(
    usageDocument({ components: [], period: { quantities: [energy(1)], kind: 'final' } }),
  ),
  'by-mwh.json': JSON.stringify(tariffDocument({ components: [{ ...ladder, unit: 'MWh' }] })),
  'two-slips.json': JSON.stringify(
    tariffDocument({ components: [ladder], version: { validFrom: '2026-02-30', valid_to: '2027-01-01' } }),
  ),
  'broken.json': '{ "format": ',
  'twice.json': `{"format": "usage/1",\n "zone": "Asia/Shanghai",\n "zone": "Europe/Berlin", "periods": []}`,
  'deep.json': `{"format": "usage/1", "zone": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
}

async function rate(cwd: string, ...args: readonly string[]) {
  const io = createFakeIo({ cwd })
  const exitCode = await runCli(['rate', ...args], io)
  return { exitCode, out: io.outText(), err: io.errText() }
}

t.test('one account, for people and for programs', async (t) => {
  const cwd = t.testdir(files)
  const asked = ['--tariff', 'tariff.json', '--usage', 'usage.json']
  const shown = await rate(cwd, ...asked)
  t.match(shown, { exitCode: 0, err: '' })
  t.match(shown.out, /energy +.* 1 .*210.*0\.5469.*114\.85[^]*energy +.* 2 .*40.*0\.5969.*23\.88[^]*138\.73 CNY/)
  const json = JSON.parse((await rate(cwd, ...asked, '--json')).out)
  t.match(json, { format: 'bill/1', periods: [{ totals: { exact: '138.725', amount: '138.73' } }] })
  t.notOk('steps' in json.periods[0].lines[0], 'steps are shown on request')
  const explained = JSON.parse((await rate(cwd, ...asked, '--json', '--explain')).out)
  t.match(explained.periods[0].lines[0].steps, [{ rule: 'block_energy' }, { rule: 'charge_line', result: '114.85' }])
  t.match(
    (await rate(cwd, ...asked, '--explain')).out,
    /energy，第 1 档 block 1：分档 block_energy 周期 scope=period，.*，档界 bounds=210 \/ ∞，此前 before=0，本期入档 gained=210 \/ 40 → 250/,
  )
})

t.test('versions in several files, and the difference from an earlier bill', async (t) => {
  const cwd = t.testdir(files)
  const both = await rate(cwd, '--tariff', 'first.json', 'second.json', '--usage', 'usage.json', '--json')
  t.match(JSON.parse(both.out).periods[0].lines, [
    { version: 1, quantity: '125' },
    { version: 2, block: 1, quantity: '85' },
    { version: 2, block: 2, quantity: '40' },
  ])
  const earlier = await rate(cwd, '--tariff', 'tariff.json', '--usage', 'less.json', '--json')
  const folder = t.testdir({ ...files, 'bill.json': earlier.out })
  const corrected = await rate(
    folder,
    '--tariff',
    'tariff.json',
    '--usage',
    'usage.json',
    '--previous',
    'bill.json',
    '--json',
  )
  t.match(JSON.parse(corrected.out).difference, {
    amount: '29.35',
    byComponent: [{ component: 'energy', exact: '29.345', amount: '29.35' }],
  })
  t.match(
    (await rate(folder, '--tariff', 'tariff.json', '--usage', 'usage.json', '--previous', 'bill.json')).out,
    /合计 total 29\.35 CNY/,
  )
})

t.test('what is wrong is one line: file, place, kind, what was expected', async (t) => {
  const cwd = t.testdir(files)
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['--tariff', 'tariff.json', '--usage', 'falling.json'],
      /falling\.json: periods\.0\.quantities\.0\.register\.end: .*register_decreased: the reading is below/,
    ],
    [
      ['--tariff', 'tariff.json', '--usage', 'malformed.json'],
      /malformed\.json: periods\.0\.kind: .*malformed: 应为 expected regular, transfer, closing/,
    ],
    [
      ['--tariff', 'first.json', '--usage', 'usage.json'],
      /usage\.json: periods\.0: .*tariff_gap: no version of the tariff holds from/,
    ],
    [['--tariff', 'first.json', 'other.json', '--usage', 'usage.json'], /other\.json: code: .*expected worked/],
    [
      ['--tariff', 'tariff.json', '--usage', 'tariff.json'],
      /tariff\.json: format: .*malformed: 应为 expected usage\/1/,
    ],
    [
      ['--tariff', 'by-mwh.json', '--usage', 'usage.json'],
      /by-mwh\.json: versions\.0\.components\.0\.unit: .*unit_differs: energy is given in kWh and charged by MWh: convert it/,
    ],
    [
      ['--tariff', 'two-slips.json', '--usage', 'usage.json'],
      /^two-slips\.json: versions\.0\.validFrom: .*\ntwo-slips\.json: versions\.0\.valid_to: .*\nerror: bad input: two-slips\.json: 以上 2 处须改正 2 places to correct, above$/,
    ],
    [['--tariff', 'broken.json', '--usage', 'usage.json'], /broken\.json/],
    [['--tariff', 'tariff.json', '--usage', 'twice.json'], /twice\.json:3: .*key given twice: zone/],
    [['--tariff', 'deep.json', '--usage', 'usage.json'], /deep\.json:1: .*nested deeper than 200 levels/],
    [['--tariff', 'missing.json', '--usage', 'usage.json'], /missing\.json/],
    [['--tariff', 'tariff.json'], /--usage/],
  ]
  for (const [args, says] of rows) {
    const outcome = await rate(cwd, ...args)
    t.match(outcome, { exitCode: 2, out: '', err: says }, args.join(' '))
    t.notMatch(outcome.err, /\n +at /, 'no stack trace')
  }
  t.match(await rate(cwd, '--tariff', join(cwd, 'tariff.json'), '--usage', join(cwd, 'usage.json')), { exitCode: 0 })
})
