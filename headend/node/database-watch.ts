import type { Clock } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { type LogEvent, messageOf } from './log.js'
import type { Sleeper } from './wake.js'

/** Runs what needs the database, and waits with growing pauses while it is away. */
export interface DatabaseWatch {
  /** Null when it failed; the pause is over then. */
  readonly attempt: <T>(what: string, act: () => Promise<T>) => Promise<T | null>
  readonly isReachable: () => boolean
  /** When it last answered. */
  readonly seenAt: () => Instant
}

const firstPauseMs = secondMs
const longestPauseMs = 30 * secondMs

export function createDatabaseWatch(
  { clock, log, onLost }: { readonly clock: Pick<Clock, 'now'>; readonly log: LogEvent; readonly onLost: () => void },
  sleeper: Pick<Sleeper, 'sleep'>,
): DatabaseWatch {
  let failures = 0
  let seenAt = clock.now()
  return {
    async attempt(what, act) {
      try {
        const result = await act()
        if (failures > 0) log('info', 'database_back', { after: failures })
        failures = 0
        seenAt = clock.now()
        return result
      } catch (error) {
        failures += 1
        if (failures === 1) onLost()
        log('error', 'database_failed', { what, reason: messageOf(error), failures })
        await sleeper.sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)))
        return null
      }
    },
    isReachable: () => failures === 0,
    seenAt: () => seenAt,
  }
}
