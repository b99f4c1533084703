import type { Duplex } from 'node:stream'
import { type Clock, holding } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { reconnectDelayMs } from './reconnect-delay.js'

/** A byte stream that is opened when it is needed and opened again, with growing pauses, when it was lost. */
export interface Connection<S extends Duplex> {
  /** The open stream; null when none could be had before the deadline. */
  readonly open: (deadline: Instant) => Promise<S | null>
  /** Why the last attempt failed; null when none has, or when one succeeded since. */
  readonly failure: () => unknown
  /** The open stream, if there is one. */
  readonly current: () => S | null
  /** Ends the open stream at once and without `onDown`; `open` makes a new one. */
  readonly close: () => void
}

export interface ConnectionOptions<S extends Duplex> {
  readonly clock: Clock
  /** Resolves with an open socket or serial port, rejects when none is to be had now. */
  readonly connect: () => Promise<S>
  readonly onData: (chunk: Buffer) => void
  readonly onDown: () => void
}

export function createConnection<S extends Duplex>({
  clock,
  connect,
  onData,
  onDown,
}: ConnectionOptions<S>): Connection<S> {
  let stream: S | null = null
  let failures = 0
  let failure: unknown = null
  let closing: Promise<unknown> | null = null

  function forget(lost: S): void {
    if (stream !== lost) return
    stream = null
    onDown()
  }

  async function tryToConnect(): Promise<S | null> {
    try {
      const opened = await holding(clock, async () => {
        // A serial port can be opened again only when it has been given back.
        await closing
        return connect()
      })
      opened.on('data', onData)
      // Either event may come first, and a reset brings both; a listener must be there for `error` in any case.
      opened.on('error', () => opened.destroy())
      opened.on('end', () => opened.destroy())
      opened.on('close', () => forget(opened))
      failure = null
      return opened
    } catch (error) {
      failure = error
      return null
    }
  }

  return {
    failure: () => failure,
    current: () => stream,
    async open(deadline) {
      while (stream === null) {
        stream = await tryToConnect()
        failures = stream === null ? failures + 1 : 0
        if (stream !== null) break
        const delayMs = reconnectDelayMs(failures)
        if (clock.now() + delayMs >= deadline) return null
        await clock.sleep(delayMs)
      }
      return stream
    },
    close() {
      const open = stream
      stream = null
      if (open === null || open.closed) return
      closing = new Promise((closed) => open.once('close', closed))
      open.destroy()
    },
  }
}
