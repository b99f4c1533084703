import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** Takes what came, before anybody else sees it; the bytes are overwritten by what comes next. */
export type Tap = (bytes: Buffer) => void

const roomBytes = 256 * 1024
const taps = new WeakMap<Socket, { current: Tap | null }>()

/**
 * A socket that reads into the same memory again and again. A month of curves is a gigabyte: were each 64 kB of it a buffer of its own, the
 * collector of a process with a large heap would work as long as everybody else together. Under TLS it is an ordinary socket.
 */
export function createCopySocket(config?: { readonly ssl?: unknown }): Socket {
  if (config?.ssl) return new Socket()
  const room = Buffer.allocUnsafeSlow(roomBytes)
  const tap: { current: Tap | null } = { current: null }
  const options: SocketConstructorOpts & ConnectOpts = {
    onread: {
      buffer: room,
      callback(length) {
        const bytes = room.subarray(0, length)
        if (tap.current === null) socket.emit('data', Buffer.from(bytes))
        else tap.current(bytes)
        return true
      },
    },
  }
  const socket = new Socket(options)
  taps.set(socket, tap)
  return socket
}

/** Whether the stream is such a socket: over TLS it is not. */
export function canTap(stream: unknown): stream is Socket {
  return stream instanceof Socket && taps.has(stream)
}

/** From now on all bytes go to the tap; null: to whoever listens, as usual. */
export function setTap(socket: Socket, current: Tap | null): void {
  const tap = taps.get(socket)
  if (tap !== undefined) tap.current = current
}
