import { InvariantError } from '../../domain/result.js'
import { calendarFor, hourMs, type Instant } from '../../domain/time.js'
import type { NewNotice } from '../../storage/dunning/notices.js'
import type { OverdueItem } from '../../storage/dunning/overdue-items.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import type { CaseEffect } from '../cases/case.js'
import { noticeIdOf } from '../cases/case-ids.js'
import { composeNotice } from '../notices/compose-notice.js'
import { earliestSend } from '../policy/sending-hours.js'
import type { HeldCase } from './case-work.js'
import type { Reach } from './reach.js'

/** The notice that a case asked for, with its words, its address and the time in which it may leave. */
export function toNotice(
  item: OverdueItem,
  { row, policy }: HeldCase,
  { step, attempt, channel, template }: Extract<CaseEffect, { kind: 'queue_notice' }>,
  reach: Reach,
  now: Instant,
): NewNotice {
  const { caseId, accountId } = row
  const notBefore = earliestSend(policy, calendarFor(item.timeZone), now)
  if (channel === 'voice') reach.planCall(accountId, notBefore)
  const body = composeNotice(template, channel, item)
  // Registration admits only policies whose templates render.
  if (!body.ok) throw new InvariantError(`notice template ${template} for ${channel}: ${body.error.kind}`)
  return {
    noticeId: noticeIdOf(caseId, step, attempt),
    caseId,
    step,
    attempt,
    channel,
    template,
    openFen: item.openFen,
    address: reach.address(accountId, channel),
    body: body.value,
    notBefore: toTimestamptz(notBefore),
    expiresAt: toTimestamptz(notBefore + policy.messageValidityHours * hourMs),
  }
}
