import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import type { TransformerRow } from '../../storage/mdm/determinant-relations.js'
import { type Behind, sharedLoss } from '../losses/shared-loss.js'
import { isMetered } from '../relations/relation.js'
import type { DerivedAccount } from './derive-accounts.js'
import type { Period } from './determinant.js'
import type { PointGroup } from './groups.js'
import type { DeterminantPolicy } from './policy.js'
import { powerFactorInputs } from './power-factor.js'
import { type DeterminantQuantity, valueOf } from './quantity.js'

type ByAccount = ReadonlyMap<bigint, readonly DeterminantQuantity[]>
type AccountsOfPoints = ReadonlyMap<bigint, readonly DerivedAccount[]>

/** Losses of the transformers of a group, for each account behind one that is metered on its low side; or why they are not known. */
export function lossQuantities(
  group: PointGroup,
  accounts: AccountsOfPoints,
  period: Period,
  policy: DeterminantPolicy,
): ByAccount {
  const losses = new Map<bigint, readonly DeterminantQuantity[]>()
  for (const rows of groupBy(group.transformers, ({ code }) => code).values()) {
    const missing = whyUnknown(rows, accounts, period)
    const known = missing === null ? lossesOf(group, rows, accounts, policy) : null
    for (const { usagePointId, code } of rows)
      for (const { accountId } of accounts.get(usagePointId) ?? [])
        losses.set(accountId, known?.get(usagePointId) ?? [unknownLoss(code, missing ?? 'no energies')])
  }
  return losses
}

/** Null when every point behind the transformer was there all the time and has one account with a quantity. */
function whyUnknown(rows: readonly TransformerRow[], accounts: AccountsOfPoints, period: Period): string | null {
  for (const { usagePointId, from, to } of rows) {
    if (from !== period.periodStart || to !== period.periodEnd)
      return `usage point ${usagePointId} changed its transformer inside the period`
    const there = accounts.get(usagePointId) ?? []
    if (there.length > 1) return `the account of usage point ${usagePointId} changed inside the period`
    if (there.length === 0 || there.some(({ result }) => !result.ok))
      return `the quantity of usage point ${usagePointId} is in doubt`
  }
  return null
}

function lossesOf(
  group: PointGroup,
  rows: readonly TransformerRow[],
  accounts: AccountsOfPoints,
  { loadShapeE1 }: DeterminantPolicy,
): ReadonlyMap<bigint, readonly DeterminantQuantity[]> {
  const first = present(rows[0], 'a transformer')
  const behind = new Set(rows.map(({ usagePointId }) => usagePointId))
  const seenByParent = new Set(
    group.relations
      .filter((relation) => isMetered(relation) && behind.has(relation.parentId))
      .map(({ childId }) => childId),
  )
  const points = rows.map(({ usagePointId }) =>
    toBehind(usagePointId, accounts.get(usagePointId) ?? [], seenByParent.has(usagePointId)),
  )
  const withReactive = points.every(({ throughE4 }) => throughE4 === null || throughE4.reactive > 0n)
  const basis = `transformer ${first.code}, ${points.length} usage points, k ${loadShapeE1} / 10${withReactive ? '' : ', reactive load not known of all'}`
  const shared = sharedLoss(first, points, { durationMs: first.to - first.from, shapeE1: loadShapeE1 })
  return new Map(
    shared.map(({ usagePointId, activeE4, reactiveE4 }) => [
      usagePointId,
      [
        { ...loss, quantity: 'loss_active', unit: 'kWh', value: [activeE4, null, null, null, null], basis } as const,
        ...(reactiveE4 === null
          ? []
          : [
              {
                ...loss,
                quantity: 'loss_reactive',
                unit: 'kvarh',
                value: [reactiveE4, null, null, null, null],
                basis,
              } as const,
            ]),
      ],
    ]),
  )
}

function toBehind(usagePointId: bigint, accounts: readonly DerivedAccount[], isSeenByParent: boolean): Behind {
  const account = present(accounts[0], 'an account of the usage point')
  const borneE4 = account.result.ok ? account.result.value.energiesE4[0] : 0n
  const measured = account.quantities.find(({ quantity }) => quantity === 'active_energy')
  const [, reactive] = powerFactorInputs(account.quantities, account.feedsIn)
  const isThrough = !isSeenByParent && measured !== undefined
  return {
    usagePointId,
    borneE4,
    throughE4: isThrough ? { active: totalOf(measured), reactive: totalOf(reactive) } : null,
  }
}

function totalOf(quantity: DeterminantQuantity | undefined): bigint {
  return quantity === undefined ? 0n : (valueOf(quantity)?.[0] ?? 0n)
}

const loss = { moment: null, otherPointId: null, links: [] } as const

function unknownLoss(code: string, why: string): DeterminantQuantity {
  return { ...loss, quantity: 'loss_active', unit: 'kWh', value: { missing: why }, basis: `transformer ${code}` }
}
