import type { MessageChannelName } from '../../domain/channel.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { jsonRows } from './json-rows.js'

export type OutboxEventKind = 'send_intent' | 'accepted' | 'delivered' | 'failed' | 'suppressed' | 'expired'

export interface NewOutboxEvent {
  readonly messageId: string
  readonly kind: OutboxEventKind
  readonly providerReference: string | null
  readonly detail: string
}

/** A notice and what became of its message so far. */
export interface NoticeTrail {
  readonly noticeId: string
  readonly caseId: string
  readonly step: number
  readonly attempt: number
  readonly kinds: readonly OutboxEventKind[]
}

export interface UnknownFate {
  readonly messageId: string
  readonly channel: MessageChannelName
  readonly intendedAt: Instant
}

export interface ProviderReference {
  readonly channel: MessageChannelName
  readonly providerReference: string
}

/** Messages that may leave at an instant and of which nothing is known yet, in the order in which they leave. */
export async function selectDueMessages(client: Queryable, at: Instant): Promise<readonly string[]> {
  const rows = await client.query<{ readonly messageId: string }>(
    `select m.message_id as "messageId" from outbox_message m
      where m.not_before <= $1 and not exists (select from outbox_event e where e.message_id = m.message_id)
      order by m.not_before, m.message_id`,
    [toTimestamptz(at)],
  )
  return rows.map(({ messageId }) => messageId)
}

/** Messages handed to a provider without its answer on record. */
export function selectUnknownFates(client: Queryable): Promise<readonly UnknownFate[]> {
  return client.query(
    `select m.message_id as "messageId", m.channel, s.occurred_at as "intendedAt"
       from outbox_event s join outbox_message m on m.message_id = s.message_id
      where s.kind = 'send_intent'
        and not exists (select from outbox_event e where e.message_id = s.message_id and e.kind <> 'send_intent')
      order by s.occurred_at, m.message_id`,
  )
}

/** Notices by their ids, in id order. */
export function selectTrails(client: Queryable, noticeIds: readonly string[]): Promise<readonly NoticeTrail[]> {
  return client.query(
    `select n.notice_id as "noticeId", n.case_id as "caseId", n.step, n.attempt,
            array(select e.kind from outbox_event e where e.message_id = n.notice_id order by e.ordinal) as kinds
       from notice n where n.notice_id = any($1::uuid[]) order by n.notice_id`,
    [noticeIds],
  )
}

/** The messages that providers know by these references. */
export function selectByReference(
  client: Queryable,
  references: readonly ProviderReference[],
): Promise<readonly (ProviderReference & { readonly messageId: string })[]> {
  return client.query(
    `select m.message_id as "messageId", m.channel, e.provider_reference as "providerReference"
       from jsonb_to_recordset($1) as r(channel text, "providerReference" text)
       join outbox_event e on e.provider_reference = r."providerReference" and e.kind = 'accepted'
       join outbox_message m on m.message_id = e.message_id and m.channel = r.channel
      order by m.message_id`,
    [jsonRows(references)],
  )
}

/** Appends events, numbering each after those its message has. The caller holds the case of every message. */
export async function appendOutboxEvents(
  tx: Transaction,
  events: readonly NewOutboxEvent[],
  at: Instant,
): Promise<void> {
  await tx.execute(
    `insert into outbox_event (message_id, ordinal, kind, provider_reference, detail, occurred_at)
     select r."messageId",
            (select count(*) from outbox_event e where e.message_id = r."messageId")
              + row_number() over (partition by r."messageId" order by r.position),
            r.kind, r."providerReference", r.detail, $2
       from jsonb_to_recordset($1) as r(position integer, "messageId" uuid, kind text, "providerReference" text, detail text)`,
    [jsonRows(events.map((event, position) => ({ ...event, position }))), toTimestamptz(at)],
  )
}

/** Keeps messages of which nothing is known yet from ever leaving; returns how many there were. */
export function suppressUnsent(
  tx: Transaction,
  messageIds: readonly string[],
  detail: string,
  at: Instant,
): Promise<number> {
  return tx.execute(
    `insert into outbox_event (message_id, ordinal, kind, detail, occurred_at)
     select m.message_id, 1, 'suppressed', $2, $3
       from outbox_message m
      where m.message_id = any($1::uuid[]) and not exists (select from outbox_event e where e.message_id = m.message_id)
      order by m.message_id`,
    [messageIds, detail, toTimestamptz(at)],
  )
}
