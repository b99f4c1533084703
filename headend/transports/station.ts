import { type Broker, type BrokerOptions, connectBroker, type Subscription } from './broker.js'

export interface StationOptions extends Omit<BrokerOptions, 'subscriptions' | 'heardElsewhere'> {
  /** Many messages, each kept back at the broker until it is committed. */
  readonly uploads: readonly Subscription[]
  /** Answers, and what devices say of themselves. */
  readonly words: readonly Subscription[]
  /** The connection of the words is lost, over which everything is sent, too. */
  readonly onDown: () => void
  /** That of the uploads is: only who waits for an answer among them waits in vain. */
  readonly onUploadsDown: () => void
}

/**
 * Our two connections to one broker. A broker sends in order: on the connection of the uploads an answer, or its word for a receipt of
 * ours, would wait behind everything that a night of outage left there, so these have a connection of their own.
 */
export interface Station extends Omit<Broker, 'pauseUntil'> {
  /** Lets the broker keep its uploads until the promise is settled; words go on. */
  readonly pauseUploadsUntil: (room: Promise<void>) => void
}

/**
 * @returns at once when a first connection fails: `failure` says why, and it is tried again.
 * @throws what the access throws; nothing stays open then, for a second pair under the same names would be at odds with it.
 */
export async function openStation({ uploads, words, onUploadsDown, ...options }: StationOptions): Promise<Station> {
  const [bulk, talk] = await bothOrNone(
    connectBroker({ ...options, subscriptions: uploads, heardElsewhere: words, onDown: onUploadsDown }),
    connectBroker({
      ...options,
      clientId: `${options.clientId}-words`,
      subscriptions: words,
      heardElsewhere: uploads,
      presence: null,
    }),
  )
  return {
    url: bulk.url,
    publish: talk.publish,
    isConnected: () => bulk.isConnected() && talk.isConnected(),
    failure: () => bulk.failure() ?? talk.failure(),
    pauseUploadsUntil: bulk.pauseUntil,
    async close() {
      await Promise.all([bulk.close(), talk.close()])
    },
  }
}

async function bothOrNone(first: Promise<Broker>, second: Promise<Broker>): Promise<readonly [Broker, Broker]> {
  try {
    return await Promise.all([first, second])
  } catch (failure) {
    const opened = await Promise.allSettled([first, second])
    await Promise.all(opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value.close()] : [])))
    throw failure
  }
}
