import { createHash, type Hash } from 'node:crypto'
import { bigintAsText } from '../../domain/bigint-as-text.js'
import { groupBy } from '../../domain/group-by.js'
import type { Result } from '../../domain/result.js'
import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Queryable, Transaction } from '../../storage/database.js'
import * as storage from '../../storage/mdm/determinants.js'
import { findOrganisation } from '../../storage/registry/changes.js'
import { type Determinant, deriveDeterminant, type Hold, type HoldCode } from './derive-determinant.js'
import { askedFor } from './asked-for.js'
import type { Evidence } from './evidence.js'
import { defaultDeterminantPolicy, type DeterminantPolicy } from './policy.js'

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
      const tally = await derive(tx, query, policy, (results) => write(tx, setId, results))
      const revision = (last?.revision ?? 0) + 1
      await storage.insertDeterminantSet(tx, query, { setId, revision, ...tally })
      return { outcome: 'created', setId, revision, ...tally }
    },
    { isolation: 'repeatable read' },
  )
}

interface AccountResult {
  readonly accountId: bigint
  readonly result: Result<Determinant, Hold>
}
type Tally = Pick<FreezeReport, 'accountCount' | 'determinantCount' | 'holds' | 'digest'>

/** Goes through the accounts in chunks; holds are few, determinants are handed on and forgotten. */
async function derive(
  client: Queryable,
  query: storage.FreezeQuery,
  policy: DeterminantPolicy,
  take: (results: readonly AccountResult[]) => Promise<void>,
): Promise<Tally> {
  const hash = createHash('sha256')
  const holds: FreezeReport['holds'][number][] = []
  const marks = await readMarks(client, query, policy)
  let accountCount = 0
  let accounts = await storage.nextAccounts(client, query, 0n, accountsPerChunk)
  while (accounts.length > 0) {
    const rows = await storage.readSegments(client, query, accounts)
    const evidence = { ...marks, readings: await readReadings(client, rows, policy, marks.jumps) }
    const results = [...groupBy(rows, ({ accountId }) => accountId)].map(([accountId, segments]) => ({
      accountId,
      result: deriveDeterminant(segments, query, policy, evidence),
    }))
    for (const one of results) {
      updateDigest(hash, one)
      if (!one.result.ok)
        holds.push({ accountId: one.accountId, code: one.result.error.kind, detail: one.result.error.detail })
    }
    accountCount += results.length
    await take(results)
    accounts = await storage.nextAccounts(client, query, accounts.at(-1) ?? 0n, accountsPerChunk)
  }
  return { accountCount, determinantCount: accountCount - holds.length, holds, digest: hash.digest() }
}

async function readMarks(
  client: Queryable,
  { periodStart, periodEnd }: storage.FreezeQuery,
  { contradictionMs }: DeterminantPolicy,
): Promise<Omit<Evidence, 'readings'>> {
  const range = { from: periodStart - contradictionMs, to: periodEnd + contradictionMs }
  const { doubts, turnovers, jumps } = await storage.readStandingMarks(client, range)
  const byMeter = (marks: readonly storage.StandingMark[]) => groupBy(marks, ({ meterId }) => meterId)
  return { doubts: byMeter(doubts), turnovers: byMeter(turnovers), jumps: byMeter(jumps) }
}

async function readReadings(
  client: Queryable,
  rows: readonly storage.SegmentRow[],
  policy: DeterminantPolicy,
  jumps: Evidence['jumps'],
): Promise<Evidence['readings']> {
  const { noteReachMs, repeatBackMs, repeatOnMs } = policy
  const reach = { beforeMs: Math.max(noteReachMs, repeatBackMs), afterMs: Math.max(noteReachMs, repeatOnMs) }
  return groupBy(
    await storage.readAcceptedAround(client, askedFor(rows, policy, jumps), reach),
    ({ meterId }) => meterId,
  )
}

/** One canonical JSON line per account, in order of account. */
function updateDigest(hash: Hash, { accountId, result }: AccountResult): void {
  const row = result.ok
    ? toRow(0n, result.value)
    : { account_id: accountId, code: result.error.kind, detail: result.error.detail }
  const cells = Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))
  hash.update(JSON.stringify(cells, bigintAsText))
  hash.update('\n')
}

async function write(tx: Transaction, setId: bigint, results: readonly AccountResult[]): Promise<void> {
  await storage.insertDeterminants(
    tx,
    results.flatMap(({ result }) => (result.ok ? [toRow(setId, result.value)] : [])),
  )
  await storage.insertDeterminantHolds(
    tx,
    results.flatMap(({ accountId, result }) =>
      result.ok ? [] : [{ set_id: setId, account_id: accountId, code: result.error.kind, detail: result.error.detail }],
    ),
  )
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
