import { deserialize, serialize } from 'node:v8'
import { UserError } from '../../domain/errors.js'
import type { Database } from '../../storage/database.js'
import { type LineBatch, storeCollected } from '../../storage/headend/store-collected.js'
import { type SpooledBatch, storeSpooled } from '../../storage/headend/store-spooled.js'
import type { Spool } from './spool.js'

/** The database is away and the spool is full: whoever polls stops, because nothing more could be kept. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError'
}

export interface LineStore {
  /**
   * Resolves when the batch is committed or on disk. @throws SpoolFullError, LineLeaseLostError, and whatever else the database
   * refuses a batch for.
   */
  readonly store: (batch: LineBatch) => Promise<void>
  /** Brings what waits on disk into the database, the oldest first; fails as soon as the database does. @returns batches. */
  readonly drain: () => Promise<number>
  readonly isEmpty: () => boolean
}

/** Stores what lines bring; while the database is away it goes to disk, and what comes later waits behind it. */
export function createLineStore(database: Database, spool: Spool): LineStore {
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: what lies on disk goes before what comes now. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined)
    return turn
  }

  const drain = (): Promise<number> =>
    spool.drain((record) => storeSpooled(database, deserialize(record) as SpooledBatch))

  async function storeOrSpool(batch: LineBatch): Promise<void> {
    try {
      if (!spool.isEmpty()) await drain()
      await storeCollected(database, batch)
    } catch (error) {
      if (!isAway(error)) throw error
      const { lease, ...spooled } = batch
      const kept = await spool.append(serialize({ ...spooled, lineId: lease.lineId } satisfies SpooledBatch))
      if (kept === 'full') throw new SpoolFullError(`line ${lease.lineId}: no room on disk while the database is away`)
    }
  }

  return {
    store: (batch) => inTurn(() => storeOrSpool(batch)),
    drain: () => inTurn(drain),
    isEmpty: spool.isEmpty,
  }
}

function isAway(error: unknown): boolean {
  return error instanceof UserError && error.code === 'database_unreachable'
}
