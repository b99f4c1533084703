import { runDigest } from '../../billing/runs/run-digest.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import { calendarFor, type LocalDate } from '../../domain/time.js'
import type { CloseRunRow } from '../../storage/billing/close-runs.js'
import type { RunState } from '../../storage/billing/runs.js'
import { zonedMinute } from '../cli/zoned-minute.js'

/** What comes after a state; nothing after the last one. */
const nextSteps = { frozen: 'dry-run', dry_run: 'review', reviewed: 'issue', issued: 'post', posted: null } as const

/** kWh and yuan as decimal text; by the last dry run, for which `rated` of the `segments` are there. */
interface CloseTotals {
  readonly bills: number
  readonly energyKwh: string
  readonly amount: string
}

/** Where the close of an organisation's period stands. */
export interface CloseDocument extends CloseTotals {
  readonly run: string
  readonly organisation: string
  /** Local days [from, to). */
  readonly from: LocalDate
  readonly to: LocalDate
  readonly state: RunState
  readonly next: (typeof nextSteps)[RunState]
  readonly accountingDate: string
  readonly dueDate: string
  /** Accounts = bills + exceptions, once all segments are rated. */
  readonly accounts: number
  readonly exceptions: Readonly<Record<string, number>>
  readonly segments: number
  readonly rated: number
  readonly issued: number
  readonly posted: number
  /** What a review accepts; null until all segments are rated. */
  readonly digest: string | null
  readonly steps: readonly { readonly state: RunState; readonly actor: string; readonly at: string }[]
  /** What was issued for the period before, all its runs together; null where nothing was. */
  readonly before: CloseTotals | null
}

/** @param runs all of its organisation, by `closeRuns` */
export function closeDocument(
  run: CloseRunRow,
  runs: readonly CloseRunRow[],
  exceptions: Readonly<Record<string, number>>,
): CloseDocument {
  const calendar = calendarFor(run.time_zone)
  return {
    run: run.run_id,
    organisation: run.organisation,
    from: calendar.dateAt(run.period_start),
    to: calendar.dateAt(run.period_end),
    state: run.state,
    next: nextSteps[run.state],
    accountingDate: run.accounting_date,
    dueDate: run.due_date,
    accounts: run.accounts,
    ...totalsOf([run]),
    exceptions,
    segments: run.segments,
    rated: run.rated,
    issued: run.issued,
    posted: run.posted,
    digest: run.rated === run.segments ? runDigest(run.digests) : null,
    steps: run.states.map((state, place) => ({
      state,
      actor: run.actors[place] ?? '',
      at: zonedMinute(calendar, run.instants[place] ?? 0),
    })),
    before: issuedBefore(run, runs),
  }
}

function issuedBefore(run: CloseRunRow, runs: readonly CloseRunRow[]): CloseTotals | null {
  const before = runs.filter(
    (one) =>
      one.organisation === run.organisation &&
      one.period_end === run.period_start &&
      (one.state === 'issued' || one.state === 'posted'),
  )
  return before.length === 0 ? null : totalsOf(before)
}

function totalsOf(runs: readonly CloseRunRow[]): CloseTotals {
  const sum = (of: (run: CloseRunRow) => bigint) => runs.reduce((total, run) => total + of(run), 0n)
  return {
    bills: Number(sum(({ bills }) => BigInt(bills))),
    energyKwh: formatScaled(
      sum(({ energy_e4 }) => energy_e4),
      4,
    ),
    amount: yuan(sum(({ amount_fen }) => amount_fen)),
  }
}
