import type { MeterId } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { ScopeRow } from '../../storage/mdm/validation-scope.js'

/** The meters of one transformer area, or one meter that hangs nowhere, and from when on each quantity is decided anew. */
export interface Group {
  readonly areaId: bigint | null
  readonly meterIds: readonly MeterId[]
  readonly firstAt: ReadonlyMap<number, Instant>
}

/** Bounds memory and the length of a transaction: keys of one shard, as far as one a day tells. */
const keysPerShard = 5000

/** Takes scope rows in their order and gathers them by area. */
export function createGroups(): { readonly add: (row: ScopeRow) => void; readonly groups: readonly Group[] } {
  const groups: { areaId: bigint | null; meterIds: MeterId[]; firstAt: Map<number, Instant> }[] = []
  let last: MeterId | null = null
  return {
    groups,
    add({ areaId, meterId, quantity, firstAt }) {
      let group = groups.at(-1)
      const isNeighbour = group !== undefined && group.areaId === areaId && (areaId !== null || last === meterId)
      if (group === undefined || !isNeighbour) {
        group = { areaId, meterIds: [], firstAt: new Map() }
        groups.push(group)
        last = null
      }
      if (last !== meterId) group.meterIds.push(meterId)
      group.firstAt.set(quantity, firstAt)
      last = meterId
    },
  }
}

/** Cuts groups into shards that are decided in one transaction each; a group is never split. */
export function toShards(groups: readonly Group[], now: Instant): readonly (readonly Group[])[] {
  const shards: Group[][] = []
  let keys = 0
  for (const group of groups) {
    const size = keysOf(group, now)
    const shard = shards.at(-1)
    if (shard === undefined || keys + size > keysPerShard) {
      shards.push([group])
      keys = size
    } else {
      shard.push(group)
      keys += size
    }
  }
  return shards
}

function keysOf({ meterIds, firstAt }: Group, now: Instant): number {
  const days = [...firstAt.values()].map((first) => Math.max(1, Math.ceil((now - first) / dayMs)))
  return meterIds.length * days.reduce((sum, each) => sum + each, 0)
}
