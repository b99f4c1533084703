import type { SendOutcome } from '../../domain/channel.js'
import { present, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import {
  appendOutboxEvents,
  type NewOutboxEvent,
  type NoticeTrail,
  type OutboxEventKind,
  selectTrails,
} from '../../storage/dunning/outbox.js'
import type { CaseInput } from '../cases/case.js'
import { heldCase, holdCases, releaseCases } from './case-work.js'
import type { Policies } from './policies.js'

/** One thing that became of a message. */
export type NoticeNews = NewOutboxEvent & { readonly kind: Exclude<OutboxEventKind, 'send_intent'> }

const endings: ReadonlySet<OutboxEventKind> = new Set(['delivered', 'failed', 'suppressed', 'expired'])

/**
 * Records news of messages, and lets their cases take it, in one transaction. News that was heard before, or that comes after the
 * message's end, is dropped, so the same news twice is the same as once. Returns how many were new.
 */
export async function hearOfNotices(
  tx: Transaction,
  policies: Policies,
  at: Instant,
  news: readonly NoticeNews[],
): Promise<number> {
  const ids = [...new Set(news.map(({ messageId }) => messageId))]
  const cases = await holdCases(tx, policies, await caseIdsOf(tx, ids))
  // Read after the cases are held: until then another process may still append.
  const trails = new Map((await selectTrails(tx, ids)).map((trail) => [trail.noticeId, trail]))
  const fresh = unheard(news, trails)
  for (const one of fresh) {
    const notice = present(trails.get(one.messageId), `notice ${one.messageId}`)
    heldCase(cases, notice.caseId).take(inputOf(one, notice, at))
  }
  await appendOutboxEvents(tx, fresh, at)
  await releaseCases(tx, cases.values(), at)
  return fresh.length
}

function unheard(news: readonly NoticeNews[], trails: ReadonlyMap<string, NoticeTrail>): readonly NoticeNews[] {
  const heard = new Map([...trails].map(([messageId, { kinds }]) => [messageId, [...kinds]]))
  return news.filter(({ messageId, kind }) => {
    const kinds = present(heard.get(messageId), `notice ${messageId}`)
    if (kinds.includes(kind) || kinds.some((one) => endings.has(one))) return false
    kinds.push(kind)
    return true
  })
}

async function caseIdsOf(tx: Transaction, noticeIds: readonly string[]): Promise<readonly string[]> {
  return [...new Set((await selectTrails(tx, noticeIds)).map(({ caseId }) => caseId))]
}

function inputOf({ kind, detail }: NoticeNews, { step, attempt }: NoticeTrail, at: Instant): CaseInput {
  switch (kind) {
    case 'accepted':
      return { kind: 'notice_accepted', step, attempt, at }
    case 'delivered':
      return { kind: 'notice_delivered', step, attempt }
    case 'failed':
    case 'suppressed':
    case 'expired':
      return { kind: 'notice_failed', step, attempt, reason: `${kind}: ${detail}` }
    default:
      return unreachable(kind)
  }
}

/** A provider's answer as news of the message. */
export function newsOfOutcome(messageId: string, outcome: SendOutcome): NoticeNews {
  return outcome.kind === 'accepted'
    ? { messageId, kind: 'accepted', providerReference: outcome.providerReference, detail: '' }
    : { messageId, kind: 'failed', providerReference: null, detail: outcome.reason }
}
