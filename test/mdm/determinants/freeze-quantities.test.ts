import t from 'tap'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import type { RegisterSet } from '../../../domain/reading.js'
import type { Instant } from '../../../domain/time.js'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { fromRegisters } from '../../../storage/register-columns.js'
import { insertRows } from '../../../storage/insert-rows.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { exchange } from '../support/changes.js'
import { midnight, registers, smallUtility, stamp } from '../support/small-utility.js'

const now = midnight(34)
const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now }
const from = '2026-01-01T00:00:00+08:00'

/** The small utility with two usage points without a meter, numbered 4 and 5, and whatever a test adds. */
async function utility(database: TestDatabase, more: Partial<RegistryDocument> = {}): Promise<void> {
  const base = smallUtility()
  const first = base.agreements[0]
  const unmetered = ['4', '5']
  const document: RegistryDocument = {
    ...base,
    usagePoints: [
      ...base.usagePoints,
      ...unmetered.map((n) => ({ ...base.usagePoints[0], code: `point-${n}`, supplyAddress: `${n} Street` })),
    ] as RegistryDocument['usagePoints'],
    customers: [
      ...base.customers,
      ...unmetered.map((n) => ({ ...base.customers[0], code: `customer-${n}` })),
    ] as RegistryDocument['customers'],
    accounts: [
      ...base.accounts,
      ...unmetered.map((n) => ({ ...base.accounts[0], code: `account-${n}`, customer: `customer-${n}` })),
    ] as RegistryDocument['accounts'],
    agreements: [
      ...base.agreements,
      ...unmetered.map((n) => ({ ...first, account: `account-${n}`, usagePoint: `point-${n}` })),
    ] as RegistryDocument['agreements'],
    ...more,
  }
  const mdm = database.as('mdm')
  await mdm.query('select ensure_time_partitions($1, $2)', [toTimestamptz(midnight(-10)), toTimestamptz(midnight(45))])
  const imported = await importRegistry(mdm, document, stamp)
  if (!imported.ok) throw new Error(JSON.stringify(imported.error))
}

/** Decisions as validation leaves them; kWh of the meter's total, or whole register sets. */
async function decide(
  database: TestDatabase,
  decisions: readonly (readonly [
    meterId: bigint,
    readAt: Instant,
    value: number | RegisterSet,
    quantity?: number,
    source?: number,
  ])[],
): Promise<void> {
  await insertRows(
    database.as('mdm'),
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    decisions.map(([meterId, readAt, value, quantity = 1, source = 1]) => ({
      meter_id: meterId,
      quantity,
      read_at: readAt,
      revision: 1,
      verdict: 'accepted',
      ...fromRegisters(typeof value === 'number' ? registers(value * 100) : value),
      source,
      rules: [],
      reason: '',
      recorded_at: readAt + 600_000,
    })),
  )
}

/** July of meter 1 (600 kWh), meter 2 (200 kWh) and meter 3 (50 kWh behind 50/5: 500 kWh). */
const boundaries = [
  [1n, midnight(1), 1000],
  [1n, midnight(32), 1600],
  [2n, midnight(1), 2000],
  [2n, midnight(32), 2200],
  [3n, midnight(1), 100],
  [3n, midnight(32), 150],
] as const

async function energies(database: TestDatabase): Promise<Readonly<Record<string, string>>> {
  const rows = await database.as('mdm').query<{ code: string; said: string }>(
    `select a.code, (d.energy_e4 / 10000)::text as said from determinant d join account a using (account_id)
     union all select a.code, h.code from determinant_hold h join account a using (account_id) order by code`,
  )
  return Object.fromEntries(rows.map(({ code, said }) => [code, said]))
}

async function quantities(database: TestDatabase, account: string): Promise<readonly (readonly string[])[]> {
  const rows = await database.as('reader').query<{ quantity: string; other: string; value: string }>(
    `select q.quantity, u.code as other, coalesce((q.total_e4 / 10000.0)::numeric(12, 2)::text, q.missing) as value
       from determinant_quantity q join usage_point u on u.usage_point_id = q.other_point_id
      where q.account_id = (select account_id from account where code = $1) order by q.quantity, u.code`,
    [account],
  )
  return rows.map(({ quantity, other, value }) => [quantity, other, value])
}

t.test('households have a determinant and nothing more', async (t) => {
  const database = await withDatabase(t)
  await utility(database)
  await decide(database, boundaries)
  const report = await freezeDeterminants(database.as('mdm'), july)
  t.match(report, { accountCount: 5, determinantCount: 3 })
  t.same(await energies(database), {
    'account-1': '600',
    'account-2': '200',
    'account-3': '500',
    'account-4': 'no_installation',
    'account-5': 'no_installation',
  })
  t.same(await database.as('mdm').query('select from determinant_quantity'), [])
})

