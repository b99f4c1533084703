import type { Instant } from './time.js'

/** The ways a notice can reach a customer by itself. */
export const messageChannels = ['sms', 'voice', 'email'] as const
export type MessageChannelName = (typeof messageChannels)[number]

/** What a provider is asked to deliver. Providers treat `messageId` as an idempotency key: one id is one delivery. */
export interface OutgoingMessage {
  readonly messageId: string
  readonly channel: MessageChannelName
  /** Telephone number or mailbox, as the contact names it. */
  readonly address: string
  /** Only e-mail has one. */
  readonly subject: string | null
  /** The text to show; for voice, the text to speak. */
  readonly text: string
}

/** What a provider said at hand-over. Accepted is not delivered; a permanent refusal will not change by asking again. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerReference: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly permanent: boolean }

/** What became of a hand-over whose answer we never saw; `unknown_message` means that the provider never took it. */
export type QueryOutcome = SendOutcome | { readonly kind: 'unknown_message' }

/**
 * One provider of one channel. Both calls reject when the provider cannot be reached or the answer is lost:
 * then the fate of the message is unknown and only `query` may settle it.
 */
export interface MessageChannel {
  readonly send: (message: OutgoingMessage) => Promise<SendOutcome>
  readonly query: (messageId: string) => Promise<QueryOutcome>
}

export type MessageChannels = Readonly<Record<MessageChannelName, MessageChannel>>

/** A provider's later word on an accepted message. It may come twice, late, or never. */
export interface DeliveryReceipt {
  readonly channel: MessageChannelName
  /** Unique within the channel. */
  readonly providerReference: string
  readonly status: 'delivered' | 'failed'
  /** Why a delivery failed, such as `no_answer` or `mailbox_full`; empty when delivered. */
  readonly reason: string
  readonly at: Instant
}
