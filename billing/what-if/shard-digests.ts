import { createHash, type Hash } from 'node:crypto'
import { copyRows } from '../../storage/copy-fields.js'
import type { Shard } from '../engine/rate-shard.js'
import type { RatedInputs } from '../runs/rate-segment.js'

/** Works out what a shard was rated by, as its freeze recorded it, from parts that follow each other. */
export interface ShardDigests {
  /** Before the part moves to another thread. */
  readonly add: (part: Shard, accounts: number) => void
  /** Of the parts since the last end. */
  readonly end: () => RatedInputs
}

export function createShardDigests(): ShardDigests {
  let open = beginDigests()
  return {
    add({ usages, accounts: own }, accounts) {
      open.accounts += accounts
      open.usages.update(copyRows(usages))
      const rows = own === null ? new Uint8Array() : copyRows(own.inputs)
      if (rows.length === 0) return
      open.components ??= createHash('sha256')
      open.components.update(rows)
    },
    end() {
      const { accounts, usages, components } = open
      open = beginDigests()
      return { accounts, inputSha256: usages.digest('hex'), componentsSha256: components?.digest('hex') ?? null }
    },
  }
}

function beginDigests(): { accounts: number; readonly usages: Hash; components: Hash | null } {
  return { accounts: 0, usages: createHash('sha256'), components: null }
}
