import fastify from 'fastify'
import type { Registry } from 'prom-client'
import { UserError } from '../../domain/errors.js'

/** What a process says of itself when it is asked whether it is well. */
export interface Health {
  readonly ok: boolean
  readonly [detail: string]: unknown
}

export interface MetricsServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Builds the app without listening, for tests. /healthz answers 503 while something that the process needs is away. */
export function createMetricsApp(registry: Registry, health: () => Health) {
  const app = fastify({ forceCloseConnections: true })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  app.get('/healthz', async (_request, reply) => {
    const said = health()
    return reply.code(said.ok ? 200 : 503).send(said)
  })
  return app
}

/** Serves on loopback only: who collects figures runs beside the process or comes through a proxy. @throws UserError port_taken. */
export async function serveMetrics(port: number, registry: Registry, health: () => Health): Promise<MetricsServer> {
  const app = createMetricsApp(registry, health)
  try {
    const url = await app.listen({ port, host: '127.0.0.1' })
    return { url, close: () => app.close() }
  } catch (cause) {
    throw new UserError(
      'port_taken',
      `指标端口 port ${port} for metrics: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  }
}
