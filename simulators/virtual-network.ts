import type { Socket } from 'node:net'
import type { Clock, Listener, Network } from '../domain/runtime.js'
import { watchConnection } from './connection-watch.js'

interface Waiting {
  readonly socket: Socket
  readonly met: () => void
}

/**
 * Real loopback sockets on a virtual clock: time stands still while bytes are under way between two sockets of this network,
 * while a connection is being made, and until both ends know that it is over. The sockets stay ordinary streams, so they can
 * be handed to any library.
 *
 * Limits: a connection whose other end is outside this network never holds the clock; a reader that pauses over more than its
 * stream's buffer must not wait for virtual time, because the unread bytes hold it.
 */
export function createVirtualNetwork(clock: Clock, sockets: Network): Network {
  const ports = new Set<number>()
  const waiting = new Map<string, Waiting>()

  async function whileHeld<T>(act: () => Promise<T>): Promise<T> {
    const release = clock.hold()
    return act().finally(release)
  }

  /** Brings the two ends of a connection together, in whichever order they come. On one host two ports name a connection. */
  function meet(key: string, socket: Socket, met: () => void): void {
    const other = waiting.get(key)
    if (other === undefined) {
      waiting.set(key, { socket, met })
      socket.once('close', () => {
        if (waiting.get(key)?.socket === socket) waiting.delete(key)
      })
      return
    }
    waiting.delete(key)
    watchConnection(clock, other.socket, socket)
    other.met()
    met()
  }

  function untilAccepted(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', reset)
      meet(`${socket.localPort}-${socket.remotePort}`, socket, () => {
        socket.off('error', reject)
        socket.off('close', reset)
        resolve()
      })
      function reset(): void {
        reject(Object.assign(new Error('closed before it was accepted'), { code: 'ECONNRESET' }))
      }
    })
  }

  return {
    connect: (endpoint) =>
      whileHeld(async () => {
        const socket = await sockets.connect(endpoint)
        if (ports.has(endpoint.port)) await untilAccepted(socket)
        return socket
      }),
    listen: (endpoint, accept) =>
      whileHeld(async () => {
        const listener = await sockets.listen(endpoint, (socket) => {
          meet(`${socket.remotePort}-${socket.localPort}`, socket, () => {})
          accept(socket)
        })
        ports.add(listener.endpoint.port)
        return closingWhileHeld(listener)
      }),
  }

  function closingWhileHeld(listener: Listener): Listener {
    return {
      endpoint: listener.endpoint,
      close() {
        ports.delete(listener.endpoint.port)
        return whileHeld(() => listener.close())
      },
    }
  }
}
