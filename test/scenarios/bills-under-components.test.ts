import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { canonicalJson } from '../../billing/checker/check-tariff.js'
import { checkComponentProof } from '../../billing/checker/check-component-proof.js'
import type { ComponentProof } from '../../billing/proof/proof-document.js'
import { runCli } from '../../console/cli/run-cli.js'
import { proveBill } from '../../console/proof/prove-bill.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { createHash } from 'node:crypto'
import { invariant } from '../../domain/result.js'
import { priceFileJson } from '../billing/runs/component-fixture.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, note, plantTown } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'

/** A workshop: capacity by the registry, energy at a price that changes in mid-month, a fund inside it. */
const workshop = {
  format: 'tariff/2',
  code: 'workshop',
  name: { zh: '作坊', en: 'workshop' },
  currency: { code: 'CNY', decimals: 2 },
  versions: [
    ['1', '2026-01-01', '2026-07-16', '0.61'],
    ['2', '2026-07-16', undefined, '0.63'],
  ].map(([version, validFrom, validTo, price]) => ({
    version: Number(version),
    validFrom,
    ...(validTo === undefined ? {} : { validTo }),
    unread: 'by_days',
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    posting: { vat: { rate: '0.13' }, funds: [{ fund: 'renewable_energy', price: '0.019' }] },
    components: [
      { kind: 'usage', code: 'energy', name: { zh: '电度电费', en: 'energy' }, model: { kind: 'per_unit', price } },
      {
        kind: 'fixed',
        code: 'capacity',
        quantity: { op: 'fact', name: 'contract_capacity_kva' },
        unit: 'kVA',
        price: '10',
        per: 'month',
      },
    ],
  })),
}

function town(): RegistryDocument {
  const base = openedUtility()
  const tariffs = ['sd-household-tou', 'js-household-ladder', 'workshop']
  return {
    ...base,
    agreements: base.agreements.map((one, index) => ({
      ...one,
      tariff: tariffs[index] ?? one.tariff,
      ...(index === 2 ? { contractCapacityKva: 50 } : {}),
    })),
  }
}

const readings = [
  [1n, midnight(1), 1000, 600, 400],
  [1n, midnight(32), 2500, 1500, 999.99],
  [2n, midnight(1), 2000, 1200, 800],
  [2n, midnight(32), 3600, 2160, 1440],
  [3n, midnight(1), 100, 60, 40],
  [3n, midnight(32), 131, 78.6, 52.4],
] as const

