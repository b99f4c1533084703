import { createHash, type Hash } from 'node:crypto'
import { bigintAsText } from '../../domain/bigint-as-text.js'
import { err } from '../../domain/result.js'
import type { Queryable, Transaction } from '../../storage/database.js'
import type { PlainDeterminants } from '../../storage/mdm/plain-determinants.js'
import { type PlainReadings, streamPlainReadings } from '../../storage/mdm/plain-readings.js'
import { deriveAccounts, type DerivedAccount, type FreezeContext, readContext } from './derive-accounts.js'
import type { Hold, HoldCode } from './hold.js'
import { deriveGroups } from './derive-groups.js'
import { toDeterminantRow } from './determinant-row.js'
import { groupShards, type PointGroup, readGroups } from './groups.js'
import { findRemarkable, type Remarkable, splitShard } from './plain-accounts.js'
import { createPlainDigest } from './plain-digest.js'
import { toQuantityRow } from './quantity-row.js'
import { whileReadingOn } from './while-reading-on.js'

/** Accounts per shard of plain ones, and per query and insert of the others: the size of a billing shard. */
const accountsPerShard = 20_000

export interface DerivedHold {
  readonly accountId: bigint
  readonly code: HoldCode
  readonly detail: string
}

/** What all accounts came to. Accounts in = determinants + holds. */
export interface Tally {
  readonly accountCount: number
  readonly determinantCount: number
  readonly holds: readonly DerivedHold[]
  readonly digest: Buffer
}

/** What becomes of accounts as they are derived; they are forgotten then. */
export interface TakeAccounts {
  readonly plain: (plain: PlainDeterminants) => Promise<unknown>
  readonly others: (accounts: readonly DerivedAccount[]) => Promise<unknown>
}
export const takeNothing: TakeAccounts = { plain: () => Promise.resolve(), others: () => Promise.resolve() }

/** Two sessions that see the same: what is derived goes on in one while the other reads on. */
export interface Sessions {
  readonly tx: Transaction
  readonly reader: Queryable
}

/**
 * Derives every account: shards by account, of each the plain ones in columns and the others one by one, then groups of related ones, of
 * which a shard never splits any. Holds are few and kept.
 */
export async function deriveAll(
  { tx, reader }: Sessions,
  asked: Pick<FreezeContext, 'query' | 'policy'>,
  take: TakeAccounts,
): Promise<Tally> {
  // It is asked for while the server begins to join the readings, and there before the first of them.
  const known = readKnown(tx, asked)
  known.catch(() => undefined)
  const tally = createTally()
  const takeOthers = async ({ context }: Known, derived: readonly DerivedAccount[]): Promise<void> => {
    const accounts = derived.map((one) => heldByMasterData(one, context.faults.get(one.accountId)))
    tally.others(accounts)
    await take.others(accounts)
  }
  const takeAlone = async (all: Known, accounts: readonly bigint[]): Promise<void> =>
    takeOthers(all, await deriveAccounts(tx, all.context, accounts, { isGrouped: false }))
  const waiting: bigint[] = []
  const takeShard = async (readings: PlainReadings): Promise<void> => {
    const all = await known
    const { plain, others } = await splitShard(tx, all.context, all.remarkable, readings)
    tally.plain(plain)
    await take.plain(plain)
    waiting.push(...others)
    if (waiting.length >= accountsPerShard) await takeAlone(all, waiting.splice(0))
  }
  await whileReadingOn(takeShard, (takeNext) => streamPlainReadings(reader, asked.query, accountsPerShard, takeNext))
  const all = await known
  if (waiting.length > 0) await takeAlone(all, waiting)
  for (const shard of groupShards(all.groups, accountsPerShard))
    await takeOthers(all, await deriveGroups(tx, all.context, shard))
  return tally.result()
}

/** What is read once for all accounts. */
interface Known {
  readonly context: FreezeContext
  readonly groups: readonly PointGroup[]
  readonly remarkable: Remarkable
}

async function readKnown(tx: Transaction, { query, policy }: Pick<FreezeContext, 'query' | 'policy'>): Promise<Known> {
  const context = await readContext(tx, query, policy)
  const groups = await readGroups(tx, query)
  return { context, groups, remarkable: await findRemarkable(tx, context, groups) }
}

/** Faults of master data hold an account whose quantity is known. */
function heldByMasterData(account: DerivedAccount, fault: Hold | undefined): DerivedAccount {
  return fault === undefined || !account.result.ok ? account : { ...account, result: err(fault), quantities: [] }
}

/** Counts accounts, keeps holds and digests both kinds: first the others, then the digest of the plain ones. */
function createTally() {
  const hash = createHash('sha256')
  const plainDigest = createPlainDigest()
  const holds: DerivedHold[] = []
  let accountCount = 0
  return {
    plain(plain: PlainDeterminants): void {
      plainDigest.update(plain)
      accountCount += plain.rows.length
    },
    others(accounts: readonly DerivedAccount[]): void {
      for (const one of accounts) {
        updateDigest(hash, one)
        if (!one.result.ok)
          holds.push({ accountId: one.accountId, code: one.result.error.kind, detail: one.result.error.detail })
      }
      accountCount += accounts.length
    },
    result(): Tally {
      const digest = hash.update(plainDigest.digest()).digest()
      return { accountCount, determinantCount: accountCount - holds.length, holds, digest }
    },
  }
}

/** One canonical JSON line per account and further quantity, in the order in which the accounts come. */
function updateDigest(hash: Hash, { accountId, result, quantities }: DerivedAccount): void {
  const rows = result.ok
    ? [toDeterminantRow(0n, result.value), ...quantities.map((quantity) => toQuantityRow(0n, result.value, quantity))]
    : [{ account_id: accountId, code: result.error.kind, detail: result.error.detail }]
  for (const row of rows) {
    const cells = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))
    hash.update(JSON.stringify(cells, bigintAsText))
    hash.update('\n')
  }
}
