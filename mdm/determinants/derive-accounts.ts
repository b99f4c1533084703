import { groupBy } from '../../domain/group-by.js'
import type { MeterId } from '../../domain/reading.js'
import { err, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import * as storage from '../../storage/mdm/determinant-quantities.js'
import { type FreezeQuery, readHoldReleases, readSegments, type SegmentRow } from '../../storage/mdm/determinants.js'
import { accountQuantities, type QuantityInputs } from './account-quantities.js'
import { type Determinant, deriveDeterminant, type Hold, type HoldCode } from './derive-determinant.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'
import type { DeterminantQuantity } from './quantity.js'
import { powerFactorInputs } from './power-factor.js'
import { readMarks, readReadings } from './read-evidence.js'
import { touHolds } from './tou-hold.js'

/** What is read once for all accounts of a freeze. */
export interface FreezeContext {
  readonly query: FreezeQuery
  readonly policy: DeterminantPolicy
  readonly marks: Omit<Evidence, 'readings'>
  readonly demands: ReadonlyMap<MeterId, readonly storage.SettledDemand[]>
  readonly metersWithDays: ReadonlySet<MeterId>
  /** Doubts that people have answered for this period, by account. */
  readonly answered: ReadonlyMap<bigint, readonly HoldCode[]>
}

export interface DerivedAccount {
  readonly accountId: bigint
  readonly rows: readonly SegmentRow[]
  readonly feedsIn: boolean
  readonly result: Result<Determinant, Hold>
  readonly quantities: readonly DeterminantQuantity[]
}

export async function readContext(
  client: Queryable,
  query: FreezeQuery,
  policy: DeterminantPolicy,
): Promise<FreezeContext> {
  return {
    query,
    policy,
    marks: await readMarks(client, query, policy),
    demands: groupBy(await storage.readDemands(client, query), ({ meterId }) => meterId),
    metersWithDays: await storage.readMetersWithDays(client, query),
    answered: await readAnswered(client, query),
  }
}

/**
 * Determinants of accounts from their own meters. Further quantities are looked up only for accounts whose tariff may ask for them, whose
 * meters have demands or curves, or for which a person's value stands, and for members of a group.
 */
export async function deriveAccounts(
  client: Queryable,
  context: FreezeContext,
  accounts: readonly bigint[],
  { isGrouped }: { readonly isGrouped: boolean },
): Promise<readonly DerivedAccount[]> {
  const { query, policy, marks } = context
  const segments = await readSegments(client, query, accounts)
  const evidence = { ...marks, readings: await readReadings(client, segments, policy, marks) }
  const byTables = await touHolds(client, segments, query.knownAt)
  const asking = await storage.readAccountsWithQuantities(client, query, accounts)
  const judge = (rows: readonly SegmentRow[], byTable: Hold | undefined): Result<Determinant, Hold> => {
    const answered = new Set(context.answered.get(present(rows[0], 'a segment of the account').accountId))
    const result = deriveDeterminant(rows, query, policy, evidence, answered)
    return result.ok && byTable !== undefined && !answered.has(byTable.kind) ? err(byTable) : result
  }
  const derived = [...groupBy(segments, ({ accountId }) => accountId)].map(([accountId, rows]) => ({
    accountId,
    rows,
    feedsIn: asking.get(accountId)?.feedsIn ?? false,
    result: judge(rows, byTables.get(accountId)),
  }))
  const wanted = derived.flatMap(({ accountId, rows, result }) =>
    result.ok && (isGrouped || asking.has(accountId) || isRemarkable(rows, context)) ? [result.value] : [],
  )
  const inputs = await readInputs(client, context, wanted)
  const wantedAccounts = new Set(wanted.map(({ accountId }) => accountId))
  return derived.map((account) => {
    const { accountId, feedsIn, result } = account
    if (!result.ok || !wantedAccounts.has(accountId)) return { ...account, quantities: [] }
    const counted = accountQuantities(result.value, feedsIn, inputs, policy)
    // Members of a group have their losses first.
    return { ...account, quantities: isGrouped ? counted : [...counted, ...powerFactorInputs(counted, feedsIn)] }
  })
}

async function readAnswered(client: Queryable, query: FreezeQuery): Promise<FreezeContext['answered']> {
  const releases = groupBy(await readHoldReleases(client, query), ({ accountId }) => accountId)
  return new Map([...releases].map(([accountId, group]) => [accountId, group.map(({ code }) => code as HoldCode)]))
}

/** Whether a meter settled demands or has curves, or a boundary is not plainly what a meter said. */
function isRemarkable(rows: readonly SegmentRow[], { demands, metersWithDays }: FreezeContext): boolean {
  return rows.some(({ meter, start, end }) => {
    const isMore = meter !== null && (demands.has(meter.meterId) || metersWithDays.has(meter.meterId))
    return isMore || [start, end].some((boundary) => boundary !== null && isByPerson(boundary))
  })
}

function isByPerson({ source, verdict, isDecidedByPerson }: NonNullable<SegmentRow['start']>): boolean {
  return isDecidedByPerson || source === 'field' || source === 'exchange' || verdict === 'estimated'
}

async function readInputs(
  client: Queryable,
  { query, demands, metersWithDays }: FreezeContext,
  determinants: readonly Determinant[],
): Promise<QuantityInputs> {
  const segments = determinants.flatMap((determinant) => determinant.segments)
  const instants = segments.flatMap(({ meterId, startRead, endRead }) => [
    { meterId, at: startRead },
    { meterId, at: endRead },
  ])
  const decided = new Map(
    (await storage.readQuantitiesAt(client, instants, query.liveToleranceMs)).map((one) => [
      decidedKey(one.meterId, one.at, one.quantity),
      one,
    ]),
  )
  const rated = segments.map(({ meterId }) => meterId).filter((meterId) => metersWithDays.has(meterId))
  const days = groupBy(await storage.readRatedDays(client, query, [...new Set(rated)]), ({ meterId }) => meterId)
  return {
    decidedAt: (meterId, at, quantity) => decided.get(decidedKey(meterId, at, quantity)),
    demands,
    days,
  }
}

function decidedKey(meterId: MeterId, at: Instant, quantity: number): string {
  return `${meterId} ${at} ${quantity}`
}
