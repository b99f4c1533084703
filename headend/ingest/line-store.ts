import { deserialize, serialize } from 'node:v8'
import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { type Database, isDatabaseAway, isRefusedData } from '../../storage/database.js'
import { insertQuarantined } from '../../storage/headend/quarantine.js'
import { type BatchStored, type LineBatch, storeCollected } from '../../storage/headend/store-collected.js'
import { type SpooledBatch, storeSpooled } from '../../storage/headend/store-spooled.js'
import type { Spool } from './spool.js'

/** The database is away and the spool takes no more, or its disk does not: whoever polls stops, because nothing more could be kept. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError'
}

export interface LineStore {
  /**
   * Resolves when the batch is committed, or with null when it is on disk. @throws SpoolFullError, LineLeaseLostError, and what the
   * database says of a batch that it refuses for its content.
   */
  readonly store: (batch: LineBatch) => Promise<BatchStored | null>
  /** Brings what waits on disk into the database, the oldest first; fails as soon as the database does. @returns batches. */
  readonly drain: () => Promise<number>
  readonly isEmpty: () => boolean
  /** Nothing more could be kept: nobody polls until what waits is in the database. */
  readonly isFull: () => boolean
}

export interface LineStoreOptions {
  readonly database: Database
  readonly clock: Pick<Clock, 'now'>
  readonly spool: Spool
  readonly events?: LineStoreEvents
}

export interface LineStoreEvents {
  readonly onSpooled: () => void
  readonly onDrained: (batches: number) => void
}

const unheard: LineStoreEvents = { onSpooled: () => undefined, onDrained: () => undefined }

/**
 * Stores what lines bring; while the database is away it goes to disk, and what comes later waits behind it. A batch is recorded when its
 * turn has come, not when it was brought: what is told as of an instant stays what it was.
 */
export function createLineStore({ database, clock, spool, events = unheard }: LineStoreOptions): LineStore {
  let last: Promise<unknown> = Promise.resolve()
  let isFull = false

  /** One after the other: what lies on disk goes before what comes now. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined)
    return turn
  }

  async function drain(): Promise<number> {
    let batches = 0
    try {
      await spool.drain(async (record) => {
        await storeRecord(database, record, clock.now())
        batches += 1
      })
      isFull = false
      return batches
    } finally {
      // A drain that the database ends half-way has stored what it has stored.
      if (batches > 0) events.onDrained(batches)
    }
  }

  async function storeOrSpool(batch: LineBatch): Promise<BatchStored | null> {
    try {
      if (!spool.isEmpty()) await drain()
      return await storeCollected(database, { ...batch, recordedAt: clock.now() })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      await keep(batch)
      events.onSpooled()
      return null
    }
  }

  async function keep({ lease, ...spooled }: LineBatch): Promise<void> {
    const record = serialize({ ...spooled, lineId: lease.lineId } satisfies SpooledBatch)
    // Whatever the disk refuses an append for, it would refuse the next one, too.
    const kept = await spool.append(record).catch((cause: unknown) => noRoom(lease.lineId, { cause }))
    if (kept === 'full') noRoom(lease.lineId)
  }

  function noRoom(lineId: LineId, options?: { readonly cause: unknown }): never {
    isFull = true
    const reason = options?.cause instanceof Error ? options.cause.message : 'the spool is full'
    throw new SpoolFullError(`line ${lineId}: nothing is kept while the database is away: ${reason}`, options)
  }

  return {
    store: (batch) => inTurn(() => storeOrSpool(batch)),
    drain: () => inTurn(drain),
    isEmpty: spool.isEmpty,
    isFull: () => isFull,
  }
}

/** What the database refuses for its content, and what is no batch of ours, is kept aside as it lay on disk: it holds up nothing behind it. */
async function storeRecord(database: Database, record: Buffer, now: Instant): Promise<void> {
  const keepAside = (lineId: LineId | null, receivedAt: Instant) =>
    database.transaction((tx) =>
      insertQuarantined(tx, [{ reason: 'not_storable', payload: record, receivedAt, lineId }]),
    )
  const batch = batchIn(record)
  if (batch === null) return void (await keepAside(null, now))
  try {
    await storeSpooled(database, batch, { recordedAt: now })
  } catch (error) {
    if (!isRefusedData(error)) throw error
    await keepAside(batch.lineId, batch.recordedAt)
  }
}

/** Null for bytes of another program or another version of this one. */
function batchIn(record: Buffer): SpooledBatch | null {
  try {
    const batch = deserialize(record) as Partial<SpooledBatch> | null
    const isOurs = typeof batch?.lineId === 'bigint' && Array.isArray(batch.readings) && Array.isArray(batch.failures)
    return isOurs ? (batch as SpooledBatch) : null
  } catch {
    return null
  }
}
