import { type UpwardChannel, upwardChannels } from '../concentrators/topic-routes.js'

/** What one broker has brought, by the channel of its topic; `unknown` is a topic of no line of ours. */
export type ReceivedTally = Record<UpwardChannel | 'unknown', number>

/** What was handed to brokers for devices. */
export interface SentTally {
  sent: number
  failed: number
}

/**
 * Running totals of what brokers bring and take. Plain numbers that are read when somebody looks: a counter of the metrics library for
 * each message would cost as much as the rest of its way to the batch. They outlive the connections, which follow the registry.
 */
export interface UploadTally {
  /** By host and port of the broker. */
  readonly received: Map<string, ReceivedTally>
  readonly receipts: SentTally
  readonly tables: SentTally
  /** Times that brokers were told to wait because the queue was full. */
  pushBacks: number
}

export function createUploadTally(): UploadTally {
  return {
    received: new Map(),
    receipts: { sent: 0, failed: 0 },
    tables: { sent: 0, failed: 0 },
    pushBacks: 0,
  }
}

/** The totals of one broker, the same after a new connection. */
export function receivedFrom({ received }: UploadTally, brokerUrl: string): ReceivedTally {
  const { host } = new URL(brokerUrl)
  const known = received.get(host)
  if (known !== undefined) return known
  const none = Object.fromEntries([...upwardChannels, 'unknown'].map((channel) => [channel, 0])) as ReceivedTally
  received.set(host, none)
  return none
}

/** What one transaction of uploads came to. */
export interface UploadsCommitted {
  readonly messages: number
  /** Messages that brought nothing which was not there. */
  readonly repeated: number
  readonly frames: number
  readonly stored: number
  readonly duplicates: number
  readonly disputed: number
  /** Kept aside now, by reason. */
  readonly quarantined: ReadonlyMap<string, number>
  readonly seconds: number
}