t.test('tariffs of components from the file to the proof of a bill', async (t) => {
  const test = await withDatabase(t)
  await plantTown(test, town())
  const cwd = t.testdir({})
  const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const write = (file: string, json: unknown) => writeFileSync(join(cwd, file), JSON.stringify(json))
  write('sd.json', priceFileJson('shandong', 'sd-household-tou'))
  write('js.json', priceFileJson('jiangsu', 'js-household-ladder'))
  write('workshop.json', workshop)
  write('bare.json', { ...workshop, versions: workshop.versions.map(({ posting: dropped, ...one }) => dropped && one) })

  t.match(await run('tariff', 'check', 'sd.json'), {
    code: 0,
    out: /sd-household-tou：可以登记[\s\S]*v2 2024-07-01 … 另行通知/,
  })
  t.match(await run('tariff', 'check', 'bare.json', '--json'), {
    code: 2,
    err: /bare\.json: .*versions\.0\.posting: posting_missing/,
  })
  for (const file of ['sd.json', 'js.json', 'workshop.json'])
    t.match(await run('tariff', 'register', file, '--actor', 'tariff-1'), { code: 0, out: /v1 已登记，待两人签署/ })
  t.match(await run('tariff', 'register', 'js.json', '--actor', 'tariff-1'), { code: 0, out: /v1 已在册/ })
  t.match(await run('tariff', 'sign', 'workshop', '1', '--actor', 'tariff-1'), { code: 1, err: /may not sign/ })
  for (const [code, version] of [
    ['sd-household-tou', '1'],
    ['sd-household-tou', '2'],
    ['js-household-ladder', '1'],
    ['workshop', '1'],
    ['workshop', '2'],
  ] as const)
    for (const actor of ['auditor-1', 'auditor-2'])
      t.match(await run('tariff', 'sign', code, version, '--actor', actor), { code: 0, out: /已签署 signed/ })
  const listed = JSON.parse((await run('tariff', 'list', '--json')).out)
  t.match(
    listed.versions.filter(({ code }: { code: string }) => code === 'workshop'),
    [
      { version: 1, format: 'tariff/2', validTo: '2026-07-16', signedBy: ['auditor-1', 'auditor-2'], isSigned: true },
      { version: 2, validFrom: '2026-07-16', validTo: null },
    ],
  )
  t.match(await run('tariff', 'list'), { code: 0, out: /sd-residential-tou[\s\S]*是 yes/ })
  t.match(await run('tariff', 'show', 'workshop'), { code: 0, out: /contract_capacity_kva/ })
  t.match(await run('tariff', 'show', 'nowhere'), { code: 1, err: /nowhere/ })

  write('terms.json', { format: 'terms/1', facts: [{ name: 'large_household', value: true, from: '2026-07-01' }] })
  const terms = [
    'tariff',
    'terms',
    'record',
    'terms.json',
    '--account',
    'account-1',
    '--actor',
    'manager-1',
    '--reason',
    'register 7',
  ]
  t.match(await run(...terms), { code: 0, out: /约定第 1 版 .*已登记/ })
  t.match(await run(...terms), { code: 0, out: /约定第 1 版 .*已在册/ })
  t.match(await run('tariff', 'terms', 'show', '--account', 'account-1'), {
    code: 0,
    out: /register 7[\s\S]*large_household/,
  })
  write('wrong.json', { format: 'terms/1', fact: [] })
  t.match(await run(...terms.with(3, 'wrong.json')), { code: 2, err: /fact/ })

  await note(test, readings)
  await billJuly(test)
  t.same(await test.as('reader').query('select code, detail from run_exception'), [])

  // Five in the household from July on: 210 × 6 + 310 × 6 = 3120 kWh in the year, of which 2700.5 are used.
  t.match(await run('bill', 'show', '--account', 'account-1'), {
    code: 0,
    out: /电价 tariff sd-household-tou v2[\s\S]*peak[\s\S]*900 [\s\S]*519\.21[\s\S]*valley[\s\S]*226\.14[\s\S]*合计 total 745\.35/,
  })
  t.match(await run('bill', 'show', '--account', 'account-3'), {
    code: 0,
    out: /workshop v1[\s\S]*workshop v2[\s\S]*91\.50 [\s\S]*241\.94 [\s\S]*100\.80 [\s\S]*258\.06 [\s\S]*合计 total 692\.30/,
  })
  // The old books had used 1200.5 kWh: 1559.5 to the first bound of 2760, 40.5 beyond it.
  t.match(await run('bill', 'prove', '--account', 'account-2'), {
    code: 0,
    out: /field order 2[\s\S]*1559\.5 [\s\S]*823\.88[\s\S]*40\.5 [\s\S]*合计 total 847\.30[\s\S]*block_energy[\s\S]*2221 -97\.48[\s\S]*✓/,
  })
  t.match(JSON.parse((await run('bill', 'show', '--account', 'account-3', '--json')).out), {
    amount: '692.30',
    lines: [{ component: 'energy', version: 1 }, { component: 'capacity', quantity: '750/31' }, {}, {}],
    totals: {
      byComponent: [
        { component: 'energy', amount: '192.30' },
        { component: 'capacity', amount: '500.00' },
      ],
    },
  })

  const proofs: ComponentProof[] = []
  for (const accountCode of ['account-1', 'account-2', 'account-3']) {
    const { proof, verdict } = await proveBill(test.as('reader'), { accountCode })
    t.match(verdict, { holds: true, lines: { onTrust: [] } }, accountCode)
    invariant(proof.format === 'component-proof/1', 'a bill of components')
    proofs.push(proof)
  }
  const changes = [
    ['a register', '"total":"2500"', '"total":"2501"', /determinant/],
    ['the rated energy', '"unit":"kWh","value":"1500"', '"unit":"kWh","value":"1400"', /usage\.energy/],
    ['a slot of it', '"slot":"peak","value":"900"', '"slot":"peak","value":"800"', /usage\.energy\.peak/],
    ['a quantity', '"quantity":"900"', '"quantity":"901"', /bill\.lines\[0\]\.amountExact/],
    [
      'a quantity that the bill states',
      '"slot":null,"value":"1500"',
      '"slot":null,"value":"1600"',
      /rated\.quantities\.energy/,
    ],
    ['an exact amount', '"amountExact":"519.21"', '"amountExact":"519.22"', /bill\.lines\[0\]\.amountExact/],
    ['an amount', '"amount":"226.14"', '"amount":"226.15"', /bill\.lines\[1\]\.amount/],
    ['the total', '"amount":"745.35"', '"amount":"745.36"', /bill\.amount/],
    ['the digest', '"linesSha256":"', '"linesSha256":"0', /linesSha256|ratedSha256/],
    ['a price of the version', '"0.5469","0.03"', '"0.5469","0.04"', /tariff\.versions\[0\]\.sha256/],
    ['a leg', '"account":2221', '"account":2222', /entry\.legs\[1\]\.account/],
  ] as const
  // Whatever a person noted or put right stands in a document; what a meter said comes in a frame.
  for (const [source, holds] of [
    ['field', true],
    ['exchange', true],
    ['imported', true],
    ['corrected', true],
    ['scheduled', false],
  ] as const) {
    const text = JSON.stringify(proofs[1]).replaceAll('"source":"field"', `"source":"${source}"`)
    t.equal(checkComponentProof(sealed(JSON.parse(text))).holds, holds, source)
  }
  for (const [what, before, after, node] of changes) {
    const text = JSON.stringify(proofs[0])
    invariant(text.includes(before), before)
    const forged = sealed(JSON.parse(text.replace(before, after)))
    t.match(checkComponentProof(forged), { holds: false, node }, what)
  }
})

/** A document whose digest is its own again, as a forger would make it. */
function sealed({ sha256: dropped, ...content }: Readonly<Record<string, unknown>>): unknown {
  invariant(typeof dropped === 'string', 'a proof has a digest')
  return { ...content, sha256: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}
