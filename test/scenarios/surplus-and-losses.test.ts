import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkComponentProof } from '../../billing/checker/check-component-proof.js'
import { runCli } from '../../console/cli/run-cli.js'
import { proveBill } from '../../console/proof/prove-bill.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import { insertRows } from '../../storage/insert-rows.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, note, plantTown } from '../support/billed-july.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { sameAhead } from '../support/proofs-ahead.js'

const from = '2026-01-01T00:00:00+08:00'
const head = { format: 'tariff/2', currency: { code: 'CNY', decimals: 2 } }
const version = {
  version: 1,
  validFrom: '2026-01-01',
  rounding: { line: { mode: 'half_up', decimals: 2 } },
  posting: { vat: { rate: '0.13' } },
}
const energyAt = (price: string) => ({ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price } })

/** What a roof feeds in is bought at its own price and never taken off what is drawn. */
const surplus = {
  ...head,
  code: 'roof',
  name: { zh: '分布式光伏余电上网', en: 'surplus export' },
  mayBeNegative: true,
  versions: [
    {
      ...version,
      posting: { ...version.posting, purchases: ['feed_in'] },
      components: [
        energyAt('0.5469'),
        {
          kind: 'usage',
          code: 'feed_in',
          quantity: 'export',
          model: { kind: 'per_unit', price: '0.3949' },
          multiple: '-1',
        },
      ],
    },
  ],
}

const workshop = {
  ...head,
  code: 'workshop',
  versions: [{ ...version, components: [energyAt('0.61')] }],
}

/** Two roofs, and a workshop that is metered on the low side of its own transformer, through current transformers of 50/5. */
function town(): RegistryDocument {
  const base = openedUtility()
  const tariffs = ['roof', 'roof', 'workshop']
  return {
    ...base,
    agreements: base.agreements.map((one, index) => ({ ...one, tariff: tariffs[index] ?? one.tariff })),
    flows: ['point-1', 'point-2'].map((usagePoint) => ({ usagePoint, direction: 'export' as const, from })),
    transformers: [
      {
        usagePoint: 'point-3',
        transformer: 'T1',
        ratedKva: 100,
        noLoadLossKw: '0.2',
        loadLossKw: '1.5',
        noLoadCurrentPercent: '1',
        impedancePercent: '4',
        meteringSide: 'low',
        from,
      },
    ],
  }
}

/** Meter 1 draws 80 kWh and feeds in 210, meter 2 draws 3949 and feeds in 5469, which come to the same, meter 3 draws 50 × 10. */
const drawn = [
  [1n, midnight(1), 1000, 600, 400],
  [1n, midnight(32), 1080, 650, 430],
  [2n, midnight(1), 2000, 1200, 800],
  [2n, midnight(32), 5949, 3569, 2380],
  [3n, midnight(1), 100, 60, 40],
  [3n, midnight(32), 150, 90, 60],
] as const
const fedIn = [
  [1n, midnight(1), 50],
  [1n, midnight(32), 260],
  [2n, midnight(1), 10],
  [2n, midnight(32), 5479],
] as const

async function noteFedIn(test: TestDatabase): Promise<void> {
  const rows = fedIn.map(([meter, at, kwh]) => ({
    meter_id: meter,
    quantity: 2,
    read_at: at,
    total_e4: BigInt(kwh) * 10_000n,
    source: 5,
    document: `field order ${meter}`,
    claim_digest: '',
    recorded_at: at + 600_000,
    actor_id: 'crew-1',
    revision: 1,
    verdict: 'accepted',
    rules: [],
    reason: '',
  }))
  for (const table of ['manual_reading', 'validation_decision'])
    await insertRows(
      test.as('mdm'),
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
      rows,
    )
}

