import type { MessageChannel, MessageChannels, OutgoingMessage, QueryOutcome } from '../../domain/channel.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { selectDueMessages, selectUnknownFates, type UnknownFate } from '../../storage/dunning/outbox.js'
import { hearOfNotices, type NoticeNews, newsOfOutcome } from './hear-of-notices.js'
import { intendToSend } from './intend-to-send.js'
import { loadPolicies, type Policies } from './policies.js'

/** A provider may still be taking a message in; a "never heard of it" counts only when the hand-over is at least this old. */
const takingInMs = 10 * minuteMs

type SendResult =
  | 'accepted'
  | 'refused'
  | 'paid'
  | 'withheld'
  | 'expired'
  | 'not_now'
  | 'gone'
  | 'unknown'
  | 'not_taken'

const nothingSent: SendCounts = {
  accepted: 0,
  refused: 0,
  paid: 0,
  withheld: 0,
  expired: 0,
  not_now: 0,
  gone: 0,
  unknown: 0,
  not_taken: 0,
}

/**
 * Messages by what became of them. `gone`: another process was faster. `unknown`: handed over, answer lost; only a query settles it.
 * `not_taken`: the provider never took it.
 */
export type SendCounts = Readonly<Record<SendResult, number>>

/**
 * Sends what may leave now. The check and the intent to send are one transaction, committed before the provider is called; the
 * provider's answer is another. Between them a crash leaves an intent without outcome, which is asked for by our id and never sent again.
 */
export async function sendDue(database: Database, clock: Clock, channels: MessageChannels): Promise<SendCounts> {
  const policies = await loadPolicies(database, clock)
  const counts: Record<SendResult, number> = { ...nothingSent }
  for (const fate of await selectUnknownFates(database))
    counts[await settleFate(database, clock, policies, channels[fate.channel], fate)]++
  for (const messageId of await selectDueMessages(database, clock.now()))
    counts[await sendOne(database, clock, policies, channels, messageId)]++
  return counts
}

async function sendOne(
  database: Database,
  clock: Clock,
  policies: Policies,
  channels: MessageChannels,
  messageId: string,
): Promise<SendResult> {
  const intent = await database.transaction((tx) => intendToSend(tx, policies, clock.now(), messageId))
  if (intent.kind !== 'send') return intent.kind
  const outcome = await answerOf(() => handOver(channels, intent.message))
  if (outcome === null) return 'unknown'
  await record(database, clock, policies, newsOfOutcome(messageId, outcome))
  return outcome.kind
}

async function settleFate(
  database: Database,
  clock: Clock,
  policies: Policies,
  channel: MessageChannel,
  { messageId, intendedAt }: UnknownFate,
): Promise<SendResult> {
  const outcome = await answerOf(() => channel.query(messageId))
  if (outcome === null || isTooEarly(outcome, intendedAt, clock.now())) return 'unknown'
  if (outcome.kind !== 'unknown_message') {
    await record(database, clock, policies, newsOfOutcome(messageId, outcome))
    return outcome.kind
  }
  await record(database, clock, policies, { messageId, kind: 'failed', providerReference: null, detail: 'not_taken' })
  return 'not_taken'
}

function isTooEarly(outcome: QueryOutcome, intendedAt: Instant, now: Instant): boolean {
  return outcome.kind === 'unknown_message' && now - intendedAt < takingInMs
}

function handOver(channels: MessageChannels, message: OutgoingMessage): ReturnType<MessageChannel['send']> {
  return channels[message.channel].send(message)
}

async function record(database: Database, clock: Clock, policies: Policies, news: NoticeNews): Promise<void> {
  await database.transaction((tx) => hearOfNotices(tx, policies, clock.now(), [news]))
}

/** A provider's answer; null when the call ended without one, whatever the reason: then nobody knows what it did. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch {
    return null
  }
}
