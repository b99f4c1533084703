import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export type RunState = 'frozen' | 'dry_run' | 'reviewed' | 'issued' | 'posted'

export interface DeterminantSetRow {
  readonly set_id: bigint
  readonly organisation_id: bigint
  readonly time_zone: string
  readonly currency: string
  /** Decimals of the currency's minor unit. */
  readonly minor_digits: number
  readonly period_start: Instant
  readonly period_end: Instant
  readonly revision: number
  readonly account_count: number
  readonly digest: Buffer
}

export interface RunRow {
  readonly run_id: string
  readonly organisation_id: bigint
  readonly time_zone: string
  readonly set_id: bigint
  readonly state: RunState
  /** As stored at the freeze; whoever uses it parses it. */
  readonly document: unknown
  readonly sha256: Buffer
}

/** The last revision of an organisation's determinants for a period; null when there is none. */
export async function findDeterminantSet(
  client: Queryable,
  organisation: string,
  periodStart: Instant,
  periodEnd: Instant,
): Promise<DeterminantSetRow | null> {
  const [row] = await client.query<DeterminantSetRow>(
    `select set_id, organisation_id, o.time_zone, o.currency, o.minor_digits, period_start, period_end, revision, account_count, digest
       from determinant_set join organisation o using (organisation_id)
      where o.code = $1 and period_start = $2 and period_end = $3
      order by revision desc limit 1`,
    [organisation, toTimestamptz(periodStart), toTimestamptz(periodEnd)],
  )
  return row ?? null
}

/** Tariff codes that the accounts of a set are billed under. */
export async function tariffCodesOf(client: Queryable, setId: bigint): Promise<readonly string[]> {
  const rows = await client.query<{ tariff_code: string }>(
    'select distinct tariff_code from determinant where set_id = $1 order by tariff_code',
    [setId],
  )
  return rows.map((row) => row.tariff_code)
}

export async function findRun(client: Queryable, runId: string): Promise<RunRow | null> {
  const [row] = await client.query<RunRow>(
    `select run_id, organisation_id, o.time_zone, set_id, state, m.document, m.sha256
       from billing_run join organisation o using (organisation_id) join run_manifest m using (run_id)
      where run_id = $1`,
    [runId],
  )
  return row ?? null
}

/** The later freeze of a run's period, where the run has not begun to issue; null: its determinants are the last ones. */
export async function findLaterSet(
  client: Queryable,
  runId: string,
): Promise<{ readonly setId: bigint; readonly revision: number } | null> {
  const [row] = await client.query<{ readonly setId: bigint; readonly revision: number }>(
    `select n.set_id as "setId", n.revision
       from billing_run r
       join determinant_set d using (set_id)
       join determinant_set n on (n.organisation_id, n.period_start, n.period_end) = (d.organisation_id, d.period_start, d.period_end)
        and n.revision > d.revision
      where r.run_id = $1 and not exists (select from run_segment s join segment_issue i using (segment_id) where s.run_id = r.run_id)
      order by n.revision desc limit 1`,
    [runId],
  )
  return row ?? null
}

export interface KnownRun {
  readonly runId: string
  readonly state: RunState
  readonly accounts: number
}

/** All runs, the latest period first, with the accounts of their shards. */
export async function knownRuns(client: Queryable): Promise<readonly KnownRun[]> {
  const rows = await client.query<{ run_id: string; state: RunState; accounts: bigint }>(
    `select r.run_id, r.state, coalesce(sum(s.account_count), 0)::bigint as accounts
       from billing_run r left join run_segment s using (run_id)
      group by r.run_id order by r.period_start desc, r.run_id`,
  )
  return rows.map(({ run_id, state, accounts }) => ({ runId: run_id, state, accounts: Number(accounts) }))
}

/** Takes the run's row, so that two processes never work on one run at once. */
export async function lockRun(tx: Transaction, runId: string): Promise<RunState | null> {
  const [row] = await tx.query<{ state: RunState }>('select state from billing_run where run_id = $1 for update', [
    runId,
  ])
  return row?.state ?? null
}

export interface NewRun {
  readonly runId: string
  readonly set: DeterminantSetRow
  readonly actorId: string
  readonly at: Instant
}

/** The run itself; what it froze is told by `insertManifest` in the same transaction. */
export async function insertRun(tx: Transaction, run: NewRun): Promise<void> {
  const { set } = run
  const at = toTimestamptz(run.at)
  await tx.execute(
    `insert into billing_run (run_id, organisation_id, period_start, period_end, set_id, state, changed_at)
     values ($1, $2, $3, $4, $5, 'frozen', $6)`,
    [run.runId, set.organisation_id, toTimestamptz(set.period_start), toTimestamptz(set.period_end), set.set_id, at],
  )
  await insertRunEvent(tx, run.runId, 'frozen', run.actorId, run.at)
}

