import { type CopiedFields, type CopyReader, createCopyReader } from '../copy-fields.js'
import type { Transaction } from '../database.js'
import { createGathering } from '../join-chunks.js'
import { notBilledBefore } from './already-billed.js'

/** Places of the fields of a row: one account's determinants, with what is on record about where its ladder stands. */
export const usageFields = {
  accountId: 0,
  tariffCode: 1,
  settlementKind: 2,
  periodStart: 3,
  periodEnd: 4,
  ladderFrom: 5,
  energyE4: 6,
  /** The first of four. */
  tou1E4: 7,
  estimated: 11,
  /** Of the bill whose period ended last before this one began; null where there is none. */
  lastBillEnd: 12,
  lastBillLadderE4: 13,
  /** Of the opening state; null where there is none. */
  openingAsOf: 14,
  openingLadderE4: 15,
} as const
const fieldCount = 16

// COPY takes no parameters, so they go through settings that end with the transaction.
const bounds = `select set_config('shuangwu.set_id', $1, true), set_config('shuangwu.first_account', $2, true),
  set_config('shuangwu.last_account', $3, true), set_config('shuangwu.run_id', $4, true)`
// Planned over a small `bill` that another session is filling, a sequential scan for each account would take minutes.
const seqScans = `select set_config('enable_seqscan', $1, true)`
// Opening states are merged, and without bounds of their own they would be read from the first account on for every shard.
const usages = `copy (
  select d.account_id, d.tariff_code, d.settlement_kind, d.period_start, d.period_end, d.ladder_from,
         d.energy_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.estimated,
         b.period_end, b.ladder_energy_e4, o.as_of, o.ladder_energy_e4
    from determinant d
    left join lateral (select l.period_end, l.ladder_energy_e4 from bill l
      where l.account_id = d.account_id and l.period_start < d.period_start order by l.period_start desc limit 1) b on true
    left join opening_state o on o.account_id = d.account_id
     and o.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
   where d.set_id = current_setting('shuangwu.set_id')::bigint
     and d.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
     and ${notBilledBefore}
   order by d.account_id) to stdout (format binary)`

/** Accounts [first, last] of a run's set. */
export interface AccountsOfRun {
  readonly runId: string
  readonly setId: bigint
  readonly accounts: { readonly first: bigint; readonly last: bigint }
}

const billedAccounts = `copy (
  select d.account_id, d.tariff_code from determinant d
   where d.set_id = current_setting('shuangwu.set_id')::bigint and ${notBilledBefore}
   order by d.account_id) to stdout (format binary)`
export const everyAccount = { first: 0n, last: 2n ** 63n - 1n } as const

/** Takes the accounts that a run bills, in order, each with its tariff; those that had their bill when it was frozen are left out. */
export async function eachBilledAccount(
  tx: Transaction,
  run: Omit<AccountsOfRun, 'accounts'>,
  take: (accountId: bigint, tariffCode: string) => void,
): Promise<void> {
  await setBounds(tx, { ...run, accounts: everyAccount })
  const reader = createCopyReader(2, (fields) => take(fields.int8(0), fields.text(1)))
  await tx.copyOut(billedAccounts, reader.push, 'passing')
  reader.end()
}

/**
 * Streams the usages of the accounts that a run bills, ordered by account, as the bytes of a binary COPY; a piece is overwritten by the next
 * one. Accounts that had their bill of the period when the run was frozen are left out.
 */
export async function streamUsages(
  tx: Transaction,
  accounts: AccountsOfRun,
  take: (chunk: Buffer) => void,
): Promise<void> {
  await setBounds(tx, accounts)
  await tx.query(seqScans, ['off'])
  await tx.copyOut(usages, take, 'passing')
  await tx.query(seqScans, ['on'])
}

async function setBounds(tx: Transaction, { runId, setId, accounts }: AccountsOfRun): Promise<void> {
  await tx.query(bounds, [String(setId), String(accounts.first), String(accounts.last), runId])
}

/** A row has about 170 bytes. */
const roomyRowBytes = 192

/** The same in one piece, in memory of its own, so that it may move to another thread. */
export async function readUsages(
  tx: Transaction,
  accounts: AccountsOfRun,
  expectedAccounts: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const gathering = createGathering(roomyRowBytes * (expectedAccounts + 1))
  await streamUsages(tx, accounts, gathering.take)
  return gathering.bytes()
}

/** Reads what `streamUsages` streams, row by row. */
export function createUsageReader(take: (fields: CopiedFields) => void): CopyReader {
  return createCopyReader(fieldCount, take)
}
