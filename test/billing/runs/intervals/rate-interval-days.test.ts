import t from 'tap'
import { rateIntervalDays } from '../../../../billing/runs/intervals/rate-interval-days.js'
import { dayMs } from '../../../../domain/time.js'
import type { Database } from '../../../../storage/database.js'
import { ensureTimePartitions } from '../../../../storage/time-series.js'
import { toTimestamptz } from '../../../../storage/type-parsers.js'
import { fillIntervalDays, fillSet } from '../../../../bench/rate-db/fill-month.js'
import { intervalTariff, monthEnd, monthStart } from '../../../../bench/rate-db/month-case.js'
import { createPeerTables, fillPeerTables } from '../../../../bench/rate-db/peer-tables.js'
import { arrayPlans, differingRows, rowPlans, secondsOfPlan } from '../../../../bench/rate-db/sql-peers.js'
import { failingDatabase, PlannedFailure } from '../failing-database.js'
import { withDatabase } from '../../../support/database.js'
import { createStillClock } from '../../../support/still-clock.js'

const accounts = 30
const clock = createStillClock(monthEnd + 3 * dayMs)

async function arrange(t: Parameters<typeof withDatabase>[0]) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await ensureTimePartitions(owner, monthStart - 7 * dayMs, monthEnd + 7 * dayMs)
  await fillIntervalDays(owner, accounts)
  const setId = await fillSet(owner, accounts)
  const billing = databases.as('billing')
  const order = { setId, tariffs: [intervalTariff()], actor: 'bench' }
  return { owner, billing, setId, order, rate: () => rateIntervalDays(billing, clock, order) }
}

async function countOf(database: Database, table: string): Promise<number> {
  const [row] = await database.query<{ count: bigint }>(`select count(*) from ${table}`)
  return Number(row?.count ?? 0n)
}

t.test('interval days become lines once, whatever was settled after the freeze, as SQL says in numeric', async (t) => {
  const { owner, billing, order, rate } = await arrange(t)
  await owner.execute(
    `insert into interval_day select meter_id, channel, day_start, 2, service_date, slot_minutes, slot_count, values_e4, qualities, start_e4,
       end_e4, sum_e4, difference_e4, verdict, rules, 'after the freeze', fills, content_digest, policy_version, recorded_at
       from interval_day where meter_id = 3`,
  )
  let failures = 0
  for (let failAt = 1; ; failAt += 3) {
    try {
      const database = failingDatabase(billing, failAt)
      await rateIntervalDays(database, clock, { ...order, accountsPerShard: 8 })
      break
    } catch (error) {
      if (!(error instanceof PlannedFailure)) throw error
      failures++
    }
  }
  t.ok(failures > 4, `killed ${failures} times on the way`)
  const first = await rate()
  t.match(first, { accounts, charged: accounts, parked: 0 })
  t.same(await rate(), first, 'a second time writes nothing')
  await createPeerTables(owner)
  await fillPeerTables(owner, accounts, accounts)
  for (const [plan, sql] of Object.entries({ ...rowPlans, ...arrayPlans })) {
    await secondsOfPlan(owner, sql, accounts)
    t.equal(await differingRows(owner, accounts), 0, plan)
  }
  const lines = await billing.query<{ component: string; slot: string | null; price: string | null }>(
    'select component, slot, price::text from interval_charge_line where account_id = 1 order by ordinal',
  )
  t.match(lines, [
    { component: 'time_of_use', slot: 'sharp', price: /^1\.1234/ },
    { component: 'time_of_use', slot: 'peak', price: /^0\.8551/ },
    { component: 'time_of_use', slot: 'valley', price: /^0\.3053/ },
    { component: 'time_of_use', slot: 'flat', price: /^0\.6107/ },
    { component: 'spot', slot: null, price: null },
  ])
  const others = { ...order, tariffs: [{ ...intervalTariff(), code: 'other' }] }
  t.match(await rateIntervalDays(billing, clock, others), { accounts, charged: 0, parked: accounts })
  t.match(await billing.query(`select distinct code from interval_exception`), [{ code: 'unknown_tariff' }])
  await t.rejects(rateIntervalDays(billing, clock, { ...order, actor: 'nobody' }), /actor_unknown/)
  await t.rejects(rateIntervalDays(billing, clock, { ...order, setId: 99n }), { code: 'not_found' })
})

t.test('accounts whose days do not make up their period are parked with the reason', async (t) => {
  const { owner, billing, rate } = await arrange(t)
  const second = toTimestamptz(monthStart + dayMs)
  for (const statement of [
    `delete from interval_day where meter_id = 4 and day_start = '${second}'`,
    `update interval_day set slot_count = 92, values_e4 = substring(values_e4 for 4 * 92), qualities = substring(qualities for 92)
      where meter_id = 5 and day_start = '${second}'`,
    `update interval_day set slot_minutes = 30 where meter_id = 6 and day_start = '${second}'`,
    `update determinant_quantity set total_e4 = null, missing = 'the interval day is held' where account_id = 7`,
    `update interval_day set values_e4 = decode('ffffff7f', 'hex') || substring(values_e4 from 5) where meter_id = 9 and day_start = '${second}'`,
  ])
    await owner.execute(statement)
  t.match(await rate(), { accounts, charged: accounts - 5, parked: 5 })
  t.same(await billing.query('select account_id, code, detail from interval_exception order by account_id'), [
    { account_id: 4n, code: 'interval_day_missing', detail: '' },
    { account_id: 5n, code: 'interval_day_missing', detail: '' },
    { account_id: 6n, code: 'interval_length_differs', detail: '' },
    { account_id: 7n, code: 'interval_days_unknown', detail: 'the interval day is held' },
    { account_id: 9n, code: 'interval_out_of_range', detail: '' },
  ])
  t.equal(await countOf(billing, 'interval_charge'), accounts - 5)
})
