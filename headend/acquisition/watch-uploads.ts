import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedBatch } from './attempt-log.js'
import type { LineOutcome } from './collect-line.js'
import type { OpenRead } from './line-reader.js'
import { sleepUntil } from './sleep-until.js'

export interface WatchUploadsOptions {
  readonly clock: Clock
  /** Due points of the line that no upload has served yet. */
  readonly missing: () => Promise<readonly OpenRead[]>
  /** When to look, ascending; the last look closes the window. */
  readonly passStarts: readonly Instant[]
  readonly store: (batch: CollectedBatch) => Promise<void>
  /** Asks the meters through the concentrator for what it has not delivered, from the last look but one on. */
  readonly fillGaps?: (open: readonly OpenRead[]) => Promise<LineOutcome>
}

/** A concentrator delivers by itself. Whatever has not come when the window closes is recorded as failed. */
export async function watchUploads(options: WatchUploadsOptions): Promise<LineOutcome> {
  const { clock, missing, store, fillGaps } = options
  const due = (await missing()).length
  const looks = fillGaps === undefined ? options.passStarts : options.passStarts.slice(0, -1)
  let open: readonly OpenRead[] = []
  for (const start of looks) {
    await sleepUntil(clock, start)
    open = await missing()
    if (open.length === 0) break
  }
  if (open.length > 0 && fillGaps !== undefined) {
    const filled = await fillGaps(open)
    return { due, read: due - filled.open, repaired: filled.read, open: filled.open }
  }
  const failures = open.map(({ meterId, readAt }) => ({
    meterId,
    readAt,
    cause: 'no_upload' as const,
    failedAt: clock.now(),
  }))
  if (failures.length > 0) await store({ readings: [], failures })
  return { due, read: due - open.length, repaired: 0, open: open.length }
}
