import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Endpoint, Network } from '../../domain/runtime.js'

/** A stream that can be used at once while its socket is still being opened: libraries ask for streams, networks give promises. */
export function openNetworkStream(network: Network, endpoint: Endpoint): Duplex {
  const opened = network.connect(endpoint)
  const stream: Duplex = new Duplex({
    read: () => whenOpen((socket) => socket.resume()),
    write: (chunk: Buffer, _encoding, done) => whenOpen((socket) => socket.write(chunk, done)),
    final: (done) => whenOpen((socket) => socket.end(done)),
    destroy(error, done) {
      whenOpen((socket) => socket.destroy())
      done(error)
    },
  })
  opened.then(
    (socket) => {
      socket.on('data', (chunk) => {
        if (!stream.push(chunk)) socket.pause()
      })
      socket.on('error', (error) => stream.destroy(error))
      socket.on('end', () => stream.push(null))
      socket.on('close', () => stream.destroy())
    },
    (error: Error) => stream.destroy(error),
  )

  /** A socket that never opened has already destroyed the stream. */
  function whenOpen(act: (socket: Socket) => void): void {
    opened.then(act, () => undefined)
  }
  return stream
}
