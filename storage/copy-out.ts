import type { Socket } from 'node:net'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { invariant } from '../domain/result.js'
import { canTap, setTap } from './copy-socket.js'

/** Takes a piece of a COPY; pieces end anywhere. */
export type TakePiece = (piece: Buffer) => unknown

/**
 * Streams a `copy … to stdout`. It is read to its end even when `take` throws, so that the session stays usable for the rollback. While a
 * promise of `take` is open, nothing more is read. `passing` pieces are overwritten by the next one, so `take` keeps nothing of them,
 * nor looks at them after waiting.
 */
export function copyOut(client: pg.PoolClient, sql: string, take: TakePiece, pieces: 'own' | 'passing'): Promise<void> {
  const { stream } = client.connection
  if (!canTap(stream)) return drain(client.query(copyTo(sql)), take)
  const careful = createCarefulTake(pieces === 'passing' ? take : (piece) => take(Buffer.from(piece)), stream)
  return new Promise<void>((resolve, reject) => {
    client.query(createTappedCopy(sql, careful.take, resolve, reject))
  }).then(careful.finish)
}

/** Over TLS the driver's own stream is read; what `take` promises is waited for here. */
async function drain(source: AsyncIterable<Buffer>, take: TakePiece): Promise<void> {
  let failure: { readonly error: unknown } | null = null
  for await (const piece of source) {
    if (failure !== null) continue
    try {
      await take(piece)
    } catch (error) {
      failure = { error }
    }
  }
  if (failure !== null) throw failure.error
}

interface CarefulTake {
  readonly take: (piece: Buffer) => void
  /** @throws what `take` threw first */
  readonly finish: () => Promise<void>
}

function createCarefulTake(take: TakePiece, socket: Socket): CarefulTake {
  let failure: { readonly error: unknown } | null = null
  let open: Promise<void> | null = null
  const fail = (error: unknown): void => {
    failure ??= { error }
  }
  return {
    take(piece) {
      if (failure !== null) return
      try {
        const answer = take(piece)
        if (!(answer instanceof Promise)) return
        socket.pause()
        open = answer.then(() => undefined, fail).finally(() => socket.resume())
      } catch (error) {
        fail(error)
      }
    },
    async finish() {
      await open
      if (failure !== null) throw failure.error
    },
  }
}

/** What the driver asks of a query that reads for itself. */
interface TappedCopy extends pg.Submittable {
  readonly handleError: (error: Error) => void
  readonly handleCommandComplete: () => void
  readonly handleReadyForQuery: () => void
}

function createTappedCopy(
  sql: string,
  take: (piece: Buffer) => void,
  resolve: () => void,
  reject: (error: Error) => void,
): TappedCopy {
  let socket: Socket | null = null
  const untap = (): void => {
    if (socket !== null) setTap(socket, null)
  }
  return {
    submit(connection) {
      const { stream } = connection
      invariant(canTap(stream), 'a session keeps its socket')
      socket = stream
      const tap = createCopyTap(take, (rest) => {
        untap()
        stream.emit('data', rest)
      })
      setTap(stream, tap)
      connection.query(sql)
    },
    handleError(error) {
      untap()
      reject(error)
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: resolve,
  }
}

const copyData = 0x64
/** A response, a notice, a parameter or a notification may come between pieces, and nobody waits for it. */
const passedOver: ReadonlySet<number> = new Set(Buffer.from('HNSA'))
const headerBytes = 5

/**
 * Takes the data out of the messages of a COPY. The first message of another kind (the data's end, an error) goes to `end` with all that
 * came behind it. Source: PostgreSQL documentation, Message Formats.
 */
export function createCopyTap(take: (piece: Buffer) => void, end: (rest: Buffer) => void): (bytes: Buffer) => void {
  /** The beginning of a message whose header was cut. */
  let cut: Buffer | null = null
  let isData = false
  /** Bytes of the message at hand that are still to come. */
  let left = 0
  return (came) => {
    const bytes = cut === null ? came : Buffer.concat([cut, came])
    cut = null
    // Data is moved together where it is: so much of it stands at the beginning.
    let [at, kept] = [0, 0]
    let rest: Buffer | null = null
    while (at < bytes.length) {
      if (left === 0) {
        const kind = bytes[at] ?? 0
        if (kind !== copyData && !passedOver.has(kind)) {
          rest = Buffer.from(bytes.subarray(at))
          break
        }
        if (at + headerBytes > bytes.length) {
          cut = Buffer.from(bytes.subarray(at))
          break
        }
        isData = kind === copyData
        left = bytes.readInt32BE(at + 1) + 1 - headerBytes
        at += headerBytes
      }
      const size = Math.min(left, bytes.length - at)
      if (isData) {
        bytes.copyWithin(kept, at, at + size)
        kept += size
      }
      at += size
      left -= size
    }
    if (kept > 0) take(bytes.subarray(0, kept))
    if (rest !== null) end(rest)
  }
}
