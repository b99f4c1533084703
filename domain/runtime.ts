import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Instant } from './time.js'

/**
 * Everything that could make two runs differ comes in through these interfaces: the clock and its timers, the network, and
 * randomness. Shells pass the real ones; the demo and the tests pass discrete virtual ones.
 */
export interface Clock {
  readonly now: () => Instant
  /** Milliseconds from an origin of its own. It only goes forward, whatever is done to the clock of the machine: for how long, not when. */
  readonly elapsed: () => number
  /** Calls `fire` once, `delayMs` from now at the earliest. Timers due at one instant fire in the order of their creation. */
  readonly setTimer: (delayMs: number, fire: () => void) => Timer
  /** Resolves `delayMs` from now. */
  readonly sleep: (delayMs: number) => Promise<void>
  /**
   * Keeps virtual time from moving while work goes on that the clock cannot see (a query, a publish, a worker).
   * A real clock does nothing. Each returned function counts once, however often it is called.
   */
  readonly hold: () => () => void
}

export interface Timer {
  readonly cancel: () => void
}

/** Runs an asynchronous act during which virtual time stands still. */
export async function holding<T>(clock: Pick<Clock, 'hold'>, act: () => Promise<T>): Promise<T> {
  const release = clock.hold()
  try {
    return await act()
  } finally {
    release()
  }
}

/** Stream sockets; a virtual network counts bytes in flight so that virtual time waits for them. */
export interface Network {
  /** Resolves with an open socket, rejects with the system's error (`code` such as ECONNREFUSED). */
  readonly connect: (endpoint: Endpoint) => Promise<Socket>
  /** Port 0 asks for any free port; the returned endpoint says which. Rejects when the port is taken. */
  readonly listen: (endpoint: Endpoint, accept: (socket: Socket) => void) => Promise<Listener>
}

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export interface Listener {
  readonly endpoint: Endpoint
  /** Stops accepting and destroys the sockets that were accepted. */
  readonly close: () => Promise<void>
}

/** Serial ports of this machine. */
export interface SerialPorts {
  /**
   * Resolves with an open port, rejects with what the system says. Destroying the stream gives the port back: it may be opened again
   * once the stream has emitted `close`. Rate and parity cannot change while it is open.
   */
  readonly open: (settings: SerialSettings) => Promise<Duplex>
}

/** How a serial port is set; always eight data bits. */
export interface SerialSettings {
  readonly path: string
  readonly baud: number
  readonly parity: Parity
  readonly stopBits: 1 | 2
}

export const parities = ['even', 'odd', 'none'] as const
export type Parity = (typeof parities)[number]

/**
 * Randomness is a pure function of a seed and named parts, never a stream that callers share:
 * adding a caller changes nobody else's numbers.
 */
export interface Random {
  /** Integer in [0, bound). */
  readonly below: (bound: number, ...parts: readonly (string | number)[]) => number
}