export async function insertManifest(
  tx: Transaction,
  runId: string,
  { json, sha256 }: { readonly json: string; readonly sha256: Buffer },
  at: Instant,
): Promise<void> {
  await tx.execute('insert into run_manifest (run_id, document, sha256, recorded_at) values ($1, $2, $3, $4)', [
    runId,
    json,
    sha256,
    toTimestamptz(at),
  ])
}

/** Moves a run to a state, with the event that says who moved it. */
export async function advanceRun(
  tx: Transaction,
  runId: string,
  state: RunState,
  actorId: string,
  at: Instant,
): Promise<void> {
  await tx.execute('update billing_run set state = $2, changed_at = $3 where run_id = $1', [
    runId,
    state,
    toTimestamptz(at),
  ])
  await insertRunEvent(tx, runId, state, actorId, at)
}

async function insertRunEvent(tx: Transaction, runId: string, state: RunState, actorId: string, at: Instant) {
  await tx.execute(
    `insert into billing_run_event (run_id, ordinal, state, actor_id, recorded_at)
     select $1, coalesce(max(ordinal), 0) + 1, $2, $3, $4 from billing_run_event where run_id = $1`,
    [runId, state, actorId, toTimestamptz(at)],
  )
}

/** Accounts that the determinants already hold back get no bill from this run either; those that have one keep that word. */
export async function insertHeldAccounts(tx: Transaction, runId: string, setId: bigint, at: Instant): Promise<number> {
  return tx.execute(
    `insert into run_exception (run_id, account_id, code, detail, recorded_at)
     select $1, account_id, code, detail, $3 from determinant_hold h
      where set_id = $2 and not exists (select from run_exception x where (x.run_id, x.account_id) = ($1, h.account_id))`,
    [runId, setId, toTimestamptz(at)],
  )
}

export async function insertRunException(
  tx: Transaction,
  runId: string,
  exception: { readonly accountId: bigint; readonly code: string; readonly detail: string },
  at: Instant,
): Promise<void> {
  await tx.execute(
    'insert into run_exception (run_id, account_id, code, detail, recorded_at) values ($1, $2, $3, $4, $5)',
    [runId, exception.accountId, exception.code, exception.detail, toTimestamptz(at)],
  )
}

/** Runs that were frozen on a set, one after the other. */
export async function countRunsOf(client: Queryable, setId: bigint): Promise<number> {
  const [row] = await client.query<{ runs: bigint }>('select count(*) as runs from billing_run where set_id = $1', [
    setId,
  ])
  return Number(present(row, 'a count').runs)
}

export interface RunCounts {
  /** Accounts of the determinant set: with determinants and held. */
  readonly accountsIn: number
  /** Without a bill from this run, those that have one from another run among them. */
  readonly exceptions: number
  readonly alreadyBilled: number
  readonly bills: number
  readonly amountFen: bigint
}

/**
 * How many accounts came in, were issued a bill, and were held: what the database counted row by row when it closed the set and each
 * segment, so that a run of millions is not counted again.
 */
export async function runCounts(client: Queryable, runId: string): Promise<RunCounts> {
  const [row] = await client.query<{
    accounts_in: number
    exceptions: bigint
    already_billed: bigint
    bills: bigint
    amount_fen: string
  }>(
    `with issued as (
       select i.bill_count, t.amount_fen
         from run_segment g join segment_issue i using (segment_id)
         left join lateral (select amount_fen from segment_result t
                             where t.segment_id = g.segment_id and t.digest = i.digest order by attempt desc limit 1) t on true
        where g.run_id = $1)
     select s.account_count as accounts_in,
            e.exceptions, e.already_billed,
            (select coalesce(sum(bill_count), 0) from issued) as bills,
            (select coalesce(sum(amount_fen), 0) from issued)::text as amount_fen
       from billing_run r join determinant_set s using (set_id)
      cross join lateral (select count(*) as exceptions, count(*) filter (where x.code = 'already_billed') as already_billed
                            from run_exception x where x.run_id = r.run_id) e
      where r.run_id = $1`,
    [runId],
  )
  const { accounts_in, exceptions, already_billed, bills, amount_fen } = present(row, `billing run ${runId}`)
  return {
    accountsIn: accounts_in,
    exceptions: Number(exceptions),
    alreadyBilled: Number(already_billed),
    bills: Number(bills),
    amountFen: BigInt(amount_fen),
  }
}

/** Who froze or rated a run. */
export async function preparersOf(client: Queryable, runId: string): Promise<readonly string[]> {
  const rows = await client.query<{ actor_id: string }>(
    `select distinct actor_id from billing_run_event where run_id = $1 and state in ('frozen', 'dry_run') order by 1`,
    [runId],
  )
  return rows.map((row) => row.actor_id)
}
