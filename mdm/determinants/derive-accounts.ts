import { groupBy } from '../../domain/group-by.js'
import type { MeterId, ReadingSource } from '../../domain/reading.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import * as storage from '../../storage/mdm/determinant-quantities.js'
import { type FreezeQuery, type SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { readHoldReleases } from '../../storage/mdm/freeze-evidence.js'
import { readRegistryFaults } from '../../storage/mdm/registry-faults.js'
import { accountQuantities, type QuantityInputs } from './account-quantities.js'
import { curveDoubts } from './curve-doubts.js'
import { deriveDeterminant } from './derive-determinant.js'
import type { Determinant } from './determinant.js'
import type { Hold, HoldCode } from './hold.js'
import type { Evidence } from './evidence.js'
import { type BegunAccount, beginBooks } from './begin-books.js'
import { openingEstimate, truedUp } from './opening.js'
import type { DeterminantPolicy } from './policy.js'
import type { DeterminantQuantity } from './quantity.js'
import { powerFactorInputs } from './power-factor.js'
import { readMarks, readReadings } from './read-evidence.js'
import { doubtsQuantity, registryHolds } from './registry-holds.js'
import { standIn } from './stand-in.js'
import { type TouHold, touHolds } from './tou-hold.js'

/** What is read once for all accounts of a freeze. */
export interface FreezeContext {
  readonly query: FreezeQuery
  readonly policy: DeterminantPolicy
  readonly marks: Omit<Evidence, 'readings'>
  readonly demands: ReadonlyMap<MeterId, readonly storage.SettledDemand[]>
  readonly metersWithDays: ReadonlySet<MeterId>
  /** Doubts that people have answered for this period, by account. */
  readonly answered: ReadonlyMap<bigint, readonly HoldCode[]>
  /** Accounts whose master data lets no bill come. */
  readonly faults: ReadonlyMap<bigint, Hold>
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
    faults: registryHolds(await readRegistryFaults(client, query)),
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
  const begun = await beginBooks(client, query, accounts)
  const segments = begun.flatMap(({ rows }) => rows)
  const evidence = { ...marks, readings: await readReadings(client, segments, policy, marks) }
  const byTables = await touHolds(client, segments, query.knownAt)
  const asking = await storage.readAccountsWithQuantities(client, query, accounts)
  const answeredOf = (accountId: bigint) => new Set(context.answered.get(accountId))
  const tablesOf = (accountId: bigint) => {
    const found = byTables.get(accountId)
    return found === undefined || answeredOf(accountId).has(found.kind) ? undefined : found
  }
  // What relations move has no place in time.
  const mayStandIn = ({ ratesFromCurves }: TouHold) => ratesFromCurves && !isGrouped
  const judge = ({ accountId, rows, hold }: BegunAccount): Result<Determinant, Hold> => {
    const fault = context.faults.get(accountId)
    if (hold !== null) return err(hold)
    if (fault !== undefined && doubtsQuantity(fault)) return err(fault)
    const result = deriveDeterminant(rows, query, policy, evidence, answeredOf(accountId))
    const byTable = tablesOf(accountId)
    return result.ok && byTable !== undefined && !mayStandIn(byTable) ? err(byTable) : result
  }
  const derived = begun.map((account) => ({
    accountId: account.accountId,
    rows: account.rows,
    opening: account.opening,
    feedsIn: asking.get(account.accountId)?.feedsIn ?? false,
    result: judge(account),
  }))
  const wanted = derived.flatMap(({ accountId, rows, result }) =>
    result.ok && (isGrouped || asking.has(accountId) || isRemarkable(rows, context)) ? [result.value] : [],
  )
  const inputs = await readInputs(client, context, wanted)
  const measuredOf = new Map(
    wanted.map((determinant) => {
      const feedsIn = asking.get(determinant.accountId)?.feedsIn ?? false
      return [
        determinant.accountId,
        { determinant, quantities: accountQuantities(determinant, feedsIn, inputs, policy) },
      ]
    }),
  )
  const byCurve = await curveDoubts(client, context, [...measuredOf.values()])
  const curveOf = (accountId: bigint) => {
    const found = byCurve.get(accountId)
    return found === undefined || answeredOf(accountId).has(found.kind) ? undefined : found
  }
  return derived.map(({ opening, ...account }) => {
    const { accountId, feedsIn, result } = account
    const byTable = tablesOf(accountId)
    const measured = measuredOf.get(accountId)?.quantities
    if (!result.ok || measured === undefined)
      return { ...account, result: result.ok && byTable !== undefined ? err(byTable) : result, quantities: [] }
    const estimate = opening === null ? null : openingEstimate(result.value.energiesE4, opening)
    const standing =
      byTable === undefined
        ? afterCurveDoubt(measured, curveOf(accountId), policy.holdsCurveSplit, mayStandIn)
        : standIn(measured, byTable)
    if (!standing.ok) return { ...account, result: standing, quantities: [] }
    const own = standing.value
    const counted = estimate === null ? own : [...own, estimate]
    // Members of a group have their relations and losses first.
    if (isGrouped) return { ...account, quantities: counted }
    return withEstimatesTrueUp({ ...account, quantities: [...counted, ...powerFactorInputs(counted, feedsIn)] })
  })
}

/** What the policy says of an account whose curve contradicts its registers: the curve stands in, the account is held, or it is marked. */
function afterCurveDoubt(
  measured: readonly DeterminantQuantity[],
  doubt: TouHold | undefined,
  isHeld: boolean,
  mayStandIn: (hold: TouHold) => boolean,
): Result<readonly DeterminantQuantity[], Hold> {
  if (doubt === undefined) return ok(measured)
  if (mayStandIn(doubt)) return standIn(measured, doubt)
  const { kind, detail } = doubt
  if (isHeld) return err({ kind, detail })
  return ok(
    measured.map((one) =>
      one.quantity === 'interval_days' ? { ...one, basis: `${one.basis}; ${kind}: ${detail}` } : one,
    ),
  )
}

/** What the old books billed without reading, taken off what the account bears. */
export function withEstimatesTrueUp(account: DerivedAccount): DerivedAccount {
  const { result, quantities } = account
  const estimate = quantities.find(({ quantity }) => quantity === 'opening_estimate')
  if (!result.ok || estimate === undefined) return account
  const energiesE4 = truedUp(result.value.energiesE4, estimate)
  return energiesE4.ok
    ? { ...account, result: { ok: true, value: { ...result.value, energiesE4: energiesE4.value } } }
    : { ...account, result: energiesE4, quantities: [] }
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

const broughtByPeople: ReadonlySet<ReadingSource> = new Set(['field', 'exchange', 'imported'])

function isByPerson({ source, verdict, isDecidedByPerson }: NonNullable<SegmentRow['start']>): boolean {
  return isDecidedByPerson || (source !== null && broughtByPeople.has(source)) || verdict === 'estimated'
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
