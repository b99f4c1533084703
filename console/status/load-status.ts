import { beijing, closedDay, type Instant } from '../../domain/time.js'
import { windowsAt } from '../../headend/accounting/account-span.js'
import { trialBalance } from '../../billing/ledger/trial-balance.js'
import type { Database, Queryable } from '../../storage/database.js'
import { selectManualTasks, selectNoticeOutcomes } from '../../storage/dunning/report.js'
import { type DueOutcomes, dueOutcomes } from '../../storage/headend/outcomes.js'
import { resultHash } from '../../storage/result-hash.js'
import { selectTariffTotals } from '../../storage/status/billing-totals.js'
import type { NoticeTotal, Outcomes, StatusData, TaskList } from './status-data.js'

/** Everything the status page shows, of the due points in [from, to). */
export async function loadStatus(
  reader: Database,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<StatusData> {
  const due = await dueOutcomes(reader, { ...span, windows: await windowsAt(reader, span.to) })
  return {
    collection: {
      days: sumsBy(due, ({ readAt }) => closedDay(beijing, readAt)).map(([date, outcomes]) => ({ date, ...outcomes })),
      lines: sumsBy(due, ({ lineCode }) => lineCode).map(([line, outcomes]) => ({ line, ...outcomes })),
    },
    billing: await selectTariffTotals(reader),
    ledger: (await trialBalance(reader)).accounts,
    notices: await loadNotices(reader),
    tasks: await loadTasks(reader),
    resultHash: (await resultHash(reader)).sha256,
  }
}

export async function loadNotices(reader: Queryable): Promise<readonly NoticeTotal[]> {
  const rows = await selectNoticeOutcomes(reader)
  return rows.map(({ step, channel, notices, delivered, failed, accepted, suppressed, expired, waiting }) => ({
    step,
    channel,
    sent: Number(notices - suppressed - expired - waiting),
    delivered: Number(delivered),
    failed: Number(failed),
    noReceipt: Number(accepted),
    suppressed: Number(suppressed),
  }))
}

export async function loadTasks(reader: Queryable): Promise<TaskList> {
  const rows = await selectManualTasks(reader)
  const open = rows.filter(({ outcome }) => outcome === null)
  return {
    open: open.map(({ accountCode, gridCellCode, assignee, openFen, dueDate }) => ({
      account: accountCode,
      gridCell: gridCellCode,
      assignee,
      openFen,
      dueDate,
    })),
    settled: rows.length - open.length,
  }
}

const nothing: Outcomes = {
  due: 0,
  firstPass: 0,
  retried: 0,
  backFilled: 0,
  fieldRead: 0,
  estimated: 0,
  corrected: 0,
  held: 0,
  exempt: 0,
  open: 0,
}

export function sumOutcomes(parts: readonly Outcomes[]): Outcomes {
  return parts.reduce(
    (sum, part) => ({
      due: sum.due + part.due,
      firstPass: sum.firstPass + part.firstPass,
      retried: sum.retried + part.retried,
      backFilled: sum.backFilled + part.backFilled,
      fieldRead: sum.fieldRead + part.fieldRead,
      estimated: sum.estimated + part.estimated,
      corrected: sum.corrected + part.corrected,
      held: sum.held + part.held,
      exempt: sum.exempt + part.exempt,
      open: sum.open + part.open,
    }),
    nothing,
  )
}

function sumsBy(
  due: readonly DueOutcomes[],
  keyOf: (row: DueOutcomes) => string,
): readonly (readonly [string, Outcomes])[] {
  const keys = [...new Set(due.map(keyOf))].toSorted()
  return keys.map((key) => [key, sumOutcomes(due.filter((row) => keyOf(row) === key))])
}
