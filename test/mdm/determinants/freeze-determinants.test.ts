import t from 'tap'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { exchange, transfer } from '../support/changes.js'
import { importSmallUtility, midnight, registers, store } from '../support/small-utility.js'

const now = midnight(34)
const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now }
const crew = { actor: 'system', recordedAt: midnight(19) }

/** Opening and closing registers of July for the three meters, and what lies between for exchange and transfer. */
async function readJuly(database: TestDatabase): Promise<void> {
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 2n, readAt: midnight(1), registers: registers(2000_00) },
    { meterId: 2n, readAt: midnight(18), registers: registers(2170_00) },
    { meterId: 2n, readAt: midnight(32), registers: registers(2310_00) },
    { meterId: 3n, readAt: midnight(1) + 60_000, registers: registers(100_00), source: 4 },
    { meterId: 3n, readAt: midnight(32) + 840_000, registers: registers(150_00), source: 4 },
  ])
  await database
    .as('owner')
    .execute(
      `insert into due_read select meter_id, ts, 3, 1, ts from (values (3::bigint)) m (meter_id), unnest($1::timestamptz[]) ts`,
      [[new Date(midnight(1)).toISOString(), new Date(midnight(32)).toISOString()]],
    )
}

t.test('a month with an exchange, a transfer and a multiplier, by hand', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await readJuly(database)
  await applyRegistryChange(mdm, exchange(), crew)
  await applyRegistryChange(mdm, transfer(), crew)
  await store(database, [{ meterId: 4n, readAt: midnight(32), registers: registers(625_00) }])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const report = await freezeDeterminants(mdm, july)
  t.match(report, { outcome: 'created', setId: 1n, revision: 1, accountCount: 4, determinantCount: 4, holds: [] })
  const rows = await mdm.query(
    `select account_id, settlement_kind, period_start, period_end, ladder_from, energy_e4, tou1_e4, tou2_e4, tou4_e4,
            estimated, meter_ids, multipliers, start_reads, end_reads from determinant order by account_id`,
  )
  const at = Date.parse(exchange().at)
  const whole = { period_start: midnight(1), period_end: midnight(32), ladder_from: '2026-01-01' }
  const regular = { settlement_kind: 'regular', estimated: false, tou1_e4: 0n }
  t.same(rows, [
    // (1600 − 1000) + (625 − 5) = 1220; peak (960 − 600) + (375 − 3) = 732.
    {
      account_id: 1n,
      ...regular,
      ...whole,
      energy_e4: 1220_0000n,
      tou2_e4: 732_0000n,
      tou4_e4: 488_0000n,
      meter_ids: [1n, 4n],
      multipliers: [1, 1],
      start_reads: [midnight(1), at],
      end_reads: [at, midnight(32)],
    },
    {
      account_id: 2n,
      ...regular,
      settlement_kind: 'transfer',
      ...whole,
      period_end: midnight(18),
      energy_e4: 170_0000n,
      tou2_e4: 102_0000n,
      tou4_e4: 68_0000n,
      meter_ids: [2n],
      multipliers: [1],
      start_reads: [midnight(1)],
      end_reads: [midnight(18)],
    },
    // (150 − 100) × 50/5 = 500.
    {
      account_id: 3n,
      ...regular,
      ...whole,
      energy_e4: 500_0000n,
      tou2_e4: 300_0000n,
      tou4_e4: 200_0000n,
      meter_ids: [3n],
      multipliers: [10],
      start_reads: [midnight(1) + 60_000],
      end_reads: [midnight(32) + 840_000],
    },
    {
      account_id: 4n,
      ...regular,
      ...whole,
      period_start: midnight(18),
      ladder_from: '2026-07-18',
      energy_e4: 140_0000n,
      tou2_e4: 84_0000n,
      tou4_e4: 56_0000n,
      meter_ids: [2n],
      multipliers: [1],
      start_reads: [midnight(18)],
      end_reads: [midnight(32)],
    },
  ])
  t.same(await freezeDeterminants(mdm, { ...july, now: now + 1 }), { ...report, outcome: 'exists' })
  t.equal((await mdm.query('select from determinant_set')).length, 1)
})

t.test('doubt holds the account with a name, and none is left out', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await readJuly(database)
  await store(database, [
    { meterId: 1n, readAt: midnight(32), registers: registers(900_00) },
    { meterId: 2n, readAt: midnight(32), registers: registers(2311_00), claim: true },
  ])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const report = await freezeDeterminants(mdm, { ...july, periodEnd: midnight(32) })
  t.match(report, {
    accountCount: 3,
    determinantCount: 1,
    holds: [
      { accountId: 1n, code: 'boundary_held' },
      { accountId: 2n, code: 'boundary_held' },
    ],
  })
  const without = await freezeDeterminants(mdm, { ...july, periodStart: midnight(2) })
  t.match(without.holds, [{ code: 'boundary_missing' }, { code: 'boundary_missing' }, { code: 'boundary_missing' }])
  t.equal((await mdm.query('select from determinant_hold')).length, 5)
})

t.test('story 9: a meter after which usage is ten times as high holds the bill', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await readJuly(database)
  await applyRegistryChange(mdm, exchange(), crew)
  await store(database, [{ meterId: 4n, readAt: midnight(32), registers: registers(6205_00) }])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const report = await freezeDeterminants(mdm, july)
  t.match(report.holds, [{ accountId: 1n, code: 'usage_unlike_history' }])
})

t.test('story 5: reads in reversed order bill neither month', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await readJuly(database)
  await store(database, [
    { meterId: 1n, readAt: midnight(32), registers: registers(1310_00) },
    { meterId: 1n, readAt: midnight(33), registers: registers(1300_00) },
    { meterId: 1n, readAt: midnight(34), registers: registers(1320_00) },
  ])
  await runValidation(mdm, { from: midnight(1), to: midnight(35), now: midnight(35) })
  const report = await freezeDeterminants(mdm, { ...july, now: midnight(35) })
  t.match(report.holds, [{ accountId: 1n, code: 'contradicted' }])
  t.equal(report.determinantCount, 2)
})

t.test('a correction after the freeze gives a new revision and leaves the old one', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  await readJuly(database)
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const first = await freezeDeterminants(mdm, july)
  t.match(first.holds, [{ accountId: 1n, code: 'boundary_missing' }])
  await store(database, [{ meterId: 1n, readAt: midnight(32), registers: registers(1310_00), recordedAt: now }])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now })
  const second = await freezeDeterminants(mdm, july)
  t.match(second, { outcome: 'created', setId: 2n, revision: 2, determinantCount: 3, holds: [] })
  t.same(
    await mdm.query('select set_id, count(*)::integer as accounts from determinant group by set_id order by set_id'),
    [
      { set_id: 1n, accounts: 2 },
      { set_id: 2n, accounts: 3 },
    ],
  )
})

t.test('an unknown organisation is an answer for a person', async (t) => {
  const database = await withDatabase(t)
  await t.rejects(freezeDeterminants(database.as('mdm'), { ...july, organisation: 'nowhere' }), { code: 'not_found' })
})
