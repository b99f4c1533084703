import type { LocalDate } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/** Notices of one step on one channel. Each notice counts in exactly one of the columns after `notices`. */
export interface NoticeOutcomes {
  readonly step: number
  readonly channel: string
  readonly notices: bigint
  readonly delivered: bigint
  readonly failed: bigint
  /** Taken by the provider, no receipt: plausibly delivered once time has passed. */
  readonly accepted: bigint
  readonly suppressed: bigint
  readonly expired: bigint
  /** Handed over, the provider's answer unknown. */
  readonly unknown: bigint
  /** Still in the outbox. */
  readonly waiting: bigint
}

/** Outcomes by step and channel, in that order. */
export function selectNoticeOutcomes(client: Queryable): Promise<readonly NoticeOutcomes[]> {
  return client.query(
    `select n.step, n.channel, count(*) as notices,
            count(*) filter (where last.kind = 'delivered') as delivered,
            count(*) filter (where last.kind = 'failed') as failed,
            count(*) filter (where last.kind = 'accepted') as accepted,
            count(*) filter (where last.kind = 'suppressed') as suppressed,
            count(*) filter (where last.kind = 'expired') as expired,
            count(*) filter (where last.kind = 'send_intent') as unknown,
            count(*) filter (where last.kind is null) as waiting
       from notice n
       left join lateral (select e.kind from outbox_event e where e.message_id = n.notice_id order by e.ordinal desc limit 1) last on true
      group by n.step, n.channel
      order by n.step, n.channel collate "C"`,
  )
}

export interface CasesInState {
  readonly state: string
  readonly cases: bigint
}

export function selectCasesByState(client: Queryable): Promise<readonly CasesInState[]> {
  return client.query('select state, count(*) as cases from dunning_case group by state order by state collate "C"')
}

export interface ManualTaskRow {
  readonly taskId: string
  readonly accountCode: string
  readonly gridCellCode: string
  readonly assignee: string
  /** What is owed now; 0 once it was paid. */
  readonly openFen: bigint
  readonly dueDate: LocalDate
  readonly effectiveNotices: number
  /** What came of it last; null while nobody has reported. */
  readonly outcome: string | null
}

/** Every manual task with its last outcome, by grid cell and account. */
export function selectManualTasks(client: Queryable): Promise<readonly ManualTaskRow[]> {
  return client.query(
    `select t.task_id as "taskId", a.code as "accountCode", g.code as "gridCellCode", t.assignee, o.open_fen as "openFen",
            t.due_date as "dueDate", c.effective_count as "effectiveNotices",
            (select e.outcome from manual_task_event e where e.task_id = t.task_id order by e.ordinal desc limit 1) as outcome
       from manual_task t
       join dunning_case c on c.case_id = t.case_id
       join open_item o on (o.segment_id, o.ordinal) = (c.segment_id, c.ordinal)
       join account a on a.account_id = t.account_id
       join grid_cell g on g.grid_cell_id = t.grid_cell_id
      order by g.code, a.code, t.task_id`,
  )
}
