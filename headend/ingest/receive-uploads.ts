import { groupBy } from '../../domain/group-by.js'
import type { Clock, Network } from '../../domain/runtime.js'
import { encodeReceipt } from '../../protocols/concentrator/messages.js'
import type { Database } from '../../storage/database.js'
import type { Line } from '../line-settings.js'
import { type Broker, connectBroker } from '../transports/broker.js'
import { createUploadBatcher } from './upload-batcher.js'

export type ConcentratorLine = Extract<Line, { readonly kind: 'mqtt_concentrator' }>

export interface ReceiveUploadsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly owner: string
  readonly lines: readonly ConcentratorLine[]
  /** Milliseconds after local midnight at which the window of uploads begins. */
  readonly windowOpensMs: number
}

export interface UploadReceiver {
  /** Resolves when every upload that has arrived is committed and acknowledged. */
  readonly drained: () => Promise<void>
  readonly pending: () => number
  readonly lastError: () => string | null
  readonly close: () => Promise<void>
}

/**
 * Takes uploads from the brokers of all concentrator lines. Once an upload is committed, the broker gets its acknowledgement and the
 * concentrator its receipt: whoever dies in between leaves the message with the broker or with the concentrator.
 */
export async function receiveUploads(options: ReceiveUploadsOptions): Promise<UploadReceiver> {
  const { database, clock, network, owner, windowOpensMs } = options
  const batcher = createUploadBatcher({ database, clock })
  const brokers: Broker[] = []
  for (const [url, lines] of groupBy(options.lines, ({ settings }) => settings.brokerUrl)) {
    const lineOfTopic = new Map(lines.map((line) => [line.settings.uploadTopic, line]))
    const broker = await connectBroker({
      clock,
      network,
      url,
      clientId: `shuangwu-headend-${owner}`,
      subscriptions: [...lineOfTopic.keys()],
      onMessage({ topic, payload, redelivered, acknowledge }) {
        const line = lineOfTopic.get(topic)
        batcher.push({
          // A session may still subscribe to the topic of a line that is gone from the registry.
          line: line === undefined ? null : { ...line, windowOpensMs },
          payload,
          receivedAt: clock.now(),
          redelivered,
          async confirm(receipt) {
            acknowledge()
            if (receipt !== null && line !== undefined)
              await broker.publish(line.settings.receiptTopic, encodeReceipt(receipt))
          },
        })
        if (batcher.isFull()) broker.pauseUntil(batcher.whenRoom())
      },
    })
    brokers.push(broker)
  }
  return {
    drained: batcher.drained,
    pending: batcher.pending,
    lastError: batcher.lastError,
    async close() {
      await batcher.close()
      await Promise.all(brokers.map((broker) => broker.close()))
    },
  }
}
