import { Aedes } from 'aedes'
import type { Endpoint, Network } from '../domain/runtime.js'

export interface Broker {
  readonly endpoint: Endpoint
  readonly close: () => Promise<void>
}

/** An MQTT 3.1.1 broker in this process, on the injected network so that virtual time waits for its bytes. No `$share`. */
export async function startBroker(endpoint: Endpoint, network: Network): Promise<Broker> {
  const broker = await Aedes.createBroker()
  const listener = await network.listen(endpoint, (socket) => broker.handle(socket))
  return {
    endpoint: listener.endpoint,
    async close() {
      await new Promise<void>((closed) => {
        broker.close(closed)
      })
      await listener.close()
    },
  }
}
