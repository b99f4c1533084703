import type { Io } from './io.js'

export interface Interruption {
  /** Resolves on the first Ctrl-C or SIGTERM. */
  readonly happened: Promise<void>
  readonly stop: () => void
}

/** Waits for the end of a command that runs until somebody ends it. */
export function untilInterrupted(io: Io): Interruption {
  let stop = (): void => undefined
  const happened = new Promise<void>((done) => {
    stop = io.onInterrupt(done)
  })
  return { happened, stop: () => stop() }
}
