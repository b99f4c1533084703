import type { Socket } from 'node:net'
import { type Clock, type Endpoint, holding, type Network } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { reconnectDelayMs } from './reconnect-delay.js'

/** A stream socket that is opened when it is needed and opened again, with growing pauses, when it was lost. */
export interface Connection {
  /** The open socket; null when none could be had before the deadline. */
  readonly open: (deadline: Instant) => Promise<Socket | null>
  /** The open socket, if there is one. */
  readonly current: () => Socket | null
  /** Ends the open socket at once and without `onDown`; `open` makes a new one. */
  readonly close: () => void
}

export interface ConnectionOptions {
  readonly clock: Clock
  readonly network: Network
  readonly endpoint: Endpoint
  readonly onData: (chunk: Buffer) => void
  readonly onDown: () => void
}

export function createConnection({ clock, network, endpoint, onData, onDown }: ConnectionOptions): Connection {
  let socket: Socket | null = null
  let failures = 0

  function forget(lost: Socket): void {
    if (socket !== lost) return
    socket = null
    onDown()
  }

  async function connect(): Promise<Socket | null> {
    try {
      const opened = await holding(clock, () => network.connect(endpoint))
      opened.on('data', onData)
      // Either event may come first, and a reset brings both; a listener must be there for `error` in any case.
      opened.on('error', () => opened.destroy())
      opened.on('end', () => opened.destroy())
      opened.on('close', () => forget(opened))
      return opened
    } catch {
      return null
    }
  }

  return {
    current: () => socket,
    async open(deadline) {
      while (socket === null) {
        socket = await connect()
        failures = socket === null ? failures + 1 : 0
        if (socket !== null) break
        const delayMs = reconnectDelayMs(failures)
        if (clock.now() + delayMs >= deadline) return null
        await clock.sleep(delayMs)
      }
      return socket
    },
    close() {
      const open = socket
      socket = null
      open?.destroy()
    },
  }
}
