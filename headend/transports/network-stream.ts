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
  opened.catch((error: Error) => stream.destroy(error))
  whenOpen((socket) => {
    socket.on('data', (chunk) => {
      if (!stream.push(chunk)) socket.pause()
    })
    socket.on('error', (error) => stream.destroy(error))
    socket.on('end', () => stream.push(null))
    socket.on('close', () => stream.destroy())
  })

  /** A socket that never opened destroys the stream by itself. */
  function whenOpen(act: (socket: Socket) => void): void {
    opened.then(act).catch(() => undefined)
  }
  return stream
}
