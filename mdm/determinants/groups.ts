import { groupBy } from '../../domain/group-by.js'
import type { Queryable } from '../../storage/database.js'
import {
  readAccountsOfPoints,
  readLowSideTransformers,
  type PointName,
  readPointNames,
  readRelations,
  type RelationRow,
  type TransformerRow,
} from '../../storage/mdm/determinant-relations.js'
import type { FreezeQuery } from '../../storage/mdm/freeze-segments.js'
import { connected } from '../relations/connected.js'
import type { Relation, RelationRule } from '../relations/relation.js'

/** Usage points that are parts of each other or share a transformer, so that none of them can be worked out alone. */
export interface PointGroup {
  /** Its smallest usage point. */
  readonly root: bigint
  readonly points: readonly bigint[]
  readonly accounts: readonly { readonly usagePointId: bigint; readonly accountId: bigint; readonly isOurs: boolean }[]
  readonly relations: readonly Relation[]
  readonly transformers: readonly TransformerRow[]
  /** What people call its points, and whose clocks they live by. */
  readonly names: ReadonlyMap<bigint, PointName>
}

/** Groups with accounts of the freeze's organisation, by root. Whoever is in none is worked out alone. */
export async function readGroups(client: Queryable, query: FreezeQuery): Promise<readonly PointGroup[]> {
  const relations = await readRelations(client, query)
  const transformers = await readLowSideTransformers(client, query)
  const byCode = [...groupBy(transformers, ({ code }) => code).values()]
  const roots = connected([
    ...relations.map(({ childId, parentId }) => [childId, parentId] as const),
    ...byCode.flatMap((rows) => rows.map(({ usagePointId }) => [usagePointId, rows[0]?.usagePointId ?? 0n] as const)),
  ])
  const rootOf = (point: bigint) => roots.get(point) ?? point
  const accounts = groupBy(onceEach(await readAccountsOfPoints(client, query, [...roots.keys()])), ({ usagePointId }) =>
    rootOf(usagePointId),
  )
  const relationsOf = groupBy(relations, ({ childId }) => rootOf(childId))
  const transformersOf = groupBy(transformers, ({ usagePointId }) => rootOf(usagePointId))
  const names = await readPointNames(client, [...roots.keys()])
  return [...groupBy(roots.keys(), rootOf)]
    .map(([root, points]) => ({
      root,
      points,
      names,
      accounts: accounts.get(root) ?? [],
      relations: (relationsOf.get(root) ?? []).map(toRelation),
      transformers: transformersOf.get(root) ?? [],
    }))
    .filter((group) => group.accounts.some(({ isOurs }) => isOurs))
    .toSorted((a, b) => (a.root < b.root ? -1 : 1))
}

/** Whole groups together, as many as have about so many accounts: a shard never splits one. */
export function groupShards(groups: readonly PointGroup[], mostAccounts: number): readonly (readonly PointGroup[])[] {
  const shards: PointGroup[][] = []
  let count = mostAccounts
  for (const group of groups) {
    if (count + group.accounts.length > mostAccounts) {
      shards.push([])
      count = 0
    }
    shards.at(-1)?.push(group)
    count += group.accounts.length
  }
  return shards
}

/** An account that moved from one usage point to another is held for that, once. */
function onceEach(accounts: PointGroup['accounts']): PointGroup['accounts'] {
  return [...groupBy(accounts, ({ accountId }) => accountId).values()].flatMap((same) => same.slice(0, 1))
}

function toRelation(row: RelationRow): Relation {
  const { childId, parentId, from, to } = row
  return { childId, parentId, from, to, rule: toRule(row) }
}

function toRule({ kind, shareE6, quantityE4 }: RelationRow): RelationRule {
  if (kind === 'share') return { kind, shareE6 }
  return kind === 'quantity' ? { kind, quantityE4 } : { kind }
}
