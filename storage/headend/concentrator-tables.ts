import type { TableEntry } from '../../domain/meter-tables.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** The meter table that a concentrator said to have, last by an instant. */
export interface TableReport {
  readonly lineId: LineId
  readonly reportedAt: Instant
  readonly version: number
  readonly basis: 'report' | 'receipt'
  readonly meters: readonly TableEntry[]
}

/** Keeps what a concentrator says of its table; nothing when it says the same as last time. */
export async function insertTableReport(
  queryable: Queryable,
  { lineId, reportedAt, version, basis, meters }: TableReport,
  recordedAt: Instant,
): Promise<number> {
  return queryable.execute(
    `insert into concentrator_table_report (line_id, reported_at, version, basis, meters, recorded_at)
     select $1, $2, $3, $4, $5, $6
      where not exists (
        select from (select r.version, r.meters from concentrator_table_report r where r.line_id = $1
                      order by r.reported_at desc, r.basis limit 1) last
         where last.version = $3 and last.meters = $5::jsonb)
         on conflict do nothing`,
    [lineId, toTimestamptz(reportedAt), version, basis, JSON.stringify(meters), toTimestamptz(recordedAt)],
  )
}

interface ReportRow {
  readonly line_id: LineId
  readonly reported_at: Instant
  readonly version: bigint
  readonly basis: 'report' | 'receipt'
  readonly meters: readonly TableEntry[]
}

/** The last report of each concentrator that had made one by an instant. */
export async function tableReports(queryable: Queryable, knownAt: Instant): Promise<ReadonlyMap<LineId, TableReport>> {
  const rows = await queryable.query<ReportRow>(
    `select distinct on (line_id) line_id, reported_at, version, basis, meters from concentrator_table_report
      where recorded_at <= $1 order by line_id, reported_at desc, basis`,
    [toTimestamptz(knownAt)],
  )
  return new Map(
    rows.map(({ line_id: lineId, reported_at: reportedAt, version, basis, meters }) => [
      lineId,
      { lineId, reportedAt, version: Number(version), basis, meters },
    ]),
  )
}

/** A meter that hangs behind a concentrator now, as the registry has it. */
export interface RegisteredMeter {
  readonly lineId: LineId
  readonly meterId: MeterId
  readonly code: string
  readonly communicationAddress: string
}

/** Meters of all concentrators as installed at an instant and known then, by line and then by meter. */
export async function metersBehindConcentrators(
  queryable: Queryable,
  at: Instant,
): Promise<readonly RegisteredMeter[]> {
  const rows = await queryable.query<{
    readonly line_id: LineId
    readonly meter_id: MeterId
    readonly code: string
    readonly communication_address: string
  }>(
    `select i.line_id, m.meter_id, m.code, m.communication_address
       from installation_as_of($1, $1) i join meter m using (meter_id) join line l using (line_id)
      where l.kind = 'mqtt_concentrator'
      order by i.line_id, m.meter_id`,
    [toTimestamptz(at)],
  )
  return rows.map((row) => ({
    lineId: row.line_id,
    meterId: row.meter_id,
    code: row.code,
    communicationAddress: row.communication_address,
  }))
}

/** Addresses of which a concentrator line has brought readings since an instant. */
export async function seenAddresses(
  queryable: Queryable,
  from: Instant,
): Promise<readonly { readonly lineId: LineId; readonly address: string }[]> {
  const rows = await queryable.query<{ readonly line_id: LineId; readonly address: string }>(
    `select distinct r.line_id, m.communication_address as address
       from reading r join line l using (line_id) join meter m using (meter_id)
      where r.read_at >= $1 and l.kind = 'mqtt_concentrator'
      order by r.line_id, address`,
    [toTimestamptz(from)],
  )
  return rows.map((row) => ({ lineId: row.line_id, address: row.address }))
}

export type WhyPushed = 'difference' | 'meter_exchange'

/** Where a push stands: it waits for approval, it is on its way, or the concentrator has answered. */
export interface TablePush {
  readonly pushId: string
  readonly lineId: LineId
  readonly version: number
  readonly meters: readonly TableEntry[]
  readonly cause: WhyPushed
  readonly actor: string
  readonly openedAt: Instant
  readonly approvedAt: Instant | null
  /** Null under the standing policy. */
  readonly approvedBy: string | null
  readonly sentAt: Instant | null
  readonly attempts: number
  readonly outcome: string | null
  readonly versionInForce: number | null
  readonly answeredAt: Instant | null
}

interface PushRow {
  readonly push_id: string
  readonly line_id: LineId
  readonly version: bigint
  readonly meters: readonly TableEntry[]
  readonly cause: WhyPushed
  readonly actor_id: string
  readonly opened_at: Instant
  readonly approved_at: Instant | null
  readonly approved_by: string | null
  readonly sent_at: Instant | null
  readonly attempts: number
  readonly outcome: string | null
  readonly version_in_force: bigint | null
  readonly received_at: Instant | null
}

const pushes = `
  select p.push_id, p.line_id, p.version, p.meters, p.cause, p.actor_id, p.opened_at,
         a.approved_at, a.actor_id as approved_by, d.sent_at, coalesce(d.attempts, 0)::integer as attempts,
         r.outcome, r.version_in_force, r.received_at
    from concentrator_table_push p
    left join concentrator_table_approval a using (push_id)
    left join lateral (select max(sent_at) as sent_at, count(*) as attempts
                         from concentrator_table_delivery where push_id = p.push_id) d on true
    left join concentrator_table_receipt r using (push_id)`

