import type { MessageChannelName } from '../../domain/channel.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { jsonRows } from './json-rows.js'

export interface NewNotice {
  readonly noticeId: string
  readonly caseId: string
  readonly step: number
  readonly attempt: number
  readonly channel: MessageChannelName
  readonly template: string
  readonly openFen: bigint
  readonly address: string
  readonly body: { readonly subject: string | null; readonly text: string }
  /** Text of a timestamptz, like `expiresAt`. */
  readonly notBefore: string
  readonly expiresAt: string
}

/** A notice together with everything that decides whether it may still leave. */
export interface NoticeToSend {
  readonly noticeId: string
  readonly caseId: string
  readonly accountId: bigint
  readonly step: number
  readonly attempt: number
  readonly channel: MessageChannelName
  readonly address: string
  readonly body: { readonly subject: string | null; readonly text: string }
  readonly expiresAt: Instant
  readonly noticeFen: bigint
  readonly openFen: bigint
  readonly dueDate: LocalDate
  readonly timeZone: string
}

export interface CallRow {
  readonly accountId: bigint
  /** Null while the call is still in the outbox. */
  readonly calledAt: Instant | null
}

/** Puts notices into the outbox. A notice that is there already is a broken promise of the case, so it throws. */
export async function insertNotices(tx: Transaction, notices: readonly NewNotice[], at: Instant): Promise<void> {
  const rows = jsonRows(notices)
  await tx.execute(
    `insert into outbox_message (message_id, kind, channel, address, body, not_before, expires_at, recorded_at)
     select r."noticeId", 'notice', r.channel, r.address, r.body, r."notBefore", r."expiresAt", $2
       from jsonb_to_recordset($1) as r("noticeId" uuid, channel text, address text, body jsonb, "notBefore" timestamptz, "expiresAt" timestamptz)`,
    [rows, toTimestamptz(at)],
  )
  await tx.execute(
    `insert into notice (notice_id, case_id, step, attempt, channel, template, open_fen, recorded_at)
     select r."noticeId", r."caseId", r.step, r.attempt, r.channel, r.template, r."openFen", $2
       from jsonb_to_recordset($1) as r("noticeId" uuid, "caseId" uuid, step integer, attempt integer, channel text, template text, "openFen" bigint)`,
    [rows, toTimestamptz(at)],
  )
}

/** The notice with the balance of this moment; null once anything at all became of it. */
export async function selectNoticeToSend(tx: Transaction, noticeId: string): Promise<NoticeToSend | null> {
  const [row] = await tx.query<NoticeToSend>(
    `select n.notice_id as "noticeId", n.case_id as "caseId", c.account_id as "accountId", n.step, n.attempt, m.channel, m.address, m.body,
            m.expires_at as "expiresAt", n.open_fen as "noticeFen", i.open_fen as "openFen", i.due_date as "dueDate", o.time_zone as "timeZone"
       from notice n
       join outbox_message m on m.message_id = n.notice_id
       join dunning_case c on c.case_id = n.case_id
       join open_item i on (i.segment_id, i.ordinal) = (c.segment_id, c.ordinal)
       join account a on a.account_id = c.account_id
       join organisation o on o.organisation_id = a.organisation_id
      where n.notice_id = $1 and not exists (select from outbox_event e where e.message_id = n.notice_id)`,
    [noticeId],
  )
  return row ?? null
}

/** Calls to accounts recorded after an instant: those made, and those still to be made. */
export function selectCalls(
  client: Queryable,
  accountIds: readonly bigint[],
  recordedAfter: Instant,
): Promise<readonly CallRow[]> {
  return client.query(
    `select c.account_id as "accountId", s.occurred_at as "calledAt"
       from dunning_case c
       join notice n on n.case_id = c.case_id
       left join outbox_event s on s.message_id = n.notice_id and s.kind = 'send_intent'
      where c.account_id = any($1::bigint[]) and n.channel = 'voice' and n.recorded_at > $2
        and (s.message_id is not null or not exists (select from outbox_event e where e.message_id = n.notice_id))
      order by c.account_id, n.notice_id`,
    [accountIds, toTimestamptz(recordedAfter)],
  )
}
