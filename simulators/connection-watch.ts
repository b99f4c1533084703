import type { Socket } from 'node:net'
import type { Clock } from '../domain/runtime.js'

type Done = (error?: Error | null) => void

interface End {
  readonly socket: Socket
  bytesSent: number
  /** It has read everything that the other end will ever write. */
  sawEnd: boolean
}

/**
 * Holds the clock while anything is under way between two ends of one connection. Judged by the bytes handed to
 * the system and read from it, and by what still waits in the streams, each time an end writes, reads or closes.
 */
export function watchConnection(clock: Clock, left: Socket, right: Socket): void {
  const first = endOf(left)
  const second = endOf(right)
  let release: (() => void) | null = null

  function judge(): void {
    if (isUnderWay(first, second)) {
      release ??= clock.hold()
      return
    }
    release?.()
    release = null
  }

  notice(first, judge)
  notice(second, judge)
  judge()
}

function endOf(socket: Socket): End {
  return { socket, bytesSent: socket.bytesWritten - socket.writableLength, sawEnd: false }
}

function isUnderWay(left: End, right: End): boolean {
  return isFlowing(left, right) || isFlowing(right, left) || isClosing(left) || isClosing(right)
}

function isFlowing(writer: End, reader: End): boolean {
  if (reader.sawEnd || reader.socket.destroyed) return false
  const isOver = writer.socket.destroyed || writer.socket.writableEnded
  return isOver || writer.socket.writableLength > 0 || writer.bytesSent > reader.socket.bytesRead
}

/** Its handlers of `close` have not run yet. */
function isClosing({ socket }: End): boolean {
  return socket.destroyed && !socket.closed
}

/** Calls `judge` after each act of the stream. The hooks stand where the stream meets the system, so its users see no difference. */
function notice(end: End, judge: () => void): void {
  const { socket } = end
  const push = socket.push.bind(socket)
  const write = socket._write.bind(socket)
  const writeMany = socket._writev?.bind(socket)
  const final = socket._final.bind(socket)
  const destroy = socket._destroy.bind(socket)
  const judgingAfter = (done: Done) => (error?: Error | null) => {
    done(error)
    judge()
  }
  socket.push = (chunk, encoding) => {
    const wantsMore = push(chunk, encoding)
    if (chunk === null) end.sawEnd = true
    judge()
    return wantsMore
  }
  socket._write = (chunk, encoding, done) => {
    end.bytesSent += byteLength(chunk, encoding)
    write(chunk, encoding, judgingAfter(done))
    judge()
  }
  if (writeMany !== undefined)
    socket._writev = (chunks, done) => {
      for (const { chunk, encoding } of chunks) end.bytesSent += byteLength(chunk, encoding)
      writeMany(chunks, judgingAfter(done))
      judge()
    }
  socket._final = (done) => {
    final(done)
    judge()
  }
  socket._destroy = (error, done) => {
    destroy(error, done)
    judge()
  }
  socket.once('close', judge)
}

function byteLength(chunk: Uint8Array | string, encoding: BufferEncoding): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length
}