t.test('what a roof feeds in is paid for, and what a transformer loses is charged', async (t) => {
  const test = await withDatabase(t)
  await plantTown(test, town())
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env: { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd } })
    const code = await runCli(args, io)
    return { code, out: io.outText(), err: io.errText() }
  }
  for (const tariff of [surplus, workshop]) {
    writeFileSync(join(cwd, 'tariff.json'), JSON.stringify(tariff))
    t.match(await run('tariff', 'register', 'tariff.json', '--actor', 'tariff-1'), { code: 0 })
    for (const actor of ['auditor-1', 'auditor-2'])
      t.match(await run('tariff', 'sign', tariff.code, '1', '--actor', actor), { code: 0 })
  }
  await note(test, drawn)
  await noteFedIn(test)
  await billJuly(test)
  t.same(await test.as('reader').query('select code, detail from run_exception'), [])
  const bills = await test.as('reader').query<{ said: string }>(
    `select a.code || ' ' || b.amount_fen || ' ' || coalesce(r.amount_fen, 0) as said from bill b join account a using (account_id)
         left join receivable r using (segment_id, ordinal) order by a.code`,
  )
  // 80 × 0.5469 = 43.752 and 210 × 0.3949 = 82.929; 3949 × 0.5469 = 5469 × 0.3949 = 2159.7081.
  // 0.2 kW × 744 h + 1.2 × 500² × 1.5 / (100² × 744) = 148.8605 kWh lost; 648.8605 × 0.61 = 395.804905.
  t.same(
    bills.map(({ said }) => said),
    ['account-1 -3918 -3918', 'account-2 0 0', 'account-3 39580 39580'],
  )
  t.match(await run('bill', 'prove', '--account', 'account-1'), {
    code: 0,
    out: /上网电量 export_energy: 210\.00 kWh\n {2}表 meter meter-1 × 1 · 2026-07-01 00:00 50\.00 → 2026-08-01 00:00 260\.00 kWh[\s\S]*合计 total -39\.18[\s\S]*1122 -39\.18 · 2221 -5\.03 · 6001 -38\.72 · 6401 82\.93[\s\S]*✓/,
  })
  // Nothing is owed, and what was sold and bought is booked all the same: 2159.71 ÷ 1.13 = 1911.25 and 248.46 of tax.
  t.match(await run('bill', 'prove', '--account', 'account-2'), {
    code: 0,
    out: /合计 total 0\.00[\s\S]*2221 -248\.46 · 6001 -1911\.25 · 6401 2159\.71[\s\S]*✓/,
  })
  t.match(await run('bill', 'verify', 'county:2026-07-01:2026-08-01:r1'), { code: 0, out: /不成立 faults 0/ })
  t.match(await run('ledger', 'trial-balance'), { code: 0 })
  t.same(
    await test
      .as('reader')
      .query('select ledger_numbers, amounts_fen from journal_entry where account_id = 2 and document_kind = $1', [
        'bill',
      ]),
    [{ ledger_numbers: [2221, 6001, 6401], amounts_fen: [-24_846n, -191_125n, 215_971n] }],
  )
  t.match(await run('bill', 'prove', '--account', 'account-3'), {
    code: 0,
    out: /有功变损 loss_active: 148\.8605 kWh\n {2}变压器 transformer T1 · 100 kVA · P0 0\.2 kW · Pk 1\.5 kW · k 1\.2\n {2}本户 own point-3 · 有功 500\.00 kWh[\s\S]*648\.8605[\s\S]*✓/,
  })
  const proofs: unknown[] = []
  for (const [accountCode, untraced] of [
    ['account-1', []],
    ['account-2', []],
    ['account-3', []],
  ] as const) {
    const { proof, verdict } = await proveBill(test.as('reader'), { accountCode })
    t.match(verdict, { holds: true, lines: { onTrust: [], untraced } }, accountCode)
    proofs.push(proof)
  }
  await sameAhead(t, test, 'county:2026-07-01:2026-08-01:r1')
  const unbooked = JSON.stringify(proofs[1]).replace(/"entry":\{.*?\]\}/, '"entry":null')
  t.match(checkComponentProof(JSON.parse(unbooked)), { holds: false, node: 'entry' }, 'an entry left out')
  const changes = [
    ['a plate', '"loadLossKw":"1.5"', '"loadLossKw":"2.5"', 'measured[0].registers.total'],
    ['what it was shared by', '"borne":"500"', '"borne":"400"', 'measured[0].transformer.points[0].borne'],
    ['the loss that was charged', '"activeLoss":"148.8605"', '"activeLoss":"149"', 'usage.losses'],
    ['a register of what was fed in', '"total":"260"', '"total":"261"', 'measured[0].registers.total'],
    ['the determinant', '"total":"210"', '"total":"211"', 'measured[0].registers.total'],
    ['what was rated', '"unit":"kWh","value":"210"', '"unit":"kWh","value":"200"', 'usage.export'],
  ] as const
  for (const [what, before, after, node] of changes) {
    const text = present(
      proofs.map((proof) => JSON.stringify(proof)).find((proof) => proof.includes(before)),
      before,
    )
    t.match(checkComponentProof(JSON.parse(text.replace(before, after))), { holds: false, node }, what)
  }
})
