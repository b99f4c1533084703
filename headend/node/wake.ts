import type { Clock } from '../../domain/runtime.js'

/** Sleeps until the time is over or somebody calls, whichever comes first. A call that comes while nobody sleeps counts for the next sleep. */
export interface Sleeper {
  readonly sleep: (delayMs: number) => Promise<void>
  readonly wake: () => void
}

export function createSleeper(clock: Clock): Sleeper {
  let called = false
  let rouse: (() => void) | null = null
  return {
    sleep(delayMs) {
      if (called) {
        called = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const timer = clock.setTimer(delayMs, () => rouse?.())
        rouse = () => {
          rouse = null
          called = false
          timer.cancel()
          resolve()
        }
      })
    },
    wake() {
      called = true
      rouse?.()
    },
  }
}
