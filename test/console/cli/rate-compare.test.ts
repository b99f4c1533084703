import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { example } from '../../billing/rating/compare/documents.js'
import { createFakeIo } from './fake-io.js'

const names = ['tariff', 'from.usage', 'to.usage'] as const
const files = Object.fromEntries(names.map((name) => [`${name}.json`, JSON.stringify(example(`two-part.${name}`))]))
const asked = ['--from-tariff', 'tariff.json', '--from-usage', 'from.usage.json', '--to-usage', 'to.usage.json']

async function rate(cwd: string, ...args: readonly string[]) {
  const io = createFakeIo({ cwd })
  const exitCode = await runCli(['rate', ...args], io)
  return { exitCode, out: io.outText(), err: io.errText() }
}

t.test('a clerk is told how much, why, and what weighs most', async (t) => {
  const { exitCode, out } = await rate(t.testdir(files), 'compare', ...asked, '--explain')
  t.equal(exitCode, 0)
  t.match(
    out,
    '多 more 1180.82 CNY：主要因为 mainly 电量 quantity +1836.00，力调 power factor -627.38，天数 days -612.00',
  )
  t.match(out, /天数 days +│ 31 → 30 +│ +-612\.00 │ 22440\.00 │ +█{4}┊ +│/)
  t.match(out, /电量 quantity +│ 31000 → 33000 +│ +\+1836\.00 │ 24276\.00 │ +┊█{12} +│/)
  t.match(out, '需量容量 demand: demand +400.00, power_factor -2.40')
})

t.test('kept documents give each total again', async (t) => {
  const cwd = t.testdir(files)
  const document = JSON.parse((await rate(cwd, 'compare', ...asked, '--keep', 'kept', '--json')).out)
  t.match(document, { format: 'comparison/1', difference: '1180.82' })
  t.equal(readdirSync(join(cwd, 'kept')).length, 18)
  for (const { tariff, usage, total, factor } of document.factors) {
    const again = await rate(join(cwd, 'kept'), '--tariff', tariff, '--usage', usage, '--json')
    t.equal(JSON.parse(again.out).periods[0].totals.amount, total, factor)
  }
})

t.test('the same documents differ by 0.00 in every factor', async (t) => {
  const cwd = t.testdir(files)
  const { out } = await rate(cwd, 'compare', '--from-tariff', 'tariff.json', '--from-usage', 'to.usage.json', '--json')
  const amounts = JSON.parse(out).factors.map(({ amount }: { readonly amount: string }) => amount)
  t.same(
    amounts,
    Array.from({ length: 8 }, () => '0.00'),
  )
})

const refusals: readonly (readonly [string, object, string])[] = [
  ['another zone', { zone: 'Europe/Berlin' }, 'from.usage.json, to.usage.json: .*zones_differ'],
  ['no reading', { periods: [{ start: '2026-09-01', end: '2026-10-01' }] }, 'to.usage.json: versions|quantity_unknown'],
]
for (const [what, change, expected] of refusals) {
  t.test(`${what}: exit 2, with the file and the reason`, async (t) => {
    const changed = { ...(example('two-part.to.usage') as object), ...change }
    const { exitCode, err } = await rate(
      t.testdir({ ...files, 'to.usage.json': JSON.stringify(changed) }),
      'compare',
      ...asked,
    )
    t.equal(exitCode, 2)
    t.match(err, new RegExp(expected))
  })
}
