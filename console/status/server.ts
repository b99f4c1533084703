import fastify from 'fastify'
import { UserError } from '../../domain/errors.js'
import { statusPage } from './page.js'
import type { StatusData } from './status-data.js'

export interface StatusServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const headers = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** Builds the app without listening, for tests. */
export function createStatusApp(load: () => Promise<StatusData>) {
  const app = fastify({ forceCloseConnections: true })
  app.addHook('onSend', async (_request, reply) => void reply.headers(headers))
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(statusPage(await load())))
  app.get('/healthz', async () => ({ status: 'ok' }))
  return app
}

/** Serves the page on this machine only. Port 0 takes any free port. */
export async function serveStatus(port: number, load: () => Promise<StatusData>): Promise<StatusServer> {
  const app = createStatusApp(load)
  try {
    const url = await app.listen({ host: '127.0.0.1', port })
    return { url: url.replace('127.0.0.1', 'localhost'), close: () => app.close() }
  } catch (cause) {
    await app.close()
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new UserError(
        'port_taken',
        `127.0.0.1:${port}: 请用 --port 换一个 choose another with --port (0 takes any free one)`,
        {
          cause,
        },
      )
    }
    throw cause
  }
}
