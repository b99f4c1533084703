import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { jsonRows } from './json-rows.js'

export interface GridCellManager {
  readonly accountId: bigint
  readonly gridCellId: bigint
  readonly manager: string
}

export interface NewManualTask {
  readonly taskId: string
  readonly caseId: string
  readonly accountId: bigint
  readonly gridCellId: bigint
  readonly assignee: string
  readonly openFen: bigint
  readonly dueDate: LocalDate
}

/**
 * The grid cell where each account is or was last supplied, and its manager: a customer who moved away still owes for that place.
 * An account never supplied anywhere has no row.
 */
export function selectGridCellManagers(
  client: Queryable,
  accountIds: readonly bigint[],
  at: Instant,
): Promise<readonly GridCellManager[]> {
  return client.query(
    `select distinct on (t.account_id) t.account_id as "accountId", g.grid_cell_id as "gridCellId", g.manager
       from agreement_timeline t
       join (select account_id, max(revision) as revision
               from agreement_timeline where account_id = any($1::bigint[]) and recorded_at <= $2
              group by account_id) r using (account_id, revision)
       join usage_point u on u.usage_point_id = t.usage_point_id
       join grid_cell g on g.grid_cell_id = u.grid_cell_id
      where t.effective_from <= $2
      order by t.account_id, t.effective_from desc`,
    [accountIds, toTimestamptz(at)],
  )
}

export async function insertManualTasks(tx: Transaction, tasks: readonly NewManualTask[], at: Instant): Promise<void> {
  await tx.execute(
    `insert into manual_task (task_id, case_id, account_id, grid_cell_id, assignee, open_fen, due_date, recorded_at)
     select r."taskId", r."caseId", r."accountId", r."gridCellId", r.assignee, r."openFen", r."dueDate", $2
       from jsonb_to_recordset($1) as r("taskId" uuid, "caseId" uuid, "accountId" bigint, "gridCellId" bigint, assignee text, "openFen" bigint, "dueDate" date)`,
    [jsonRows(tasks), toTimestamptz(at)],
  )
}

/** Notes on tasks that the money came in, so that nobody sets out. */
export async function insertPaidOutcomes(
  tx: Transaction,
  taskIds: readonly string[],
  actorId: string,
  at: Instant,
): Promise<void> {
  await tx.execute(
    `insert into manual_task_event (task_id, ordinal, outcome, actor_id, occurred_at)
     select t.task_id, 1 + (select count(*) from manual_task_event e where e.task_id = t.task_id), 'paid', $2, $3
       from manual_task t where t.task_id = any($1::uuid[])`,
    [taskIds, actorId, toTimestamptz(at)],
  )
}
