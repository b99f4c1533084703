import type { OrderApproval } from '../../domain/meter-order.js'
import type { LineId } from '../../domain/reading.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { OrderUse } from './orders.js'

export interface StandingOrderRow {
  readonly code: string
  readonly version: number
  /** As stored; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
  readonly author: string
  readonly recordedAt: Instant
}

export interface StandingOrderRead extends StandingOrderRow {
  readonly approvals: number
}

const columns = `s.code, s.version, s.document, s.sha256, s.author, s.recorded_at as "recordedAt",
  (select count(*)::integer from standing_order_approval a where (a.code, a.version) = (s.code, s.version)) as approvals`

/** False when that version is there already. */
export async function insertStandingOrder(client: Queryable, row: StandingOrderRow): Promise<boolean> {
  const inserted = await client.execute(
    `insert into standing_order (code, version, document, sha256, author, recorded_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [row.code, row.version, JSON.stringify(row.document), row.sha256, row.author, toTimestamptz(row.recordedAt)],
  )
  return inserted === 1
}

export function listStandingOrders(client: Queryable): Promise<readonly StandingOrderRead[]> {
  return client.query<StandingOrderRead>(`select ${columns} from standing_order s order by s.code, s.version`)
}

export async function findStandingOrder(
  client: Queryable,
  code: string,
  version: number,
): Promise<StandingOrderRead | null> {
  const [row] = await client.query<StandingOrderRead>(
    `select ${columns} from standing_order s where s.code = $1 and s.version = $2`,
    [code, version],
  )
  return row ?? null
}

/** The latest version of each standing order that has two approvals by an instant, as far as they are recorded. */
export function standingOrdersInForce(client: Queryable, knownAt: Instant): Promise<readonly StandingOrderRead[]> {
  return client.query<StandingOrderRead>(
    `select distinct on (s.code) ${columns} from standing_order s
      where (select count(*) from standing_order_approval a
              where (a.code, a.version) = (s.code, s.version) and a.approved_at <= $1) >= 2
      order by s.code, s.version desc`,
    [toTimestamptz(knownAt)],
  )
}

/** False when that person had approved before. The database refuses the author, processes, and another digest. */
export async function insertStandingApproval(
  client: Queryable,
  { code, version }: Pick<StandingOrderRow, 'code' | 'version'>,
  { approver, orderDigest, approvedAt }: OrderApproval,
): Promise<boolean> {
  const inserted = await client.execute(
    `insert into standing_order_approval (code, version, approver, sha256, approved_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [code, version, approver, orderDigest, toTimestamptz(approvedAt)],
  )
  return inserted === 1
}

export function standingApprovals(client: Queryable, code: string, version: number): Promise<readonly OrderApproval[]> {
  return client.query<OrderApproval>(
    `select approver, sha256 as "orderDigest", approved_at as "approvedAt"
       from standing_order_approval where code = $1 and version = $2 order by approved_at, approver`,
    [code, version],
  )
}

/** Local day of a line's last broadcast; null when there was none. */
export async function lastBroadcastDate(client: Queryable, lineId: LineId): Promise<LocalDate | null> {
  const [row] = await client.query<{ readonly day: LocalDate | null }>(
    'select max(service_date) as day from standing_order_use where line_id = $1',
    [lineId],
  )
  return row?.day ?? null
}

export interface StandingUse extends OrderUse {
  readonly code: string
  readonly version: number
  readonly serviceDate: LocalDate
}

/** False when the line had its broadcast that day. */
export async function insertStandingUse(tx: Transaction, use: StandingUse): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into standing_order_use (line_id, service_date, code, version, node, fencing_token, used_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [use.lineId, use.serviceDate, use.code, use.version, use.node, use.fencingToken, toTimestamptz(use.usedAt)],
  )
  return inserted === 1
}

/** The frame of a used broadcast did not leave. The first reason stays. */
export async function insertUnsentBroadcast(
  client: Queryable,
  unsent: Pick<StandingUse, 'lineId' | 'serviceDate'> & { readonly reason: string; readonly recordedAt: Instant },
): Promise<void> {
  await client.execute(
    `insert into standing_order_unsent (line_id, service_date, reason, recorded_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [unsent.lineId, unsent.serviceDate, unsent.reason, toTimestamptz(unsent.recordedAt)],
  )
}
