import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { importSmallUtility, midnight, registers, store } from '../support/small-utility.js'

const script = fileURLToPath(new URL('killed-freeze.js', import.meta.url))
const now = midnight(34)

async function freezeAndDie(database: TestDatabase, statements: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [script, database.url('mdm'), String(statements), String(now)], {
    stdio: 'inherit',
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

t.test('a freeze that is killed leaves nothing, and the next one says what it would have said', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    // Read by a person, so that the freeze has quantities to write.
    { meterId: 1n, readAt: midnight(32), registers: registers(1310_00), source: 5 },
  ])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const state = () =>
    mdm.query(`select (select count(*) from determinant_set)::integer as sets, (select count(*) from determinant)::integer as determinants,
                      (select count(*) from determinant_quantity)::integer as quantities, (select count(*) from determinant_hold)::integer as holds`)
  const before = [{ sets: 0, determinants: 0, quantities: 0, holds: 0 }]
  for (const statements of [0, 2, 6, 10, 14]) {
    t.equal(await freezeAndDie(database, statements), 'SIGKILL')
    t.same(await state(), before, `killed at statement ${statements}`)
  }
  t.equal(await freezeAndDie(database, 10_000), null)
  t.same(await state(), [{ sets: 1, determinants: 1, quantities: 1, holds: 2 }])
  const again = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now: now + 1 }
  t.match(await freezeDeterminants(mdm, again), { outcome: 'exists', setId: 1n, revision: 1 })
})