t.test('定量, 定比 and 套扣 by hand, the same again, and a set that takes nothing more', async (t) => {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await utility(database, {
    relations: [
      { usagePoint: 'point-2', parent: 'point-1', kind: 'deducted', from },
      { usagePoint: 'point-4', parent: 'point-1', kind: 'quantity', quantityKwh: '100', from },
      { usagePoint: 'point-5', parent: 'point-1', kind: 'share', share: '0.2', from },
    ],
  })
  await decide(database, boundaries)
  const report = await freezeDeterminants(mdm, july)
  t.match(report, { outcome: 'created', accountCount: 5, determinantCount: 5, holds: [] })
  // 600 − 100 = 500; 20 % of that are 100; 600 − 100 − 100 − 200 = 200.
  t.same(await energies(database), {
    'account-1': '200',
    'account-2': '200',
    'account-3': '500',
    'account-4': '100',
    'account-5': '100',
  })
  t.same(await quantities(database, 'account-1'), [
    ['active_energy', 'point-1', '600.00'],
    ['fixed_quantity', 'point-4', '-100.00'],
    ['relation_deducted', 'point-2', '-200.00'],
    ['relation_share', 'point-5', '-100.00'],
  ])
  t.same(await quantities(database, 'account-5'), [['relation_share', 'point-1', '100.00']])
  t.same(await quantities(database, 'account-3'), [])
  t.same(await freezeDeterminants(mdm, { ...july, now: now + 1 }), { ...report, outcome: 'exists' })
  await t.rejects(
    mdm.execute(
      `insert into determinant_quantity select (jsonb_populate_record(q, '{"account_id": 3}')).* from determinant_quantity q where account_id = 1`,
    ),
    /closed/,
  )
  await t.rejects(mdm.execute(`update determinant_quantity set total_e4 = 1`), /permission denied/)
})

t.test('a child in doubt holds its parent and what the parent gives, and nobody else', async (t) => {
  const database = await withDatabase(t)
  await utility(database, {
    relations: [
      { usagePoint: 'point-2', parent: 'point-1', kind: 'main_sub', from },
      { usagePoint: 'point-4', parent: 'point-1', kind: 'share', share: '0.5', from },
    ],
  })
  await decide(
    database,
    boundaries.filter(([meterId, readAt]) => meterId !== 2n || readAt === midnight(1)),
  )
  await freezeDeterminants(database.as('mdm'), july)
  t.same(await energies(database), {
    'account-1': 'relation_member_held',
    'account-2': 'boundary_missing',
    'account-3': '500',
    'account-4': 'relation_member_held',
    'account-5': 'no_installation',
  })
})

t.test('a relation that begins between two readings, and one that begins with a meter', async (t) => {
  const database = await withDatabase(t)
  const change = '2026-07-16T00:00:00+08:00'
  await utility(database, {
    relations: [
      { usagePoint: 'point-2', parent: 'point-1', kind: 'deducted', from: change },
      { usagePoint: 'point-4', parent: 'point-3', kind: 'share', share: '1', from },
    ],
  })
  await decide(database, boundaries)
  await freezeDeterminants(database.as('mdm'), july)
  t.match(await energies(database), {
    'account-1': 'relation_changed',
    'account-2': '200',
    'account-3': '0',
    'account-4': '500',
  })
})

