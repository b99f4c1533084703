import { Socket } from 'node:net'
import pg from 'pg'
import { createCopySocket } from './copy-socket.js'

/**
 * A client that waits no longer than that for a server: neither to be let in (the pool's own limit would count the wait for a free
 * session, too, which is no fault of the server) nor to be let go: a server that is frozen never answers a farewell.
 */
export function patientFor(connectMs: number): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionTimeoutMillis: connectMs, stream: createCopySocket })
    }

    override end(): Promise<void>
    override end(callback: (error: Error) => void): void
    override end(callback?: (error: Error) => void): Promise<void> | void {
      const { stream } = this.connection
      if (stream instanceof Socket) stream.setTimeout(connectMs, () => stream.destroy())
      return callback === undefined ? super.end() : super.end(callback)
    }
  }
}
