import type { Clock, Timer } from '../../domain/runtime.js'

/** Beyond this a system timer fires at once, so longer waits are taken in pieces. */
const maxSystemDelayMs = 2 ** 31 - 1

/** The machine's own clock and timers. Nothing can hold it. */
export function createRealClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    setTimer,
    sleep: (delayMs) => new Promise((wake) => setTimer(delayMs, wake)),
    hold: () => noRelease,
  }
}

function setTimer(delayMs: number, fire: () => void): Timer {
  // By the clock that nobody sets: a wait is a wait, also while the machine's time is put right.
  const dueAt = performance.now() + delayMs
  let handle = setTimeout(wake, Math.min(delayMs, maxSystemDelayMs))
  function wake(): void {
    const restMs = Math.ceil(dueAt - performance.now())
    if (restMs <= 0) fire()
    else handle = setTimeout(wake, Math.min(restMs, maxSystemDelayMs))
  }
  return { cancel: () => clearTimeout(handle) }
}

function noRelease(): void {}
