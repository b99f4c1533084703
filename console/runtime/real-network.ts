import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Endpoint, Listener, Network } from '../../domain/runtime.js'
import { invariant } from '../../domain/result.js'

/** The machine's TCP stack. */
export function createRealNetwork(): Network {
  return { connect, listen }
}

async function connect({ host, port }: Endpoint): Promise<Socket> {
  const socket = createConnection({ host, port, noDelay: true })
  await once(socket, 'connect')
  return socket
}

async function listen({ host, port }: Endpoint, accept: (socket: Socket) => void): Promise<Listener> {
  const accepted = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    accepted.add(socket)
    socket.once('close', () => accepted.delete(socket))
    accept(socket)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { endpoint: endpointOf(server, host), close: () => closeServer(server, accepted) }
}

function endpointOf(server: Server, host: string): Endpoint {
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a TCP server has a port')
  return { host, port: address.port }
}

async function closeServer(server: Server, accepted: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  for (const socket of accepted) socket.destroy()
  await closed
}
