import type { Timer } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { EncodedEnvelope } from '../../protocols/concentrator/encode-envelope.js'

/** An upload that nobody has confirmed yet. */
export interface StoredUpload extends EncodedEnvelope {
  readonly batch: number
  readonly collectedAt: Instant
}

/** What a concentrator keeps until it is confirmed, in a memory of its own size. */
export interface UploadStore {
  readonly keep: (upload: StoredUpload, timer: Timer) => void
  /** True when there was such an upload. */
  readonly forget: (batch: number) => boolean
  /** Gives up what was collected up to the instant, oldest first, and whatever the memory has no room for. */
  readonly makeRoom: (keptFrom: Instant) => void
  readonly counts: () => { readonly waiting: number; readonly bytes: number; readonly lost: number }
  readonly close: () => void
}

export function createUploadStore(maxBytes: number): UploadStore {
  const waiting = new Map<number, { upload: StoredUpload; timer: Timer }>()
  let bytes = 0
  let lost = 0

  function forget(batch: number): boolean {
    const found = waiting.get(batch)
    if (found === undefined) return false
    found.timer.cancel()
    bytes -= found.upload.payload.length
    return waiting.delete(batch)
  }

  return {
    keep(upload, timer) {
      const before = waiting.get(upload.batch)
      before?.timer.cancel()
      if (before === undefined) bytes += upload.payload.length
      waiting.set(upload.batch, { upload, timer })
    },
    forget,
    makeRoom(keptFrom) {
      // Batches are counted upwards, and a Map keeps the place of a key that is set again: the first one is the oldest.
      for (const { upload } of waiting.values()) {
        if (upload.collectedAt > keptFrom && bytes <= maxBytes) return
        forget(upload.batch)
        lost += 1
      }
    },
    counts: () => ({ waiting: waiting.size, bytes, lost }),
    close() {
      for (const { timer } of waiting.values()) timer.cancel()
    },
  }
}
