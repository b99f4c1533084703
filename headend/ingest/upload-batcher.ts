import { type Clock, holding } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { type ArrivedUpload, batchOf, type ReadUpload, readArrived } from './collect-uploads.js'
import type { UploadsCommitted } from '../metrics/upload-tally.js'
import { createRepeatGuess } from './repeat-guess.js'
import { storeReadUploads } from './store-read-uploads.js'

export interface UploadBatcherOptions {
  readonly database: Database
  readonly clock: Clock
  readonly limits?: BatcherLimits
  /** Called once for each transaction. */
  readonly onCommitted?: (batch: UploadsCommitted) => void
  readonly onFailed?: () => void
}

export interface BatcherLimits {
  /** Most messages and bytes of payload in one transaction. */
  readonly batchMessages: number
  readonly batchBytes: number
  /** Messages or bytes of payload in memory from which on the transport should deliver no more. */
  readonly fullMessages: number
  readonly fullBytes: number
}

export const usualLimits: BatcherLimits = {
  batchMessages: 2_000,
  batchBytes: 4_000_000,
  fullMessages: 10_000,
  fullBytes: 64_000_000,
}

export interface UploadBatcher {
  /** Takes a message; its `confirm` is called once it is committed. Whoever pushes stops while `isFull`. */
  readonly push: (arrived: ArrivedUpload) => void
  readonly isFull: () => boolean
  /** Resolves when it is no longer full, or closed. */
  readonly whenRoom: () => Promise<void>
  /** Resolves when everything that has arrived is committed and confirmed. */
  readonly drained: () => Promise<void>
  /** Messages that are not committed yet. */
  readonly pending: () => number
  /** Their payload. */
  readonly pendingBytes: () => number
  /** Message of the failure that is being retried; null while all is well. */
  readonly lastError: () => string | null
  /** Lets the running transaction end and takes nothing more; what waits stays with the broker. */
  readonly close: () => Promise<void>
}

interface BatcherState {
  running: Promise<void> | null
  closed: boolean
  error: string | null
  /** Of all payloads that wait. */
  bytes: number
  /** Ends the wait for the next try. */
  endPause: () => void
}

const longestRetryMs = 30 * secondMs

/**
 * Stores uploads of all lines in common transactions, as many at a time as have arrived while the one before was committed. Nothing
 * is confirmed before its commit, and confirmations keep the order of arrival. While the database fails, the same messages are tried
 * again after 1 s, 2 s, 4 s … 30 s, and the rest waits behind them.
 */
export function createUploadBatcher(options: UploadBatcherOptions): UploadBatcher {
  const { database, clock, limits = usualLimits, onCommitted, onFailed } = options
  const waiting: ArrivedUpload[] = []
  const guess = createRepeatGuess()
  const confirming = new Set<Promise<unknown>>()
  const roomSeekers: (() => void)[] = []
  const state: BatcherState = { running: null, closed: false, error: null, bytes: 0, endPause: () => undefined }

  async function work(): Promise<void> {
    let read = readNext(0)
    while (read.length > 0 && !state.closed) {
      const isStored = stored(read)
      // A full group more is understood while the database is at work; of a smaller one there may be more by then.
      const following = waiting.length >= read.length + limits.batchMessages ? readNext(read.length) : []
      if (!(await isStored)) break
      state.bytes -= totalBytes(waiting.splice(0, read.length))
      confirm(read)
      if (!isFull()) for (const found of roomSeekers.splice(0)) found()
      read = following.length > 0 ? following : readNext(0)
    }
    state.running = null
  }

  function readNext(from: number): readonly ReadUpload[] {
    return groupFrom(waiting, from, limits).map(readArrived)
  }

  /** False when we were closed before it was possible. */
  async function stored(uploads: readonly ReadUpload[]): Promise<boolean> {
    for (let failures = 0; !state.closed; failures++) {
      try {
        const began = clock.now()
        const done = await holding(clock, () => storeReadUploads(database, began, uploads, guess))
        state.error = null
        onCommitted?.({ messages: uploads.length, ...done, seconds: (clock.now() - began) / 1000 })
        return true
      } catch (failure) {
        state.error = failure instanceof Error ? failure.message : String(failure)
        onFailed?.()
        await pause(Math.min(longestRetryMs, secondMs * 2 ** failures))
      }
    }
    return false
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.setTimer(delayMs, resolve)
      state.endPause = () => {
        timer.cancel()
        resolve()
      }
      if (state.closed) state.endPause()
    })
  }

  /** Until the broker has taken the receipts over, nothing of the uploads but these is kept in memory. */
  function confirm(uploads: readonly ReadUpload[]): void {
    const release = clock.hold()
    const confirmed = Promise.allSettled(uploads.map((upload) => upload.arrived.confirm(batchOf(upload)))).finally(
      () => {
        release()
        confirming.delete(confirmed)
      },
    )
    confirming.add(confirmed)
  }

  function isFull(): boolean {
    return waiting.length >= limits.fullMessages || state.bytes >= limits.fullBytes
  }

  return {
    push(arrived) {
      if (state.closed) return
      waiting.push(arrived)
      state.bytes += arrived.payload.length
      state.running ??= work()
    },
    isFull,
    whenRoom: () => (isFull() && !state.closed ? new Promise((found) => roomSeekers.push(found)) : Promise.resolve()),
    async drained() {
      while (state.running !== null) await state.running
      await Promise.all(confirming)
    },
    pending: () => waiting.length,
    pendingBytes: () => state.bytes,
    lastError: () => state.error,
    async close() {
      state.closed = true
      state.endPause()
      await state.running
      await Promise.all(confirming)
      for (const found of roomSeekers.splice(0)) found()
    },
  }
}

/** As many from there on as one transaction takes, at least one where there is one. */
function groupFrom(waiting: readonly ArrivedUpload[], from: number, { batchMessages, batchBytes }: BatcherLimits) {
  let to = from
  let bytes = 0
  while (to < waiting.length && to - from < batchMessages && (to === from || bytes < batchBytes)) {
    bytes += waiting[to]?.payload.length ?? 0
    to++
  }
  return waiting.slice(from, to)
}

function totalBytes(uploads: readonly ArrivedUpload[]): number {
  return uploads.reduce((sum, { payload }) => sum + payload.length, 0)
}
