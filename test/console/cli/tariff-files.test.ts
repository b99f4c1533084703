import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { tariffDocument } from '../../billing/rating/offline.js'
import { createFakeIo } from './fake-io.js'

const components = [{ code: 'energy', kind: 'usage', model: { kind: 'per_unit', price: '0.5' } }]
const posting = { vat: { rate: '0.13' } }
const dated = { validFrom: '2026-01-01', validTo: '2027-01-01', posting }
const files = {
  'good.json': JSON.stringify(tariffDocument({ components, version: dated })),
  'open.json': JSON.stringify(tariffDocument({ components, version: { posting } })),
  'later.json': JSON.stringify(tariffDocument({ components, tariff: { format: 'tariff/3' } })),
  'list.json': '[]',
  'wrong.json': JSON.stringify(
    tariffDocument({
      components: [{ ...components[0], model: { kind: 'per_unit', price: { op: 'divide', of: ['1', '0'] } } }],
      version: { ...dated, calendars: [{ name: 'tou', residual: 'flat', slots: [{ name: 'peak', otherwise: true }] }] },
    }),
  ),
}

t.test('tariff check says of a file whether it could be registered, and what is wrong on a line each', async (t) => {
  const cwd = t.testdir(files)
  const rows: readonly (readonly [file: string, code: number, out: RegExp, err: RegExp])[] = [
    ['good.json', 0, /✓ worked：可以登记 can be registered\n {2}v1 2026-01-01 … 2027-01-01$/, /^$/],
    ['open.json', 0, /✓ worked/, /v1 无终止日 validTo.* it holds until a later version says "succeeds": true/],
    ['later.json', 2, /^$/, /later\.json: format: 应为 expected tariff\/1 或 or tariff\/2$/],
    ['list.json', 2, /^$/, /list\.json: format: 应为 expected/],
    [
      'wrong.json',
      2,
      /^$/,
      /^wrong\.json: .*calendars\.0\.residual: residual_unknown.*\nwrong\.json: .*components\.0\.model\.price\.of\.1: division_by_zero: .*（除数为零）\n.*wrong\.json: 以上 2 处须改正/,
    ],
  ]
  for (const [file, code, out, err] of rows) {
    const io = createFakeIo({ cwd })
    t.equal(await runCli(['tariff', 'check', file], io), code, file)
    t.match(io.outText(), out)
    t.match(io.errText(), err)
  }
})
