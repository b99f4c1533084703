import type { MessageChannelName } from '../../domain/channel.js'
import type { Calendar, Instant, LocalDate } from '../../domain/time.js'
import type { DunningPolicy } from '../policy/policy.js'
import { earliestSend } from '../policy/sending-hours.js'
import { callAllowed } from '../policy/voice-calls.js'

/** What is known at the moment of sending, read in the transaction that commits the send. */
export interface SendFacts {
  readonly channel: MessageChannelName
  readonly expiresAt: Instant
  /** The amount that the notice names, and the one owed now. */
  readonly noticeFen: bigint
  readonly openFen: bigint
  /** The account still agrees to be reached at the notice's address. */
  readonly addressable: boolean
  /** Local days of the calls that the account has had. */
  readonly callDays: readonly LocalDate[]
}

export const withholdReasons = ['amount_changed', 'not_addressable'] as const
export type WithholdReason = (typeof withholdReasons)[number]

export type SendDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'paid' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'withheld'; readonly reason: WithholdReason }
  /** Not now: quiet hours, or one call too many. */
  | { readonly kind: 'not_now' }

/** The last check before a notice leaves. */
export function decideSend(policy: DunningPolicy, calendar: Calendar, now: Instant, facts: SendFacts): SendDecision {
  if (facts.openFen <= 0n) return { kind: 'paid' }
  if (now >= facts.expiresAt) return { kind: 'expired' }
  if (facts.openFen !== facts.noticeFen) return { kind: 'withheld', reason: 'amount_changed' }
  if (!facts.addressable) return { kind: 'withheld', reason: 'not_addressable' }
  if (earliestSend(policy, calendar, now) > now) return { kind: 'not_now' }
  if (facts.channel === 'voice' && !callAllowed(policy, facts.callDays, calendar.dateAt(now)))
    return { kind: 'not_now' }
  return { kind: 'send' }
}
