import { Duplex } from 'node:stream'

/** Whether streams may be read now; several connections after each other share one. */
export interface Flow {
  readonly pauseUntil: (room: Promise<void>) => void
  /** Calls `resume` once, as soon as reading is allowed. */
  readonly whenOpen: (resume: () => void) => void
  readonly isOpen: () => boolean
}

export function createFlow(): Flow {
  const resumes: (() => void)[] = []
  let pauses = 0
  const endPause = (): void => {
    pauses -= 1
    if (pauses === 0) for (const resume of resumes.splice(0)) resume()
  }
  return {
    pauseUntil(room) {
      pauses += 1
      room.then(endPause, endPause)
    },
    whenOpen(resume) {
      if (pauses === 0) resume()
      else resumes.push(resume)
    },
    isOpen: () => pauses === 0,
  }
}

/** A stream that can be used at once while its socket is still being opened: libraries ask for streams, networks give promises. */
export function openNetworkStream(opened: Promise<Duplex>, flow: Flow): Duplex {
  let open: Duplex | null = null
  const stream: Duplex = new Duplex({
    read: () => whenOpen((socket) => flow.whenOpen(() => socket.resume())),
    write: (chunk: Buffer, _encoding, done) => whenOpen((socket) => socket.write(chunk, done)),
    // What was written meanwhile goes out together: thousands of acknowledgements of a few bytes each cost a system call each otherwise.
    writev: (chunks, done) =>
      whenOpen((socket) => socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done)),
    final: (done) => whenOpen((socket) => socket.end(done)),
    destroy(error, done) {
      whenOpen((socket) => socket.destroy())
      done(error)
    },
  })
  opened.catch((error: Error) => stream.destroy(error))
  whenOpen((socket) => {
    open = socket
    socket.on('data', (chunk: Buffer) => {
      if (!stream.push(chunk) || !flow.isOpen()) socket.pause()
    })
    socket.on('error', (error) => stream.destroy(error))
    socket.on('end', () => stream.push(null))
    socket.on('close', () => stream.destroy())
  })

  /** A socket that never opened destroys the stream by itself. */
  function whenOpen(act: (socket: Duplex) => void): void {
    if (open !== null) act(open)
    else opened.then(act).catch(() => undefined)
  }
  return stream
}
