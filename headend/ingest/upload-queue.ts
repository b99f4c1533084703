import type { Clock } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'

/** A message whose delivery is confirmed only after its act is done. */
export interface QueuedUpload {
  /** Messages of one line are worked on in the order in which they came. */
  readonly lineCode: string
  /** Stores the message and whatever must be committed before anybody is told. May be run again after a failure. */
  readonly store: () => Promise<void>
  readonly acknowledge: () => void
}

export interface UploadQueue {
  readonly push: (upload: QueuedUpload) => void
  /** Resolves when everything that has arrived is committed and acknowledged. */
  readonly drained: () => Promise<void>
  readonly pending: () => number
  /** Message of the failure that is being retried; null while all is well. */
  readonly lastError: () => string | null
  /** Lets the running group end and takes nothing more; what waits stays with the broker. */
  readonly close: () => Promise<void>
}

/** Most messages that are committed before their acknowledgements go out together. */
const groupSize = 100
/** Pause before a group is tried again after the database failed it. */
const retryDelayMs = 5 * secondMs

/**
 * Works messages off in groups, lines beside each other. Nothing is acknowledged before all of its group is committed, and
 * acknowledgements keep the order of arrival. A failure is tried again: meanwhile the broker holds back what is not acknowledged.
 */
export function createUploadQueue(clock: Clock): UploadQueue {
  const waiting: QueuedUpload[] = []
  const releases: (() => void)[] = []
  const state: { running: Promise<void> | null; closed: boolean; error: string | null } = {
    running: null,
    closed: false,
    error: null,
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !state.closed) {
      const group = waiting.slice(0, groupSize)
      if (!(await storeGroup(group))) continue
      waiting.splice(0, group.length)
      for (const upload of group) upload.acknowledge()
      for (const release of releases.splice(0, group.length)) release()
    }
    state.running = null
  }

  async function storeGroup(group: readonly QueuedUpload[]): Promise<boolean> {
    const lines = new Set(group.map((upload) => upload.lineCode))
    try {
      await Promise.all([...lines].map((line) => storeInOrder(group.filter(({ lineCode }) => lineCode === line))))
      state.error = null
      return true
    } catch (failure) {
      state.error = failure instanceof Error ? failure.message : String(failure)
      for (const release of releases) release()
      await clock.sleep(retryDelayMs)
      return false
    }
  }

  return {
    push(upload) {
      if (state.closed) return
      waiting.push(upload)
      releases.push(clock.hold())
      state.running ??= work()
    },
    drained: async () => {
      while (state.running !== null) await state.running
    },
    pending: () => waiting.length,
    lastError: () => state.error,
    async close() {
      state.closed = true
      while (state.running !== null) await state.running
      for (const release of releases.splice(0)) release()
    },
  }
}

async function storeInOrder(uploads: readonly QueuedUpload[]): Promise<void> {
  for (const upload of uploads) await upload.store()
}
