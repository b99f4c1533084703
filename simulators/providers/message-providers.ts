import type {
  DeliveryReceipt,
  MessageChannel,
  MessageChannelName,
  MessageChannels,
  OutgoingMessage,
  SendOutcome,
} from '../../domain/channel.js'
import { uuidOf } from '../../domain/ids.js'
import type { Clock, Random } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { fateOf, type MessageFate } from './message-fate.js'

/** A message that a provider took or refused, as the provider remembers it. */
export interface HandedOver {
  readonly message: OutgoingMessage
  readonly at: Instant
  readonly outcome: SendOutcome
  readonly fate: MessageFate
}

export interface MessageProviders {
  readonly channels: MessageChannels
  /** Every hand-over in its order; asking again for a known id is none. */
  readonly handedOver: () => readonly HandedOver[]
}

interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  /** Called at the receipt's moment; whoever stores it holds the clock meanwhile. */
  readonly onReceipt: (receipt: DeliveryReceipt) => void
}

const repeatAfterMs = 10 * minuteMs

/** Providers of SMS, voice and e-mail that follow the contract in domain/channel.ts and reach nobody. */
export function createMessageProviders(surroundings: Surroundings): MessageProviders {
  const log: HandedOver[] = []
  return {
    channels: {
      sms: createProvider('sms', surroundings, log),
      voice: createProvider('voice', surroundings, log),
      email: createProvider('email', surroundings, log),
    },
    handedOver: () => [...log],
  }
}

function createProvider(
  channel: MessageChannelName,
  { clock, random, onReceipt }: Surroundings,
  log: HandedOver[],
): MessageChannel {
  const known = new Map<string, HandedOver>()
  const take = (message: OutgoingMessage): HandedOver => {
    const fate = fateOf(random, channel, message.messageId)
    const entry = { message, at: clock.now(), outcome: outcomeOf(channel, message, fate), fate }
    known.set(message.messageId, entry)
    log.push(entry)
    if (fate.kind === 'receipt') announce(message, fate)
    return entry
  }
  const announce = ({ messageId }: OutgoingMessage, fate: Receipted) => {
    const { status, reason, delayMs, times } = fate
    const tell = () =>
      onReceipt({ channel, providerReference: referenceOf(channel, messageId), status, reason, at: clock.now() })
    for (let time = 0; time < times; time += 1) clock.setTimer(delayMs + time * repeatAfterMs, tell)
  }
  return {
    send: (message) => Promise.resolve((known.get(message.messageId) ?? take(message)).outcome),
    query: (messageId) => Promise.resolve(known.get(messageId)?.outcome ?? { kind: 'unknown_message' }),
  }
}

type Receipted = Extract<MessageFate, { readonly kind: 'receipt' }>

function outcomeOf(channel: MessageChannelName, { messageId }: OutgoingMessage, fate: MessageFate): SendOutcome {
  if (fate.kind === 'refused') return { kind: 'refused', reason: fate.reason, permanent: false }
  return { kind: 'accepted', providerReference: referenceOf(channel, messageId) }
}

function referenceOf(channel: MessageChannelName, messageId: string): string {
  return uuidOf('simulated provider', channel, messageId)
}
