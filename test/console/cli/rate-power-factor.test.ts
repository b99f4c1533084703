import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { powerFactorAdviceSchema } from '../../../billing/rating/advice/advice-document.js'
import { runCli } from '../../../console/cli/run-cli.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { createFakeIo } from './fake-io.js'

const example = (name: string) => readFileSync(join(checkoutRoot, 'docs', 'schemas', 'rate', name), 'utf8')
const files = {
  'tariff.json': example('two-part.tariff.json'),
  'usage.json': example('two-part.usage.json'),
  'ladder.json': example('annual-ladder.tariff.json'),
  'household.json': example('annual-ladder.usage.json'),
}

async function advise(cwd: string, ...args: readonly string[]) {
  const io = createFakeIo({ cwd })
  const code = await runCli(['rate', 'power-factor', ...args], io)
  return { code, out: io.outText(), err: io.errText() }
}

t.test('whoever advises a customer sees what each step of the power factor takes and saves', async (t) => {
  const asked = ['--tariff', 'tariff.json', '--usage', 'usage.json']
  const { code, out } = await advise(t.testdir(files), ...asked)
  t.equal(code, 0)
  t.match(
    out,
    '功率因数 power factor 0.88，力调 adjustment 1031.24，账单 bill 106331.91 CNY；无功 reactive energy 60000 kvarh',
  )
  t.match(out, /0\.9 +│ +5770 │ +7\.76 │ +0\.00 │ 105300\.67 │ 1031\.24 │/)
  const document: unknown = JSON.parse((await advise(t.testdir(files), ...asked, '--json')).out)
  const read = powerFactorAdviceSchema.parse(document)
  t.match(read, { start: '2026-07-01', end: '2026-08-01', now: { powerFactor: '0.88' } })
  t.match(read.steps[0], { powerFactor: '0.89', lessKvarh: '2756', meanKvar: '3.70', saving: '515.62' })
})

t.test('where there is nothing to advise by, exit 2 and why', async (t) => {
  const cwd = t.testdir(files)
  t.match(await advise(cwd, '--tariff', 'ladder.json', '--usage', 'household.json'), {
    code: 2,
    err: /household\.json: 不能给出建议 no advice: no_power_factor: 末期账单没有力调一行/,
  })
  t.match(await advise(cwd, '--tariff', 'tariff.json'), { code: 2, err: /--usage/ })
  t.match(await advise(cwd, '--tariff', 'ladder.json', '--usage', 'usage.json'), {
    code: 2,
    err: /ladder\.json|usage\.json/,
  })
})
