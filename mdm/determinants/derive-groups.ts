import { groupBy } from '../../domain/group-by.js'
import { err, present, type Result } from '../../domain/result.js'
import { calendarFor, localMinute } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { energiesWithin, type Member } from '../relations/member.js'
import { type GroupScene, isMetered, type RelationHold } from '../relations/relation.js'
import { resolveGroup } from '../relations/resolve-group.js'
import type { Resolved } from '../relations/settled.js'
import { deriveAccounts, type DerivedAccount, type FreezeContext, withEstimatesTrueUp } from './derive-accounts.js'
import type { Determinant, Period } from './determinant.js'
import type { Hold, HoldCode } from './hold.js'
import type { PointGroup } from './groups.js'
import { lossQuantities } from './loss-quantities.js'
import { powerFactorInputs } from './power-factor.js'
import type { DeterminantQuantity } from './quantity.js'
import { relationQuantities } from './relation-quantities.js'
import { unmeteredDeterminant } from './unmetered-determinant.js'

/** Accounts of whole groups: their own meters first, then what relations give and take, then what transformers lose. */
export async function deriveGroups(
  client: Queryable,
  context: FreezeContext,
  groups: readonly PointGroup[],
): Promise<readonly DerivedAccount[]> {
  const accounts = groups.flatMap((group) => group.accounts.map(({ accountId }) => accountId))
  const derived = new Map(
    (await deriveAccounts(client, context, accounts, { isGrouped: true })).map((one) => [one.accountId, one]),
  )
  return groups.flatMap((group) => {
    const own = group.accounts.map(({ accountId }) => present(derived.get(accountId), 'an account of the group'))
    const settled = withLosses(group, settleGroup(group, own, context), context)
    const ours = new Set(group.accounts.flatMap(({ accountId, isOurs }) => (isOurs ? [accountId] : [])))
    return settled.filter(({ accountId }) => ours.has(accountId))
  })
}

/** What each account of a group bears, or why it is held. */
function settleGroup(
  group: PointGroup,
  own: readonly DerivedAccount[],
  { query }: FreezeContext,
): readonly DerivedAccount[] {
  const byPoint = groupBy(own, pointOf)
  const members = group.points.map((point) => toMember(point, byPoint.get(point) ?? []))
  const resolved = resolveGroup(members, group.relations, { ...query, ...sceneOf(group) })
  return own.map((account) => {
    const point = pointOf(account)
    const isShared = (byPoint.get(point) ?? []).length > 1
    return settleAccount(group, account, { isShared, resolved: resolved.get(point), accounts: byPoint, period: query })
  })
}

/** Points by their codes, instants as the clocks of the group's organisation show them. */
function sceneOf({ names, root }: PointGroup): Pick<GroupScene, 'codeOf' | 'minuteOf'> {
  const nameOf = (point: bigint) => present(names.get(point), 'the name of a point of the group')
  const calendar = calendarFor(nameOf(root).timeZone)
  return { codeOf: (point) => nameOf(point).code, minuteOf: (instant) => localMinute(calendar, instant) }
}

interface Standing {
  /** Whether another account has the usage point for another part of the period. */
  readonly isShared: boolean
  readonly resolved: Result<Resolved, RelationHold> | undefined
  readonly accounts: ReadonlyMap<bigint, readonly DerivedAccount[]>
  readonly period: Period
}

function settleAccount(group: PointGroup, account: DerivedAccount, standing: Standing): DerivedAccount {
  const { resolved, isShared, accounts } = standing
  const point = pointOf(account)
  const isGiven = group.relations.some((relation) => relation.childId === point && !isMetered(relation))
  const hasMeter = account.rows.some(({ meter }) => meter !== null)
  if (!account.result.ok && (!isGiven || hasMeter)) return account
  if (resolved === undefined) {
    const isParent = group.relations.some(({ parentId }) => parentId === point)
    return isParent
      ? held(account, 'relation_member_held', 'another account of the usage point is in doubt')
      : withEstimatesTrueUp(account)
  }
  if (!resolved.ok) return held(account, resolved.error.kind, resolved.error.detail)
  if (!account.result.ok) return settleGiven(group, account, resolved.value, standing)
  if (isShared) return withEstimatesTrueUp(account)
  const determinant = { ...account.result.value, energiesE4: resolved.value.energies }
  const parts = relationQuantities(group, point, resolved.value.parts, accounts)
  const quantities = [...account.quantities, ...parts]
  return withEstimatesTrueUp({ ...account, result: { ok: true, value: determinant }, quantities })
}

/** An account without a meter: what it is given has to be for its whole time, no more and no less. */
function settleGiven(
  group: PointGroup,
  account: DerivedAccount,
  { energies, parts, stretches }: Resolved,
  { accounts, period }: Standing,
): DerivedAccount {
  const determinant = unmeteredDeterminant(account.rows, period, energies)
  if (!determinant.ok) return { ...account, result: determinant }
  const { periodStart, periodEnd } = determinant.value
  const isOutside = stretches.some(({ from, to }) => from < periodStart || to > periodEnd)
  if (isOutside || energiesWithin(stretches, periodStart, periodEnd) === null)
    return held(account, 'relation_changed', 'the relation and the agreement do not begin and end together')
  return { ...account, result: determinant, quantities: relationQuantities(group, pointOf(account), parts, accounts) }
}

function withLosses(
  group: PointGroup,
  accounts: readonly DerivedAccount[],
  { query, policy }: FreezeContext,
): readonly DerivedAccount[] {
  const losses = lossQuantities(group, groupBy(accounts, pointOf), query, policy)
  return accounts.map((account) => {
    if (!account.result.ok) return account
    const all: readonly DeterminantQuantity[] = [...account.quantities, ...(losses.get(account.accountId) ?? [])]
    return { ...account, quantities: [...all, ...powerFactorInputs(all, account.feedsIn)] }
  })
}

function toMember(usagePointId: bigint, accounts: readonly DerivedAccount[]): Member {
  const determinants = accounts.flatMap(({ result }): readonly Determinant[] => (result.ok ? [result.value] : []))
  const isKnown = accounts.length > 0 && determinants.length === accounts.length
  const stretches = determinants.flatMap(({ segments }) =>
    segments.map(({ startAt, endAt, energiesE4 }) => ({ from: startAt, to: endAt, energies: energiesE4 })),
  )
  return {
    usagePointId,
    accountIds: accounts.map(({ accountId }) => accountId),
    stretches: isKnown ? stretches.toSorted((a, b) => a.from - b.from) : null,
  }
}

export function pointOf({ rows }: DerivedAccount): bigint {
  return present(rows[0], 'a segment of the account').usagePointId
}

function held(account: DerivedAccount, kind: HoldCode, detail: string): DerivedAccount {
  return { ...account, result: err<Hold>({ kind, detail }), quantities: [] }
}
