import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Natural key of a piece of work: whoever wants it done computes the same key, so it is scheduled once. */
export interface WorkKey {
  readonly kind: string
  readonly naturalKey: string
}

export interface NewWorkItem extends WorkKey {
  readonly dueAt: Instant
  /** A JSON document; the handler parses it. */
  readonly payload: object
}

/** A piece of work in our hands until `leaseUntil`; the token tells our claim from every other one. */
export interface ClaimedWorkItem extends WorkKey {
  readonly dueAt: Instant
  /** 1 for the first try. */
  readonly attempt: number
  readonly fencingToken: bigint
  readonly leaseUntil: Instant
  readonly payload: unknown
}

/** `lost`: the lease ran out and another worker claimed the item; the caller must roll back what it did. */
export type WorkOutcome = 'done' | 'due' | 'failed' | 'lost'

const claimed = `kind, natural_key as "naturalKey", due_at as "dueAt", attempt, fencing_token as "fencingToken",
  lease_until as "leaseUntil", payload`

/** Every change of an item leaves its event in the same statement. */
export const changeItem = (change: string, detail: string): string => `
  with changed as (${change} returning *),
  logged as (
    insert into work_item_event (kind, natural_key, ordinal, state, fencing_token, detail, occurred_at)
    select c.kind, c.natural_key,
           1 + (select count(*) from work_item_event e where e.kind = c.kind and e.natural_key = c.natural_key),
           c.state, c.fencing_token, ${detail}, c.changed_at
      from changed c
  )
  select ${claimed} from changed`

/**
 * Schedules work; items that exist already stay as they are.
 * @returns number of items that are new.
 */
export async function scheduleWork(client: Queryable, items: readonly NewWorkItem[], now: Instant): Promise<number> {
  const rows = await client.query(scheduleSql, [
    items.map((item) => item.kind),
    items.map((item) => item.naturalKey),
    items.map((item) => toTimestamptz(item.dueAt)),
    items.map((item) => JSON.stringify(item.payload)),
    toTimestamptz(now),
  ])
  return rows.length
}

const scheduleSql = changeItem(
  `insert into work_item (kind, natural_key, due_at, state, attempt, fencing_token, payload, changed_at)
   select kind, natural_key, due_at, 'due', 0, 0, payload, $5
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[]) as item (kind, natural_key, due_at, payload)
    order by kind, natural_key
   on conflict do nothing`,
  `'scheduled'`,
)

/** Claims one item if it is due, or if the lease of whoever had it ran out. Null when it is done, not due, or in other hands. */
export async function claimWork(
  client: Queryable,
  key: WorkKey,
  now: Instant,
  leaseMs: number,
): Promise<ClaimedWorkItem | null> {
  const [item] = await client.query<ClaimedWorkItem>(claimSql(`kind = $3 and natural_key = $4`), [
    ...lease(now, leaseMs),
    key.kind,
    key.naturalKey,
  ])
  return item ?? null
}

/** Claims the first due item of these kinds: by due time, then key. */
export async function claimNextWork(
  client: Queryable,
  kinds: readonly string[],
  now: Instant,
  leaseMs: number,
): Promise<ClaimedWorkItem | null> {
  const [item] = await client.query<ClaimedWorkItem>(claimSql(`kind = any($3::text[])`), [
    ...lease(now, leaseMs),
    kinds,
  ])
  return item ?? null
}

const claimSql = (which: string): string =>
  changeItem(
    `update work_item set state = 'running', attempt = attempt + 1, fencing_token = fencing_token + 1, lease_until = $2, changed_at = $1
      where (kind, natural_key) = (
        select kind, natural_key from work_item
         where ${which} and (state = 'due' and due_at <= $1 or state = 'running' and lease_until <= $1)
         order by due_at, kind, natural_key limit 1 for update skip locked)`,
    `'attempt ' || c.attempt`,
  )

function lease(now: Instant, leaseMs: number): readonly [string, string] {
  return [toTimestamptz(now), toTimestamptz(now + leaseMs)]
}

/** Ends the item in the transaction that holds its effects, so that both happen or neither. */
export async function completeWork(tx: Transaction, item: ClaimedWorkItem, now: Instant): Promise<'done' | 'lost'> {
  const rows = await tx.query(completeSql, [item.kind, item.naturalKey, item.fencingToken, toTimestamptz(now)])
  return rows.length === 1 ? 'done' : 'lost'
}

/** Only while the claim of parameters 1 to 3 (kind, key, token) holds. */
export const ours = `where kind = $1 and natural_key = $2 and fencing_token = $3 and state = 'running'`

const completeSql = changeItem(
  `update work_item set state = 'done', lease_until = null, changed_at = $4 ${ours}`,
  `'done'`,
)

/** How often and how patiently work is tried again. */
export interface RetryPolicy {
  readonly attempts: number
  readonly firstDelayMs: number
  readonly longestDelayMs: number
}

/** Delay after a failed attempt: doubles from the first to the longest; null when no attempt is left. */
export function backOffMs(attempt: number, policy: RetryPolicy): number | null {
  return attempt >= policy.attempts ? null : Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1))
}

/** Gives the item back for a later attempt, or ends it as failed when none is left. */
export async function failWork(
  client: Queryable,
  item: ClaimedWorkItem,
  now: Instant,
  reason: string,
  policy: RetryPolicy,
): Promise<Exclude<WorkOutcome, 'done'>> {
  const delayMs = backOffMs(item.attempt, policy)
  const state = delayMs === null ? 'failed' : 'due'
  const dueAt = toTimestamptz(delayMs === null ? item.dueAt : now + delayMs)
  const rows = await client.query(failSql, [
    item.kind,
    item.naturalKey,
    item.fencingToken,
    toTimestamptz(now),
    state,
    dueAt,
    reason,
  ])
  return rows.length === 1 ? state : 'lost'
}

const failSql = changeItem(
  `update work_item set state = $5, due_at = $6, lease_until = null, changed_at = $4 ${ours}`,
  `$7::text`,
)

export interface WorkProgress {
  readonly state: 'due' | 'running' | 'done' | 'failed'
  /** Tries so far. */
  readonly attempt: number
  /** What the last change said, such as why a try failed. */
  readonly detail: string
}

/** Where a piece of work stands; null for one that nobody scheduled. */
export async function findWorkProgress(client: Queryable, key: WorkKey): Promise<WorkProgress | null> {
  const [row] = await client.query<WorkProgress>(
    `select w.state, w.attempt, e.detail
       from work_item w join work_item_event e using (kind, natural_key)
      where w.kind = $1 and w.natural_key = $2 order by e.ordinal desc limit 1`,
    [key.kind, key.naturalKey],
  )
  return row ?? null
}
