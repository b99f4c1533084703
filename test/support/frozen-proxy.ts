import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

export interface FrozenProxy {
  /** The database behind the proxy. */
  readonly url: string
  /** Connections that are open now stay open and carry nothing more, either way; new ones are as good as ever. */
  readonly freeze: () => void
  /** New connections are taken and told nothing. */
  readonly deafen: () => void
  /** Connections taken so far. */
  readonly taken: () => number
}

/** A half-open network in front of a database that listens on a Unix socket. */
export async function frozenProxy(
  t: { readonly teardown: (act: () => Promise<void>) => void },
  databaseUrl: string,
): Promise<FrozenProxy> {
  const upstream = new URL(databaseUrl)
  const path = `${upstream.searchParams.get('host')}/.s.PGSQL.${upstream.searchParams.get('port') ?? '5432'}`
  const pairs = new Set<readonly [Socket, Socket]>()
  const sockets = new Set<Socket>()
  let taken = 0
  let deaf = false
  const server = createServer((near) => {
    taken += 1
    sockets.add(near)
    near.on('error', () => undefined)
    if (deaf) return
    const far = createConnection(path)
    sockets.add(far)
    far.on('error', () => undefined)
    near.pipe(far)
    far.pipe(near)
    pairs.add([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const url = new URL(databaseUrl)
  url.search = ''
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    freeze() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
        far.pause()
      }
      pairs.clear()
    },
    deafen: () => void (deaf = true),
    taken: () => taken,
  }
}
