import { invariant } from '../domain/result.js'
import type { Clock } from '../domain/runtime.js'
import type { Instant } from '../domain/time.js'

/** A clock that jumps from timer to timer. Between two timers the world may take as long as it likes: time stands still. */
export interface VirtualClock extends Clock {
  /** Time stands still for good. */
  readonly close: () => void
}

interface PendingTimer {
  readonly dueAt: Instant
  readonly order: number
  readonly fire: () => void
  cancelled: boolean
}

/**
 * Turns of the event loop without any hold before time moves: one for callbacks that are already queued, one for what those
 * queue in turn.
 */
const quietTurnsNeeded = 2

/**
 * With nothing held for two event-loop turns, time moves to the earliest timer and fires that one timer; then the same again.
 * Without timers, or while held, nothing runs and nothing keeps the process alive.
 */
export function createVirtualClock(start: Instant): VirtualClock {
  let now = start
  let closed = false
  let holds = 0
  let holdsTaken = 0
  let timersCreated = 0
  let watching = false
  /** Latest first, so that the next one to fire is popped off the end. */
  const timers: PendingTimer[] = []

  function hold(): () => void {
    holds += 1
    holdsTaken += 1
    let released = false
    return () => {
      if (released) return
      released = true
      holds -= 1
      watch()
    }
  }

  function watch(): void {
    while (timers.at(-1)?.cancelled) timers.pop()
    if (watching || closed || holds > 0 || timers.length === 0) return
    watching = true
    countQuietTurn(0, holdsTaken)
  }

  function countQuietTurn(quietTurns: number, holdsSeen: number): void {
    if (quietTurns < quietTurnsNeeded) {
      setImmediate(() => (holdsSeen === holdsTaken ? countQuietTurn(quietTurns + 1, holdsSeen) : stopAndWatch()))
      return
    }
    const timer = timers.pop()
    if (timer !== undefined && !timer.cancelled && !closed) {
      now = timer.dueAt
      timer.fire()
    }
    stopAndWatch()
  }

  function stopAndWatch(): void {
    watching = false
    watch()
  }

  function setTimer(delayMs: number, fire: () => void) {
    invariant(Number.isInteger(delayMs) && delayMs >= 0, 'a delay is a whole number of milliseconds')
    timersCreated += 1
    const timer: PendingTimer = { dueAt: now + delayMs, order: timersCreated, fire, cancelled: false }
    timers.splice(positionOf(timers, timer), 0, timer)
    watch()
    return {
      cancel() {
        timer.cancelled = true
      },
    }
  }

  return {
    now: () => now,
    elapsed: () => now,
    setTimer,
    sleep: (delayMs) => new Promise((wake) => setTimer(delayMs, wake)),
    hold,
    close() {
      closed = true
      timers.length = 0
    },
  }
}

/** First position whose timer fires before the new one. */
function positionOf(timers: readonly PendingTimer[], timer: PendingTimer): number {
  let low = 0
  let high = timers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (firesBefore(timers[middle], timer)) high = middle
    else low = middle + 1
  }
  return low
}

function firesBefore(timer: PendingTimer | undefined, other: PendingTimer): boolean {
  return (
    timer !== undefined && (timer.dueAt < other.dueAt || (timer.dueAt === other.dueAt && timer.order < other.order))
  )
}
