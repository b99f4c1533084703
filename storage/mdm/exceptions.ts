import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { insertRows, type Row } from '../insert-rows.js'
import { toTimestamptz } from '../type-parsers.js'

/** One run at a time opens, closes and applies; two would find the same. */
export async function lockExceptions(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('exception', 0))`)
}

/** The last event of an exception. */
export interface ExceptionState {
  readonly exceptionKey: string
  readonly kind: string
  readonly ordinal: number
  readonly event: 'opened' | 'closed'
  /** A person's decision closed it; null when the system did. */
  readonly decisionId: string | null
}

/** What is open, and of the named keys also what is closed. */
export function findStates(client: Queryable, keys: readonly string[]): Promise<readonly ExceptionState[]> {
  return client.query<ExceptionState>(
    `select n.exception_key as "exceptionKey", x.kind, n.ordinal, n.event, n.decision_id as "decisionId"
       from exception_now n join exception x using (exception_key)
      where n.event = 'opened' or n.exception_key = any($1::text[])`,
    [keys],
  )
}

/** When the queue last looked, and before which nothing can be its business; null where nobody looked, or nothing hangs anywhere. */
export async function lastLook(
  client: Queryable,
): Promise<{ readonly lookedAt: Instant | null; readonly goLive: Instant | null }> {
  const [row] = await client.query<{ readonly lookedAt: Instant | null; readonly goLive: Instant | null }>(
    `select (select max(looked_at) from exception_look) as "lookedAt",
            least((select min(as_of) from opening_state), (select min(effective_from) from installation_timeline)) as "goLive"`,
  )
  return row ?? { lookedAt: null, goLive: null }
}

/** Since when the readings of usage points are billed here, for those whose account was taken over from another system. */
export async function goLiveOf(
  client: Queryable,
  usagePointIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, Instant>> {
  const rows = await client.query<{ readonly usagePointId: bigint; readonly goLive: Instant }>(
    `select t.usage_point_id as "usagePointId", min(o.as_of) as "goLive"
       from opening_state o join agreement_timeline t using (account_id)
      where t.usage_point_id = any($1::bigint[]) group by 1`,
    [usagePointIds],
  )
  return new Map(rows.map(({ usagePointId, goLive }) => [usagePointId, goLive]))
}

/** The same instant twice is one look. */
export async function insertLook(tx: Transaction, lookedAt: Instant, actor: string): Promise<void> {
  await tx.execute('insert into exception_look (looked_at, actor_id) values ($1, $2) on conflict do nothing', [
    toTimestamptz(lookedAt),
    actor,
  ])
}

/** Why each of the keys is no longer in doubt, in words; what is not about a reading has none. */
export async function causesGone(client: Queryable, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await client.query<{
    readonly key: string
    readonly kind: string
    readonly verdict: string
    readonly recorded_at: Instant
    readonly hung: boolean
    readonly taken_down: Instant | null
  }>(
    `select x.exception_key as key, x.kind, v.verdict, v.recorded_at, coalesce(h.hung, false) as hung, h.taken_down
       from exception x
       join lateral (select d.verdict, d.recorded_at from validation_decision d
                      where (d.meter_id, d.quantity, d.read_at) = (x.meter_id, x.quantity, x.read_at)
                      order by d.revision desc limit 1) v on true
       left join lateral (
         select bool_or(x.read_at between t.effective_from and coalesce(t.effective_to, 'infinity')) as hung,
                max(t.effective_to) filter (where t.effective_to < x.read_at) as taken_down
           from installation_timeline t
          where t.meter_id = x.meter_id
            and t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id)) h on true
      where x.exception_key = any($1::text[])`,
    [keys],
  )
  return new Map(
    rows.map(({ key, kind, verdict, recorded_at, hung, taken_down }) => {
      if (hung || (verdict !== 'held' && kind !== 'doubtful_reading'))
        return [key, `${verdict} since ${toTimestamptz(recorded_at)}`]
      const since =
        taken_down === null ? 'the meter hung nowhere then' : `the meter was taken down ${toTimestamptz(taken_down)}`
      return [key, `${since}: what it said is billed to nobody`]
    }),
  )
}

export async function insertExceptions(tx: Transaction, rows: readonly Row[]): Promise<void> {
  await insertRows(
    tx,
    `insert into exception (exception_key, kind, usage_point_id, transformer_area_id, meter_id, quantity, read_at, account_id, period_start,
                            period_end, recorded_at)
     select exception_key, kind, usage_point_id, transformer_area_id, meter_id, quantity, read_at, account_id, period_start, period_end, recorded_at
       from json_populate_recordset(null::exception, $1) on conflict do nothing`,
    rows,
  )
}

export async function insertExceptionEvents(tx: Transaction, rows: readonly Row[]): Promise<void> {
  await insertRows(
    tx,
    'insert into exception_event select * from json_populate_recordset(null::exception_event, $1)',
    rows,
  )
}

export interface Finding {
  readonly findingKey: string
  readonly kind: string
  readonly usagePointId: bigint | null
  readonly transformerAreaId: bigint | null
  readonly meterId: bigint | null
  /** Of a reading that is meant; absent where the finding is about none. */
  readonly quantity?: number
  readonly accountId: bigint | null
  readonly readAt: Instant | null
  readonly periodStart: Instant | null
  readonly periodEnd: Instant | null
  readonly detail: string
  readonly evidence: object
}

/** What another check found; the same key again changes nothing. @returns how many were new. */
export function insertFindings(client: Queryable, findings: readonly Finding[], recordedAt: Instant): Promise<number> {
  const rows = findings.map((finding) => ({
    finding_key: finding.findingKey,
    kind: finding.kind,
    usage_point_id: finding.usagePointId,
    transformer_area_id: finding.transformerAreaId,
    meter_id: finding.meterId,
    quantity: finding.quantity ?? null,
    account_id: finding.accountId,
    read_at: finding.readAt,
    period_start: finding.periodStart,
    period_end: finding.periodEnd,
    detail: finding.detail,
    evidence: finding.evidence,
    recorded_at: recordedAt,
  }))
  return insertRows(
    client,
    'insert into exception_finding select * from json_populate_recordset(null::exception_finding, $1) on conflict do nothing',
    rows,
  )
}

/** Keys of findings of a kind that have not ended and tell of [since, …). */
export async function openFindingKeys(
  client: Queryable,
  { kind, since }: { readonly kind: string; readonly since: Instant },
): Promise<readonly string[]> {
  const rows = await client.query<{ key: string }>(
    `select f.finding_key as key from exception_finding f
      where f.kind = $1 and f.period_start >= $2
        and not exists (select from exception_finding_end e where e.finding_key = f.finding_key)
      order by f.finding_key`,
    [kind, toTimestamptz(since)],
  )
  return rows.map(({ key }) => key)
}

/** Says that findings are no longer so; the next run closes their exceptions. @returns how many ended. */
export function endFindings(
  client: Queryable,
  {
    keys,
    reason,
    recordedAt,
  }: { readonly keys: readonly string[]; readonly reason: string; readonly recordedAt: Instant },
): Promise<number> {
  return client.execute(
    `insert into exception_finding_end (finding_key, reason, recorded_at)
     select finding_key, $2, $3 from exception_finding where finding_key = any($1::text[]) on conflict do nothing`,
    [keys, reason, toTimestamptz(recordedAt)],
  )
}
