import type { Instant } from '../../domain/time.js'
import type { Database, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type ClaimedWorkItem, changeItem, type NewWorkItem, scheduleWork } from '../work/work-items.js'

/** Kind of the work items that are windows of collection on one line. */
export const windowKind = 'collect_window'

/** What a window's item carries. Where limits apply, the claim reads `line`, `device` and `carrier`; the rest is for whoever collects. */
export interface WindowPayload {
  readonly schedule: string
  readonly line: string
  /** What several lines are reached through: a concentrator, or the serial server of their host. */
  readonly device: string
  readonly carrier: string | null
  /** The due instant of the schedule. */
  readonly dueAt: Instant
}

export interface NewWindow extends WindowPayload {
  readonly start: Instant
}

/** Puts windows on the list of work; those that are there stay as they are. @returns how many are new. */
export async function scheduleWindows(client: Queryable, windows: readonly NewWindow[], now: Instant): Promise<number> {
  if (windows.length === 0) return 0
  return scheduleWork(client, windows.map(toItem), now)
}

function toItem({ start, ...payload }: NewWindow): NewWorkItem {
  const { schedule, line, dueAt } = payload
  return {
    kind: windowKind,
    naturalKey: `${schedule}/${line}/${new Date(dueAt).toISOString()}`,
    dueAt: start,
    payload,
  }
}

export interface ClaimLimits {
  /** Lines at once behind one device. */
  readonly device: number
  /** Lines at once by carrier. */
  readonly carriers: Readonly<Record<string, number>>
  /** So many tries cost a rank against windows that are tried for the first time. */
  readonly yieldsEvery: number
}

/**
 * Claims the next window that the limits admit: fewest ranks lost first, then by due time and key. A line has one window at a time,
 * whoever collects it. Claims are made one after the other, so that two nodes never take the last place both.
 */
export async function claimWindow(
  database: Database,
  { now, leaseMs, limits }: { readonly now: Instant; readonly leaseMs: number; readonly limits: ClaimLimits },
): Promise<ClaimedWorkItem | null> {
  return database.transaction(async (tx) => {
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('collect_window', 0))`)
    const [item] = await tx.query<ClaimedWorkItem>(claimSql, [
      toTimestamptz(now),
      toTimestamptz(now + leaseMs),
      limits.device,
      JSON.stringify(limits.carriers),
      limits.yieldsEvery,
    ])
    return item ?? null
  })
}

const claimSql = `
  with busy as materialized (
    select payload->>'line' as line, payload->>'device' as device, payload->>'carrier' as carrier
      from work_item where kind = '${windowKind}' and state = 'running' and lease_until > $1),
  full_device as (select device from busy group by device having count(*) >= $3),
  full_carrier as (
    select carrier from busy where carrier is not null group by carrier
    having count(*) >= ($4::jsonb ->> carrier)::int),
  next as materialized (
    select w.kind, w.natural_key from work_item w
     where w.kind = '${windowKind}' and (w.state = 'due' and w.due_at <= $1 or w.state = 'running' and w.lease_until <= $1)
       and not exists (select from busy where busy.line = w.payload->>'line')
       and not exists (select from full_device d where d.device = w.payload->>'device')
       and not exists (select from full_carrier c where c.carrier = w.payload->>'carrier')
     order by w.attempt / $5::int, w.due_at, w.natural_key limit 1 for update),
  ${changeItem(
    `update work_item set state = 'running', attempt = attempt + 1, fencing_token = fencing_token + 1, lease_until = $2, changed_at = $1
      where (kind, natural_key) = (select kind, natural_key from next)`,
    `'attempt ' || c.attempt`,
  ).replace(/^\s*with /, '')}`

export interface WindowCounts {
  /** Being collected now. */
  readonly running: number
  /** Due, and nobody has taken them. */
  readonly waiting: number
  /** Waiting for longer than the grace. */
  readonly late: number
}

export async function countWindows(client: Queryable, now: Instant, graceMs: number): Promise<WindowCounts> {
  const [row] = await client.query<WindowCounts>(
    `select count(*) filter (where state = 'running' and lease_until > $1)::int as running,
            count(*) filter (where state = 'due' and due_at <= $1 or state = 'running' and lease_until <= $1)::int as waiting,
            count(*) filter (where state = 'due' and due_at <= $2 or state = 'running' and lease_until <= $2)::int as late
       from work_item where kind = '${windowKind}' and state in ('due', 'running')`,
    [toTimestamptz(now), toTimestamptz(now - graceMs)],
  )
  return row ?? { running: 0, waiting: 0, late: 0 }
}