/** All pushes, or those of one concentrator, by line and version. */
export async function tablePushes(queryable: Queryable, lineId: LineId | null = null): Promise<readonly TablePush[]> {
  return (
    await queryable.query<PushRow>(`${pushes} where p.line_id = $1 or $1 is null order by p.line_id, p.version`, [
      lineId,
    ])
  ).map(toPush)
}

export async function findTablePush(queryable: Queryable, pushId: string): Promise<TablePush | null> {
  const [row] = await queryable.query<PushRow>(`${pushes} where p.push_id = $1`, [pushId])
  return row === undefined ? null : toPush(row)
}

function toPush(row: PushRow): TablePush {
  return {
    pushId: row.push_id,
    lineId: row.line_id,
    version: Number(row.version),
    meters: row.meters,
    cause: row.cause,
    actor: row.actor_id,
    openedAt: row.opened_at,
    approvedAt: row.approved_at,
    approvedBy: row.approved_by,
    sentAt: row.sent_at,
    attempts: row.attempts,
    outcome: row.outcome,
    versionInForce: row.version_in_force === null ? null : Number(row.version_in_force),
    answeredAt: row.received_at,
  }
}

export interface NewTablePush {
  readonly pushId: string
  readonly lineId: LineId
  readonly version: number
  readonly meters: readonly TableEntry[]
  readonly cause: WhyPushed
  readonly actor: string
  readonly openedAt: Instant
}

/** `exists` when somebody has opened one of that version meanwhile. */
export async function openTablePush(queryable: Queryable, push: NewTablePush): Promise<'created' | 'exists'> {
  const { pushId, lineId, version, meters, cause, actor, openedAt } = push
  const inserted = await queryable.execute(
    `insert into concentrator_table_push (push_id, line_id, version, meters, cause, actor_id, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [pushId, lineId, version, JSON.stringify(meters), cause, actor, toTimestamptz(openedAt)],
  )
  return inserted === 1 ? 'created' : 'exists'
}

/** `actor` null: the standing policy. The database refuses who opened the push. */
export async function approveTablePush(
  queryable: Queryable,
  {
    pushId,
    actor,
    approvedAt,
  }: { readonly pushId: string; readonly actor: string | null; readonly approvedAt: Instant },
): Promise<'created' | 'exists'> {
  const inserted = await queryable.execute(
    `insert into concentrator_table_approval (push_id, actor_id, approved_at) values ($1, $2, $3) on conflict do nothing`,
    [pushId, actor, toTimestamptz(approvedAt)],
  )
  return inserted === 1 ? 'created' : 'exists'
}

export async function insertTableDelivery(queryable: Queryable, pushId: string, sentAt: Instant): Promise<void> {
  await queryable.execute(
    `insert into concentrator_table_delivery (push_id, attempt, sent_at)
     select $1, 1 + count(*), $2 from concentrator_table_delivery where push_id = $1
         on conflict do nothing`,
    [pushId, toTimestamptz(sentAt)],
  )
}

/** A receipt names the version only; 0 when no push of ours has it, or when it has been received before. */
export async function insertTableReceipt(
  tx: Transaction,
  receipt: {
    readonly lineId: LineId
    readonly version: number
    readonly outcome: string
    readonly versionInForce: number
    readonly receivedAt: Instant
  },
): Promise<number> {
  return tx.execute(
    `insert into concentrator_table_receipt (push_id, outcome, version_in_force, received_at)
     select p.push_id, $3, $4, $5 from concentrator_table_push p where p.line_id = $1 and p.version = $2
         on conflict do nothing`,
    [receipt.lineId, receipt.version, receipt.outcome, receipt.versionInForce, toTimestamptz(receipt.receivedAt)],
  )
}

/** The exchange recorded last among the meters of a line, since an instant and in force by now. */
export interface RecordedExchange {
  readonly lineId: LineId
  readonly actor: string
  readonly oldAddress: string
  readonly newAddress: string
}

export async function exchangesBehindConcentrators(
  queryable: Queryable,
  now: Instant,
): Promise<readonly RecordedExchange[]> {
  const rows = await queryable.query<{
    readonly line_id: LineId
    readonly actor_id: string
    readonly old_address: string
    readonly new_address: string
  }>(
    `select i.line_id, e.actor_id, o.communication_address as old_address, n.communication_address as new_address
       from meter_exchange e
       join installation_as_of($1, $1) i on i.usage_point_id = e.usage_point_id and i.meter_id = e.new_meter_id
       join line l on l.line_id = i.line_id and l.kind = 'mqtt_concentrator'
       join meter o on o.meter_id = e.old_meter_id join meter n on n.meter_id = e.new_meter_id
      where e.exchanged_at <= $1 and e.recorded_at <= $1
      order by i.line_id, e.recorded_at desc, e.usage_point_id`,
    [toTimestamptz(now)],
  )
  return rows.map((row) => ({
    lineId: row.line_id,
    actor: row.actor_id,
    oldAddress: row.old_address,
    newAddress: row.new_address,
  }))
}
