import type { MessageChannelName } from '../../domain/channel.js'
import type { Random } from '../../domain/runtime.js'
import { minuteMs, secondMs } from '../../domain/time.js'

/** What will become of a message; decided by its id alone. */
export type MessageFate =
  | { readonly kind: 'refused'; readonly reason: string }
  /** Accepted, and nothing is ever heard again. */
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'receipt'
      readonly status: 'delivered' | 'failed'
      readonly reason: string
      readonly delayMs: number
      /** Once, or twice where the provider repeats itself. */
      readonly times: 1 | 2
    }

const refusedBelow = 2
const silentBelow = 6
const failedBelow = 16
const repeatedPercent = 2

const habits: Readonly<Record<MessageChannelName, { failure: string; minDelayMs: number; delaySpanMs: number }>> = {
  sms: { failure: 'handset_off', minDelayMs: 3 * secondMs, delaySpanMs: minuteMs },
  voice: { failure: 'no_answer', minDelayMs: 20 * secondMs, delaySpanMs: 2 * minuteMs },
  email: { failure: 'mailbox_full', minDelayMs: minuteMs, delaySpanMs: 30 * minuteMs },
}

/** In a hundred messages about 2 are refused, 4 vanish, 10 fail and 84 arrive. */
export function fateOf(random: Random, channel: MessageChannelName, messageId: string): MessageFate {
  const lot = random.below(100, 'provider', channel, messageId)
  if (lot < refusedBelow) return { kind: 'refused', reason: 'throttled' }
  if (lot < silentBelow) return { kind: 'silent' }
  const { failure, minDelayMs, delaySpanMs } = habits[channel]
  const isFailed = lot < failedBelow
  return {
    kind: 'receipt',
    status: isFailed ? 'failed' : 'delivered',
    reason: isFailed ? failure : '',
    delayMs: minDelayMs + random.below(delaySpanMs, 'receipt delay', channel, messageId),
    times: random.below(100, 'receipt twice', channel, messageId) < repeatedPercent ? 2 : 1,
  }
}
