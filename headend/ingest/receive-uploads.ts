import { groupBy } from '../../domain/group-by.js'
import type { Clock, Network } from '../../domain/runtime.js'
import { dayMs } from '../../domain/time.js'
import { encodeReceipt } from '../../protocols/concentrator/messages.js'
import type { Database } from '../../storage/database.js'
import { insertQuarantined } from '../../storage/headend/quarantine.js'
import { LineLeaseLostError } from '../../storage/headend/line-lease.js'
import type { Line } from '../line-settings.js'
import { type Broker, connectBroker } from '../transports/broker.js'
import { ingestUpload } from './ingest-upload.js'
import type { LeaseKeeper } from './lease-keeper.js'
import { createUploadQueue } from './upload-queue.js'

export type ConcentratorLine = Extract<Line, { readonly kind: 'mqtt_concentrator' }>

export interface ReceiveUploadsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly leases: LeaseKeeper
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

/** An upload renews its line's lease for this long; windows do the same every night. */
const leaseMs = 2 * dayMs

/**
 * Takes uploads from the brokers of all concentrator lines. An upload is stored, its receipt is published, and only then does
 * the broker get its acknowledgement: whoever dies in between leaves the message with the broker or with the concentrator.
 */
export async function receiveUploads(options: ReceiveUploadsOptions): Promise<UploadReceiver> {
  const { clock, network, owner } = options
  const queue = createUploadQueue(clock)
  const brokers: Broker[] = []
  for (const [url, lines] of groupBy(options.lines, ({ settings }) => settings.brokerUrl)) {
    const lineOfTopic = new Map(lines.map((line) => [line.settings.uploadTopic, line]))
    const broker = await connectBroker({
      clock,
      network,
      url,
      clientId: `shuangwu-headend-${owner}`,
      subscriptions: [...lineOfTopic.keys()],
      onMessage(topic, payload, acknowledge) {
        const line = lineOfTopic.get(topic)
        const store = () =>
          line === undefined ? keepAside(options, payload) : takeUpload(options, broker, line, payload)
        queue.push({ lineCode: line?.code ?? '', store, acknowledge })
      },
    })
    brokers.push(broker)
  }
  return {
    drained: queue.drained,
    pending: queue.pending,
    lastError: queue.lastError,
    async close() {
      await queue.close()
      await Promise.all(brokers.map((broker) => broker.close()))
    },
  }
}

async function takeUpload(
  { database, clock, leases, windowOpensMs }: ReceiveUploadsOptions,
  broker: Broker,
  line: ConcentratorLine,
  payload: Buffer,
): Promise<void> {
  const receivedAt = clock.now()
  const lease = await leases.acquire(line.lineId, receivedAt + leaseMs)
  if (lease === null) throw new LineLeaseLostError(`line ${line.code} has another owner`)
  const ingested = await ingestUpload(database, { line: { ...line, windowOpensMs }, lease, receivedAt }, payload)
  if (ingested.kind === 'stored') await broker.publish(line.settings.receiptTopic, encodeReceipt(ingested.receipt))
}

/** From a topic that the session still subscribes to although its line is gone from the registry. */
async function keepAside({ database, clock }: ReceiveUploadsOptions, payload: Buffer): Promise<void> {
  await insertQuarantined(database, null, [{ reason: 'unknown_line', payload, receivedAt: clock.now() }])
}
