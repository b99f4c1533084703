import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import { closeRuns, type CloseRunRow } from '../../storage/billing/close-runs.js'
import { exceptionCounts } from '../../storage/billing/run-exceptions.js'
import type { Queryable } from '../../storage/database.js'
import { monthPeriod } from '../cli/month-period.js'
import { type CloseDocument, closeDocument } from './close-document.js'

/** A run among all of its organisation. */
export interface FoundRun {
  readonly run: CloseRunRow
  readonly runs: readonly CloseRunRow[]
}

/** The run that is named, or the last one of the month. @throws UserError `not_found`. */
export async function runOfMonth(
  client: Queryable,
  month: string,
  { organisation, run }: { readonly organisation: string; readonly run?: string | undefined },
): Promise<FoundRun> {
  const { periodStart, periodEnd } = monthPeriod(month)
  const runs = await closeRuns(client, organisation)
  const ofMonth = runs.filter((one) => one.period_start === periodStart && one.period_end === periodEnd)
  const found = run === undefined ? ofMonth[0] : ofMonth.find(({ run_id }) => run_id === run)
  if (found === undefined)
    throw new UserError(
      'not_found',
      `${[organisation, month, run ?? ''].join(' ').trim()}: 无此批次 there is no such run; see shuangwu close freeze`,
    )
  return { run: found, runs }
}

export async function closeDocumentOf(client: Queryable, { run, runs }: FoundRun): Promise<CloseDocument> {
  const counts = await exceptionCounts(client)
  return closeDocument(run, runs, counts.get(run.run_id) ?? {})
}

/** Nulls ask for nothing. */
export interface AskedRuns {
  readonly organisation: string | null
  readonly period: { readonly periodStart: Instant; readonly periodEnd: Instant } | null
  readonly run: string | null
}

export async function closeDocuments(
  client: Queryable,
  { organisation, period, run }: AskedRuns,
): Promise<readonly CloseDocument[]> {
  const [counts, runs] = [await exceptionCounts(client), await closeRuns(client, organisation)]
  return runs
    .filter(
      (one) => period === null || (one.period_start === period.periodStart && one.period_end === period.periodEnd),
    )
    .filter(({ run_id }) => run === null || run_id === run)
    .map((one) => closeDocument(one, runs, counts.get(one.run_id) ?? {}))
}
