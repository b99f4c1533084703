import { InvariantError } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'

/** A clock that stands still: for code that reads the time or holds it, and never waits. `held()` counts open holds. */
export function createStillClock(now: Instant): Clock & { readonly held: () => number } {
  let holds = 0
  return {
    now: () => now,
    elapsed: () => now,
    setTimer: never,
    sleep: never,
    held: () => holds,
    hold() {
      holds++
      let open = true
      return () => {
        if (open) holds--
        open = false
      }
    },
  }
}

function never(): never {
  throw new InvariantError('a still clock fires no timers')
}