t.test('an exchange in a month with rates, demand, reactive energy and export, by hand', async (t) => {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await utility(database, { flows: [{ usagePoint: 'point-1', direction: 'both', from }] })
  await applyRegistryChange(mdm, exchange(), { actor: 'system', recordedAt: midnight(19) })
  const at = Date.parse(exchange().at)
  const plain = (kwh: number): RegisterSet => ({ totalE4: BigInt(kwh) * 10_000n, touE4: [null, null, null, null] })
  await decide(database, [
    [1n, midnight(1), 1000],
    [4n, midnight(32), 625],
    ...[7, 10, 2].flatMap((quantity, index) => [
      [1n, midnight(1), plain(100), quantity] as const,
      [1n, at, plain(110 + index), quantity, 6] as const,
      [4n, at, plain(0), quantity, 6] as const,
      [4n, midnight(32), plain(20), quantity] as const,
    ]),
  ])
  const demand = (meterId: bigint, settledAt: Instant, kw: bigint, tou2: bigint) => ({
    meter_id: meterId,
    quantity: 1,
    settled_at: toTimestamptz(settledAt),
    claim_digest: `\\x0${kw}`,
    total_e4: kw * 10_000n,
    total_at: toTimestamptz(settledAt - 3_600_000),
    tou2_e4: tou2 * 10_000n,
    tou2_at: toTimestamptz(settledAt - 7_200_000),
    frame_received_at: toTimestamptz(settledAt),
    recorded_at: toTimestamptz(settledAt),
  })
  await insertRows(
    database.as('headend'),
    'insert into demand_reading select * from json_populate_recordset(null::demand_reading, $1)',
    [demand(1n, at, 9n, 4n), demand(4n, midnight(32), 7n, 6n)],
  )
  await freezeDeterminants(mdm, july)
  // (1600 − 1000) + (625 − 5); reactive (110 − 100) + 20 and (111 − 100) + 20; export (112 − 100) + 20; demand: the old meter's.
  t.match(await energies(database), { 'account-1': '1220' })
  t.same(await quantities(database, 'account-1'), [
    ['active_energy', 'point-1', '1220.00'],
    ['demand_max', 'point-1', '9.00'],
    ['export_energy', 'point-1', '32.00'],
    ['power_factor_active', 'point-1', '1220.00'],
    ['power_factor_reactive', 'point-1', '61.00'],
    ['reactive_quadrant1', 'point-1', '30.00'],
    ['reactive_quadrant4', 'point-1', '31.00'],
  ])
  const [row] = await mdm.query(
    `select total_e4, tou1_e4, tou2_e4, tou4_e4 from determinant_quantity where quantity = 'active_energy'`,
  )
  t.same(row, { total_e4: 1220_0000n, tou1_e4: 0n, tou2_e4: 732_0000n, tou4_e4: 488_0000n })
  const [peak] = await mdm.query(
    `select tou2_e4, moment, meter_ids, start_origins, end_origins from determinant_quantity where quantity = 'demand_max'`,
  )
  t.same(peak, {
    tou2_e4: 6_0000n,
    moment: at - 3_600_000,
    meter_ids: [1n, 4n],
    start_origins: ['settled', 'settled'],
    end_origins: ['settled', 'settled'],
  })
  const [origins] = await mdm.query(
    `select meter_ids, start_revisions, end_revisions, start_origins, end_origins from determinant_quantity where quantity = 'active_energy'`,
  )
  t.same(origins, {
    meter_ids: [1n, 4n],
    start_revisions: [1, 1],
    end_revisions: [1, 1],
    start_origins: ['read', 'exchange'],
    end_origins: ['exchange', 'read'],
  })
})

t.test('what a tariff may ask for and nobody knows says why', async (t) => {
  const database = await withDatabase(t)
  await utility(database, { flows: [{ usagePoint: 'point-1', direction: 'export', from }] })
  await decide(database, boundaries)
  await freezeDeterminants(database.as('mdm'), july)
  t.same(await quantities(database, 'account-1'), [
    ['active_energy', 'point-1', '600.00'],
    ['export_energy', 'point-1', `the reading for ${new Date(midnight(1)).toISOString()} is missing`],
  ])
})

t.test('losses of a shared transformer, by hand', async (t) => {
  const database = await withDatabase(t)
  const plate = {
    transformer: 'T1',
    ratedKva: 100,
    noLoadLossKw: '0.2',
    loadLossKw: '1.5',
    noLoadCurrentPercent: '1',
    impedancePercent: '4',
    meteringSide: 'low',
    from,
  } as const
  await utility(database, {
    transformers: [
      { usagePoint: 'point-1', ...plate },
      { usagePoint: 'point-2', ...plate },
    ],
  })
  await decide(database, boundaries)
  await freezeDeterminants(database.as('mdm'), july)
  // T = 744 h, W = 800 kWh: 0.2·744 + 1.2·800²·1.5/(100²·744) = 148.8 + 0.15484; by 600 : 200. Q: 1·744 + 1.2·800²·4/(100²·744) = 744 + 0.4129.
  t.same(await quantities(database, 'account-1'), [
    ['active_energy', 'point-1', '600.00'],
    ['loss_active', 'point-1', '111.72'],
    ['loss_reactive', 'point-1', '558.31'],
  ])
  t.same(await quantities(database, 'account-2'), [
    ['active_energy', 'point-2', '200.00'],
    ['loss_active', 'point-2', '37.24'],
    ['loss_reactive', 'point-2', '186.10'],
  ])
  t.match(await energies(database), { 'account-1': '600', 'account-2': '200' })
})

t.test('whose meter a person read says so', async (t) => {
  const database = await withDatabase(t)
  await utility(database)
  await decide(database, [...boundaries.slice(0, 1), [1n, midnight(32), 1600, 1, 5], ...boundaries.slice(2)])
  await freezeDeterminants(database.as('mdm'), july)
  const rows = await database
    .as('mdm')
    .query('select account_id, quantity, start_origins, end_origins from determinant_quantity')
  t.same(rows, [{ account_id: 1n, quantity: 'active_energy', start_origins: ['read'], end_origins: ['field'] }])
})
