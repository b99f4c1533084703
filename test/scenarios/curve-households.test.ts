import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { settleCurves } from '../../mdm/curves/settle-curves.js'
import { priceFileJson } from '../billing/runs/component-fixture.js'
import { ratedBy } from '../billing/runs/plain-rows.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { midnight, openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, note, plantTown } from '../support/billed-july.js'
import { piecesOf } from '../support/curve-columns.js'
import { storePieces } from '../support/curve-town.js'
import { withDatabase } from '../support/database.js'
import { sameAhead } from '../support/proofs-ahead.js'

const tariff = 'sd-household-tou'

/** Households by time of use; the third is behind transformers of 10 and has a capacity on record. */
function town(): RegistryDocument {
  const base = openedUtility()
  return {
    ...base,
    agreements: base.agreements.map((one, index) => ({
      ...one,
      tariff,
      ...(index === 2 ? { contractCapacityKva: 50 } : {}),
    })),
  }
}

/** July at 1 kW: 434 kWh from eight to ten, 310 at night. */
const july = (meter: number) =>
  piecesOf(
    midnight(1),
    15,
    BigInt(meter) * 1000_0000n,
    Array.from({ length: 31 * 96 }, () => 2500n),
  )

t.test(
  'households whose meters store curves are billed by their registers, by a program, and their bills prove',
  async (t) => {
    const test = await withDatabase(t)
    await plantTown(test, town())
    const cwd = t.testdir({})
    const env = { DATABASE_URL: test.url('owner'), SHUANGWU_FOLDER: cwd }
    const run = async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env })
      const code = await runCli(args, io)
      return { code, out: io.outText(), err: io.errText() }
    }
    // Given the province's price file, a whole curve of meter 1, one with a gap of meter 2, none of meter 3, and readings that people noted
    writeFileSync(join(cwd, 'sd.json'), JSON.stringify(priceFileJson('shandong', tariff)))
    t.match(await run('tariff', 'register', 'sd.json', '--actor', 'tariff-1'), { code: 0 })
    for (const version of ['1', '2'])
      for (const actor of ['auditor-1', 'auditor-2'])
        t.match(await run('tariff', 'sign', tariff, version, '--actor', actor), { code: 0 })
    const owner = test.as('owner')
    await storePieces(owner, 1, july(1))
    await storePieces(
      owner,
      2,
      july(2).filter(({ end }) => end <= midnight(20) || end > midnight(23)),
    )
    await note(
      test,
      [1, 2, 3].flatMap((meter) => [
        [BigInt(meter), midnight(1), 1000 * meter, 600, 400] as const,
        [BigInt(meter), midnight(32), 1000 * meter + 744, 1034, 710] as const,
      ]),
    )
    await settleCurves(test.as('mdm'), { from: '2026-07-01', to: '2026-08-01', now: Date.now() })

    // When July is closed
    await billJuly(test)

    // Then what was frozen beside the energies is their curves, and a program rated each of them
    const quantities = await test
      .as('reader')
      .query(
        'select account_id, quantity, missing is null as known from determinant_quantity order by account_id, quantity',
      )
    t.same(quantities, [
      { account_id: 1n, quantity: 'active_energy', known: true },
      { account_id: 1n, quantity: 'interval_days', known: true },
      { account_id: 2n, quantity: 'active_energy', known: true },
      { account_id: 2n, quantity: 'interval_days', known: false },
      { account_id: 3n, quantity: 'active_energy', known: true },
    ])
    const runId = 'county:2026-07-01:2026-08-01:r1'
    const [first, ...others] = [...(await ratedBy(test.as('billing'), runId))]
    t.same(
      [first, ...others],
      [1, 2, 3].map((account) => [account, 'program']),
    )

    // And the bills are proved from frames to fen, one by one and all of the run
    for (const account of ['account-1', 'account-2', 'account-3'])
      t.match(await run('bill', 'prove', '--account', account), { code: 0, out: /✓/ }, account)
    t.match(await run('bill', 'verify', runId), { code: 0 })
    await sameAhead(t, test, runId)
    const [closing] = await test
      .as('reader')
      .query<{ names: readonly string[] }>(
        `select array_agg(distinct q ->> 'name' order by q ->> 'name') as names from component_bill, jsonb_array_elements(closing -> 'quantities') q`,
      )
    t.same(closing?.names, ['active_energy', 'energy'])
  },
)
