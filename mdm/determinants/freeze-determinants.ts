import { createHash, type Hash } from 'node:crypto'
import { bigintAsText } from '../../domain/bigint-as-text.js'
import { UserError } from '../../domain/errors.js'
import { err } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Queryable, Transaction } from '../../storage/database.js'
import type { Row } from '../../storage/insert-rows.js'
import { insertDeterminantQuantities } from '../../storage/mdm/determinant-quantities.js'
import * as storage from '../../storage/mdm/determinants.js'
import { findOrganisation } from '../../storage/registry/changes.js'
import { deriveAccounts, type DerivedAccount, type FreezeContext, readContext } from './derive-accounts.js'
import type { Determinant, Hold, HoldCode } from './derive-determinant.js'
import { deriveGroups } from './derive-groups.js'
import { groupShards, readGroups } from './groups.js'
import { defaultDeterminantPolicy, type DeterminantPolicy } from './policy.js'
import { toQuantityRow } from './quantity-row.js'

/** Accounts per query and insert: the size of a billing shard. */
const accountsPerChunk = 20_000

export interface FreezeInput {
  /** Code of the organisation; accounts of those below it are included. */
  readonly organisation: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly now: Instant
  readonly policy?: DeterminantPolicy
}
export interface FreezeReport {
  /** `exists`: the last freeze of this period says the same, so nothing was written. */
  readonly outcome: 'created' | 'exists'
  readonly setId: bigint
  readonly revision: number
  /** Accounts in = determinants + holds. */
  readonly accountCount: number
  readonly determinantCount: number
  readonly holds: readonly { readonly accountId: bigint; readonly code: HoldCode; readonly detail: string }[]
  readonly digest: Buffer
}

/**
 * Freezes what every account of an organisation is billed on for [periodStart, periodEnd). An account in doubt becomes a hold; none is
 * left out. Same inputs, same digest; a freeze that would say the same as the last one writes nothing.
 * @throws UserError not_found for an unknown organisation.
 */
export async function freezeDeterminants(database: Database, input: FreezeInput): Promise<FreezeReport> {
  const policy = input.policy ?? defaultDeterminantPolicy
  const organisationId = await findOrganisation(database, input.organisation)
  if (organisationId === null) throw new UserError('not_found', `no organisation ${input.organisation}`)
  const { periodStart, periodEnd, now } = input
  const { liveToleranceMs } = policy.validation
  const query = { organisationId, periodStart, periodEnd, knownAt: now, liveToleranceMs }
  return database.transaction(
    async (tx) => {
      const last = await storage.findLastSet(tx, query)
      if (last !== null) {
        const tally = await derive(tx, query, policy, () => Promise.resolve())
        if (tally.digest.equals(last.digest)) return { outcome: 'exists', ...last, ...tally }
      }
      const setId = await storage.nextSetId(tx)
      const tally = await derive(tx, query, policy, (accounts) => write(tx, setId, accounts))
      const revision = (last?.revision ?? 0) + 1
      await storage.insertDeterminantSet(tx, query, { setId, revision, ...tally })
      return { outcome: 'created', setId, revision, ...tally }
    },
    { isolation: 'repeatable read' },
  )
}

type Tally = Pick<FreezeReport, 'accountCount' | 'determinantCount' | 'holds' | 'digest'>
type Take = (accounts: readonly DerivedAccount[]) => Promise<void>

/** Goes through the accounts in shards; holds are few, determinants are handed on and forgotten. */
async function derive(
  client: Queryable,
  query: storage.FreezeQuery,
  policy: DeterminantPolicy,
  take: Take,
): Promise<Tally> {
  const hash = createHash('sha256')
  const holds: FreezeReport['holds'][number][] = []
  let accountCount = 0
  const context = await readContext(client, query, policy)
  await eachShard(client, context, async (derived) => {
    const accounts = derived.map((one) => heldByMasterData(one, context.faults.get(one.accountId)))
    for (const one of accounts) {
      updateDigest(hash, one)
      if (!one.result.ok)
        holds.push({ accountId: one.accountId, code: one.result.error.kind, detail: one.result.error.detail })
    }
    accountCount += accounts.length
    await take(accounts)
  })
  return { accountCount, determinantCount: accountCount - holds.length, holds, digest: hash.digest() }
}

/** Faults of master data hold an account whose quantity is known. */
function heldByMasterData(account: DerivedAccount, fault: Hold | undefined): DerivedAccount {
  return fault === undefined || !account.result.ok ? account : { ...account, result: err(fault), quantities: [] }
}

/** Accounts that hang on nobody else, in order, then groups of related ones: a shard never splits a group. */
async function eachShard(client: Queryable, context: FreezeContext, take: Take): Promise<void> {
  const { query } = context
  const groups = await readGroups(client, query)
  const grouped = new Set(groups.flatMap((group) => group.accounts.map(({ accountId }) => accountId)))
  let accounts = await storage.nextAccounts(client, query, 0n, accountsPerChunk)
  while (accounts.length > 0) {
    const alone = accounts.filter((accountId) => !grouped.has(accountId))
    await take(await deriveAccounts(client, context, alone, { isGrouped: false }))
    accounts = await storage.nextAccounts(client, query, accounts.at(-1) ?? 0n, accountsPerChunk)
  }
  for (const shard of groupShards(groups, accountsPerChunk)) await take(await deriveGroups(client, context, shard))
}

/** One canonical JSON line per account and further quantity, in the order in which the accounts come. */
function updateDigest(hash: Hash, { accountId, result, quantities }: DerivedAccount): void {
  const rows = result.ok
    ? [toRow(0n, result.value), ...quantities.map((quantity) => toQuantityRow(0n, result.value, quantity))]
    : [{ account_id: accountId, code: result.error.kind, detail: result.error.detail }]
  for (const row of rows) {
    const cells = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))
    hash.update(JSON.stringify(cells, bigintAsText))
    hash.update('\n')
  }
}

async function write(tx: Transaction, setId: bigint, accounts: readonly DerivedAccount[]): Promise<void> {
  const determinants: Row[] = []
  const quantityRows: Row[] = []
  const holds: Row[] = []
  for (const { accountId, result, quantities } of accounts) {
    if (!result.ok) {
      holds.push({ set_id: setId, account_id: accountId, code: result.error.kind, detail: result.error.detail })
      continue
    }
    determinants.push(toRow(setId, result.value))
    for (const quantity of quantities) quantityRows.push(toQuantityRow(setId, result.value, quantity))
  }
  await storage.insertDeterminants(tx, determinants)
  await insertDeterminantQuantities(tx, quantityRows)
  await storage.insertDeterminantHolds(tx, holds)
}

function toRow(setId: bigint, determinant: Determinant) {
  const [energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4] = determinant.energiesE4
  const { segments } = determinant
  return {
    set_id: setId,
    account_id: determinant.accountId,
    usage_point_id: determinant.usagePointId,
    tariff_code: determinant.tariffCode,
    settlement_kind: determinant.settlementKind,
    period_start: determinant.periodStart,
    period_end: determinant.periodEnd,
    ladder_from: determinant.ladderFrom,
    energy_e4,
    tou1_e4,
    tou2_e4,
    tou3_e4,
    tou4_e4,
    estimated: determinant.estimated,
    meter_ids: segments.map(({ meterId }) => meterId),
    multipliers: segments.map(({ multiplier }) => multiplier),
    start_reads: segments.map(({ startRead }) => startRead),
    end_reads: segments.map(({ endRead }) => endRead),
  }
}
