import t from 'tap'
import { bigintAsText } from '../../../domain/bigint-as-text.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { deriveAccounts, type FreezeContext, readContext } from '../../../mdm/determinants/derive-accounts.js'
import { toDeterminantRow } from '../../../mdm/determinants/determinant-row.js'
import { freezeDeterminants } from '../../../mdm/determinants/freeze-determinants.js'
import { findRemarkable, splitShard } from '../../../mdm/determinants/plain-accounts.js'
import { defaultDeterminantPolicy as policy } from '../../../mdm/determinants/policy.js'
import type { Database } from '../../../storage/database.js'
import { insertRows, type Row } from '../../../storage/insert-rows.js'
import { type PlainReadings, streamPlainReadings } from '../../../storage/mdm/plain-readings.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { importSmallUtility } from '../support/small-utility.js'
import {
  decision,
  from,
  type Household,
  household,
  type Rows,
  knownAt,
  multiplier,
  plainCases,
  plainRows,
  to,
} from './plain-cases.js'

const seed = 20_260_701
const anyHouseholds = 300
const query = {
  organisationId: 1n,
  periodStart: from,
  periodEnd: to,
  knownAt,
  liveToleranceMs: policy.validation.liveToleranceMs,
}
const period = { organisation: 'county', periodStart: from, periodEnd: to, now: knownAt }

/** Fewer than there are accounts, so that there are several shards. */
const shardAccounts = 64
const tables = [
  'agreement_timeline',
  'installation_timeline',
  'multiplier_timeline',
  'validation_decision',
  'opening_state',
  'flow_timeline',
  'demand_reading',
] as const

t.test('accounts that are frozen in columns are frozen as one by one', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await plantHouseholds(database)
  const mdm = database.as('mdm')
  const context = await readContext(mdm, query, policy)
  const plain = await plainAccounts(mdm, context)
  for (const [index, { name, plain: expected }] of plainCases.entries())
    t.equal(plain.has(household(index).accountId), expected, name)
  t.ok(plain.size > plainCases.length, `many of any kind, seed ${seed}`)
  const report = await freezeDeterminants(mdm, period)
  const oneByOne = await expectedRows(mdm, context)
  t.same(await storedRows(mdm), oneByOne)
  t.equal(report.accountCount, oneByOne.length)
  t.match(await freezeDeterminants(mdm, { ...period, now: knownAt + 1 }), { outcome: 'exists', digest: report.digest })
})

async function plantHouseholds(database: TestDatabase): Promise<void> {
  const owner = database.as('owner')
  const count = plainCases.length + anyHouseholds
  const numbers = [Array.from({ length: count }, (_, index) => String(index))]
  for (const statement of [
    `insert into usage_point select 1000 + n, 1, 'any-point-' || n, 1, 1, 'x' from unnest($1::bigint[]) n`,
    `insert into meter select k * 1000 + n, 'any-meter-' || k || '-' || n, 'dlt645_2007', lpad((k * 1000 + n)::text, 12, '0'),
            'synthetic-single-phase', 6, 2 from unnest($1::bigint[]) n, generate_series(2, 3) k`,
    `insert into customer select 100 + n, 'any-customer-' || n, 'c', 'residential', false from unnest($1::bigint[]) n`,
    `insert into account select 100 + n, 1, 'any-account-' || n, 100 + n from unnest($1::bigint[]) n`,
  ])
    await owner.execute(statement, numbers)
  const all = Array.from({ length: count }, (_, index) => {
    const own = household(index)
    return plainCases[index]?.rows(own) ?? anyRows(own)
  })
  for (const table of tables) {
    const rows = all.flatMap((one) => one[table] ?? [])
    await insertRows(owner, `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, rows)
  }
  await owner.execute('analyze')
}

/** A household with any registers and any multiplier; many a register falls, turns over or is not there. */
function anyRows(own: Household): Rows {
  const random = createSeededRandom(seed)
  const draw = (below: number, ...parts: readonly string[]) => random.below(below, String(own.accountId), ...parts)
  const value = (end: string, register: string): bigint | null => {
    if (draw(12, 'absent', register) === 0 || draw(40, 'absent', end, register) === 0) return null
    const near = BigInt(draw(300_000, 'near', register)) * 100n
    const at = draw(6, 'turns', register) === 0 && end === 'start' ? 999_990_0000n : 500_0000n
    return at + near + (end === 'end' ? BigInt(draw(30_000, 'used', register) - 1000) * 100n : 0n)
  }
  const registers = (end: string): Row => {
    const tou = Object.fromEntries(['tou1', 'tou2', 'tou3', 'tou4'].map((name) => [`${name}_e4`, value(end, name)]))
    return { total_e4: value(end, 'total') ?? 0n, ...tou }
  }
  return {
    ...plainRows(own),
    multiplier_timeline: [multiplier(own, { ct_ratio: 1 + draw(3, 'ct') * 39, pt_ratio: 1 + draw(2, 'pt') * 99 })],
    validation_decision: [decision(own, from, 0n, registers('start')), decision(own, to, 0n, registers('end'))],
  }
}

async function plainAccounts(mdm: Database, context: FreezeContext): Promise<ReadonlySet<bigint>> {
  const remarkable = await findRemarkable(mdm, context, [])
  const plain = new Set<bigint>()
  const take = async (readings: PlainReadings) => {
    const split = await splitShard(mdm, context, remarkable, readings)
    for (const row of split.plain.rows) plain.add(BigInt(readings.accountId[row] ?? 0))
  }
  const shards: PlainReadings[] = []
  await streamPlainReadings(mdm, query, shardAccounts, (shard) => Promise.resolve(void shards.push(shard)))
  for (const shard of shards) await take(shard)
  return plain
}

/** What deriving one by one says of every account, in order: its determinant, or why it is held. */
async function expectedRows(mdm: Database, context: FreezeContext): Promise<readonly string[]> {
  const accounts = await mdm.query<{ account_id: bigint }>('select account_id from account order by account_id')
  const ids = accounts.map(({ account_id }) => account_id)
  const derived = await deriveAccounts(mdm, context, ids, { isGrouped: false })
  return derived.map(({ accountId, result, quantities }) => {
    const fault = context.faults.get(accountId)
    if (!result.ok) return canonical({ account_id: accountId, ...held(result.error) })
    if (fault !== undefined) return canonical({ account_id: accountId, ...held(fault) })
    return canonical({ ...toDeterminantRow(1n, result.value), quantities: quantities.length })
  })
}

async function storedRows(mdm: Database): Promise<readonly string[]> {
  const determinants = await mdm.query<Record<string, unknown> & { account_id: bigint }>(
    `select d.*, (select count(*)::integer from determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id)) as quantities
       from determinant d`,
  )
  const holds = await mdm.query<{ account_id: bigint; code: string; detail: string }>(
    'select account_id, code, detail from determinant_hold',
  )
  const rows = [...determinants, ...holds].toSorted((a, b) => (a.account_id < b.account_id ? -1 : 1))
  return rows.map(canonical)
}

function held({ kind, detail }: { readonly kind: string; readonly detail: string }) {
  return { code: kind, detail }
}

function canonical(row: object): string {
  return JSON.stringify(
    Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
    bigintAsText,
  )
}
