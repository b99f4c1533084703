import { registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { beijing } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import { createStillClock } from '../../support/still-clock.js'
import type { TestDatabase } from '../../support/database.js'
import { shippedCodes, shippedJson } from '../tariffs/shipped-tariffs.js'
import { plantApprovers } from '../../support/people.js'

export const billingNow = Date.parse('2026-08-03T10:00:00+08:00')
export const billingClock = createStillClock(billingNow)
export const periodStart = beijing.startOfDay('2026-07-01')
export const periodEnd = beijing.startOfDay('2026-08-01')
const transferAt = beijing.startOfDay('2026-07-18')

export const freezeInput = {
  organisation: 'county-1',
  periodStart,
  periodEnd,
  accountingDate: '2026-08-03',
  dueDate: '2026-08-18',
  actor: 'system',
} as const

interface FixtureAccount {
  readonly tariff: string
  readonly kwhE4: bigint
  readonly touE4: readonly [bigint, bigint, bigint, bigint]
  readonly openingE4: bigint | null
  readonly settlement?: 'transfer' | 'taken_over'
}

/** Accounts 1 to 7 in this order. */
const fixtureAccounts: readonly FixtureAccount[] = [
  { tariff: 'sd-residential-tou', kwhE4: 2_500_000n, touE4: [0n, 1_500_000n, 0n, 1_000_000n], openingE4: 0n },
  { tariff: 'sd-residential-tou', kwhE4: 1_000_000n, touE4: [0n, 600_000n, 0n, 400_000n], openingE4: 24_800_000n },
  {
    tariff: 'sd-residential',
    kwhE4: 1_000_000n,
    touE4: [0n, 0n, 0n, 0n],
    openingE4: 13_000_000n,
    settlement: 'transfer',
  },
  { tariff: 'sd-residential', kwhE4: 800_000n, touE4: [0n, 0n, 0n, 0n], openingE4: null, settlement: 'taken_over' },
  { tariff: 'sd-residential-shared', kwhE4: 50_000_000n, touE4: [0n, 0n, 0n, 0n], openingE4: null },
  {
    tariff: 'hb-commercial-single-lv',
    kwhE4: 10_000_000n,
    touE4: [1_000_000n, 2_000_000n, 3_000_000n, 4_000_000n],
    openingE4: null,
  },
  // Nothing says where this ladder stands: rating holds the account.
  { tariff: 'sd-residential', kwhE4: 100_000n, touE4: [0n, 0n, 0n, 0n], openingE4: null },
]
/** Held by its determinants already. */
const heldAccountId = 8

/** Actors, one county with eight accounts, its determinants of July 2026 and the four signed tariffs. */
export async function arrangeBilling(test: TestDatabase): Promise<Database> {
  const owner = test.as('owner')
  await arrangeRegistry(owner)
  await arrangeDeterminants(owner)
  const billing = test.as('billing')
  for (const code of shippedCodes) {
    await registerTariff(billing, billingClock, shippedJson(code), { author: 'tariff-1' })
    for (const actor of ['tariff-2', 'tariff-3']) await signTariff(billing, billingClock, { code, version: 1, actor })
  }
  return billing
}

export async function arrangeRegistry(owner: Database): Promise<void> {
  await owner.execute(`insert into actor (actor_id, display_name, kind, recorded_at)
    select id, id, case id when 'system' then 'process' else 'person' end, '2026-06-30'
      from unnest(array['system', 'accountant-1', 'reviewer-1', 'issuer-1', 'tariff-1', 'tariff-2', 'tariff-3']) id`)
  await plantApprovers(owner, ['tariff-2', 'tariff-3'])
  await owner.execute(
    `insert into organisation values (1, 'county-1', null, 'County', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute(
    `insert into customer select n, 'C-' || n, 'Customer ' || n, 'residential', false from generate_series(1, 8) n`,
  )
  await owner.execute(`insert into account select n, 1, 'A-' || n, n from generate_series(1, 8) n`)
}

async function arrangeDeterminants(owner: Database): Promise<void> {
  const at = (instant: number) => new Date(instant).toISOString()
  for (const [index, account] of fixtureAccounts.entries()) {
    const id = index + 1
    const start = account.settlement === 'taken_over' ? transferAt : periodStart
    const end = account.settlement === 'transfer' ? transferAt : periodEnd
    await owner.execute(
      `insert into determinant values (1, $1::bigint, $1::bigint, $2, $3, $4::timestamptz, $5::timestamptz, $6, $7, $8, $9, $10, $11, false, array[$1::bigint], array[1], array[$4::timestamptz], array[$5::timestamptz])`,
      [
        id,
        account.tariff,
        account.settlement === 'transfer' ? 'transfer' : 'regular',
        at(start),
        at(end),
        account.settlement === 'taken_over' ? '2026-07-18' : '2026-01-01',
        account.kwhE4,
        ...account.touE4,
      ],
    )
    if (account.openingE4 !== null)
      await owner.execute(`insert into opening_state values ($1, $2, $3, 'go-live', '2026-06-30', 'system')`, [
        id,
        at(periodStart),
        account.openingE4,
      ])
  }
  await owner.execute(`insert into determinant_hold values (1, $1, 'reading_held', 'no value for the last midnight')`, [
    heldAccountId,
  ])
  await owner.execute(`insert into determinant_set values (1, 1, $1, $2, 1, $3, '\\x01', '2026-08-02')`, [
    at(periodStart),
    at(periodEnd),
    fixtureAccounts.length + 1,
  ])
}

const billingTables = [
  'billing_run',
  'billing_run_event',
  'run_manifest',
  'ledger_segment',
  'run_segment',
  'segment_result',
  'run_exception',
  'segment_review',
  'segment_issue',
  'bill_number_lock',
  'bill',
  'receivable',
  'journal_entry',
  'segment_posting',
  'segment_balance',
  'payment',
  'payment_allocation',
] as const

/** Every row of the tables billing writes, as text, for comparing whole databases. */
export async function allRows(owner: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables: Record<string, readonly string[]> = {}
  for (const table of billingTables) {
    const rows = await owner.query<{ row: string }>(`select t::text as row from ${table} t order by 1`)
    tables[table] = rows.map(({ row }) => row)
  }
  return tables
}
