import type { OutgoingMessage } from '../../domain/channel.js'
import { unreachable } from '../../domain/result.js'
import { calendarFor, type Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { lockCases } from '../../storage/dunning/cases.js'
import { selectContacts } from '../../storage/dunning/contacts.js'
import { type NoticeToSend, selectNoticeToSend } from '../../storage/dunning/notices.js'
import { appendOutboxEvents, selectTrails } from '../../storage/dunning/outbox.js'
import { decideSend, type SendDecision } from '../notices/decide-send.js'
import { recentCalls } from './recent-calls.js'
import { hearOfNotices } from './hear-of-notices.js'
import type { Policies } from './policies.js'

export type SendIntent =
  | { readonly kind: 'send'; readonly message: OutgoingMessage }
  | { readonly kind: 'gone' | Exclude<SendDecision['kind'], 'send'> }

/** The last check and, when it passes, the intent to send. Holding the case keeps two processes from intending the same. */
export async function intendToSend(
  tx: Transaction,
  policies: Policies,
  now: Instant,
  messageId: string,
): Promise<SendIntent> {
  const [trail] = await selectTrails(tx, [messageId])
  const [held] = trail === undefined ? [] : await lockCases(tx, [trail.caseId])
  const notice = held === undefined ? null : await selectNoticeToSend(tx, messageId)
  if (held === undefined || notice === null) return { kind: 'gone' }
  const policy = policies.version(held.policyCode, held.policyVersion)
  const calendar = calendarFor(notice.timeZone)
  const contacts = await selectContacts(tx, [notice.accountId], now)
  const decision = decideSend(policy, calendar, now, {
    ...notice,
    addressable: contacts.some(({ channel, address }) => channel === notice.channel && address === notice.address),
    callDays:
      (await recentCalls(tx, [notice.accountId], now, 'made')).get(notice.accountId)?.map(calendar.dateAt) ?? [],
  })
  return carryOut(tx, policies, now, notice, decision)
}

async function carryOut(
  tx: Transaction,
  policies: Policies,
  now: Instant,
  notice: NoticeToSend,
  decision: SendDecision,
): Promise<SendIntent> {
  const messageId = notice.noticeId
  const message = { messageId, providerReference: null }
  switch (decision.kind) {
    case 'send':
      await appendOutboxEvents(tx, [{ ...message, kind: 'send_intent', detail: '' }], now)
      return { kind: 'send', message: { messageId, channel: notice.channel, address: notice.address, ...notice.body } }
    case 'expired':
      await hearOfNotices(tx, policies, now, [{ ...message, kind: 'expired', detail: '' }])
      return decision
    case 'withheld':
      await hearOfNotices(tx, policies, now, [{ ...message, kind: 'suppressed', detail: decision.reason }])
      return { kind: decision.kind }
    case 'paid':
      // The case itself is closed by the next settlement, which also sees to its manual task.
      await hearOfNotices(tx, policies, now, [{ ...message, kind: 'suppressed', detail: 'paid' }])
      return decision
    case 'not_now':
      return decision
    default:
      return unreachable(decision)
  }
}
