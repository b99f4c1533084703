import type { Socket } from 'node:net'
import type { Endpoint, Listener, Network } from '../domain/runtime.js'
import type { Instant } from '../domain/time.js'
import { createLineBus, type LineBusSettings, type LineCounters, type LineRuntime } from './line-bus.js'

/** [from, to): the serial server is gone from the network. */
export interface LineOutage {
  readonly from: Instant
  readonly to: Instant
}

export interface Rs485LineSettings extends LineBusSettings {
  readonly endpoint: Endpoint
  readonly outages: readonly LineOutage[]
}

export interface Rs485Line {
  readonly name: string
  readonly endpoint: Endpoint
  readonly counters: () => LineCounters
  readonly close: () => Promise<void>
}

/**
 * A raw TCP serial server with meters behind it. Every client hears all that is said on the line, as with real ones. During an
 * outage connections are refused and open ones are cut.
 */
export async function startRs485Line(
  settings: Rs485LineSettings,
  runtime: LineRuntime & { readonly network: Network },
): Promise<Rs485Line> {
  const { clock, network } = runtime
  const clients = new Set<Socket>()
  const bus = createLineBus(settings, runtime, (chunk) => {
    for (const client of clients) client.write(chunk)
  })
  let closed = false
  let listener: Listener | null = await network.listen(settings.endpoint, accept)
  const { endpoint } = listener
  const timers = settings.outages
    .filter(({ to }) => to > clock.now())
    .flatMap(({ from, to }) => [
      clock.setTimer(Math.max(0, from - clock.now()), () => void goDown()),
      clock.setTimer(to - clock.now(), () => void comeBack()),
    ])

  function accept(socket: Socket): void {
    clients.add(socket)
    socket.on('data', (chunk: Buffer) => bus.transmit(chunk))
    // A client that vanishes is an ordinary event on a network; `close` follows and is handled below.
    socket.on('error', () => {})
    socket.once('close', () => clients.delete(socket))
  }

  async function goDown(): Promise<void> {
    const closing = listener
    listener = null
    bus.silence()
    await closing?.close()
  }

  /** On the old port: Linux gives listeners odd and clients even ports, so no connection has taken it meanwhile. */
  async function comeBack(): Promise<void> {
    const opened = await network.listen(endpoint, accept)
    if (closed) await opened.close()
    else listener = opened
  }

  return {
    name: settings.name,
    endpoint,
    counters: bus.counters,
    async close() {
      closed = true
      for (const timer of timers) timer.cancel()
      bus.close()
      await goDown()
    },
  }
}
