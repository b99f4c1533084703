import { type Clock, holding } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'

/** What concentrators say of themselves, taken one after the other; uploads go elsewhere, together. */
export interface WordQueue {
  /** `take` stores the word and may run again after a failure; only then it is acknowledged. */
  readonly push: (word: { readonly take: () => Promise<void>; readonly acknowledge: () => void }) => void
  readonly drained: () => Promise<void>
  readonly pending: () => number
  /** Message of the failure that is being retried; null while all is well. */
  readonly lastError: () => string | null
  /** Lets the running word end and takes nothing more; what waits stays with the broker. */
  readonly close: () => Promise<void>
}

const retryDelayMs = 5 * secondMs

export function createWordQueue(clock: Clock): WordQueue {
  const waiting: Parameters<WordQueue['push']>[0][] = []
  const state: { running: Promise<void> | null; closed: boolean; error: string | null } = {
    running: null,
    closed: false,
    error: null,
  }

  async function work(): Promise<void> {
    for (let word = waiting[0]; word !== undefined && !state.closed; word = waiting[0]) {
      try {
        await holding(clock, word.take)
        state.error = null
        waiting.shift()
        word.acknowledge()
      } catch (failure) {
        state.error = failure instanceof Error ? failure.message : String(failure)
        await clock.sleep(retryDelayMs)
      }
    }
    state.running = null
  }

  async function drained(): Promise<void> {
    while (state.running !== null) await state.running
  }

  return {
    push(word) {
      if (state.closed) return
      waiting.push(word)
      state.running ??= work()
    },
    drained,
    pending: () => waiting.length,
    lastError: () => state.error,
    close() {
      state.closed = true
      return drained()
    },
  }
}
