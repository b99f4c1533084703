import type { MessageChannel, MessageChannels, OutgoingMessage, SendOutcome } from '../../domain/channel.js'

/** `lost`: the provider takes the message and its answer is lost. `unreached`: the message is lost on its way there. */
export type ProviderMood = 'accepts' | 'refuses' | 'lost' | 'unreached'

export interface RecordingChannels {
  readonly channels: MessageChannels
  /** Every message that reached a provider, in order. */
  readonly taken: readonly OutgoingMessage[]
  readonly queried: readonly string[]
  readonly setMood: (mood: ProviderMood) => void
  /** Runs before the provider answers: for what happens meanwhile. */
  readonly onSend: (act: () => Promise<void>) => void
}

/** Providers that speak the contract and remember what they were given; a reference is `ref-` and the message's id. */
export function createRecordingChannels(): RecordingChannels {
  const taken: OutgoingMessage[] = []
  const queried: string[] = []
  let mood: ProviderMood = 'accepts'
  let meanwhile = async (): Promise<void> => undefined
  const accepted = (messageId: string): SendOutcome => ({ kind: 'accepted', providerReference: `ref-${messageId}` })
  const channel: MessageChannel = {
    async send(message) {
      await meanwhile()
      if (mood === 'unreached') throw new Error('no route')
      if (mood === 'refuses') return { kind: 'refused', reason: 'empty_number', permanent: true }
      taken.push(message)
      if (mood === 'lost') throw new Error('connection closed before the answer')
      return accepted(message.messageId)
    },
    async query(messageId) {
      queried.push(messageId)
      return taken.some((message) => message.messageId === messageId)
        ? accepted(messageId)
        : { kind: 'unknown_message' }
    },
  }
  return {
    channels: { sms: channel, voice: channel, email: channel },
    taken,
    queried,
    setMood: (next) => {
      mood = next
    },
    onSend: (act) => {
      meanwhile = act
    },
  }
}
