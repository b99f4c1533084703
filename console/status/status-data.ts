import type { TariffTotal } from '../../storage/status/billing-totals.js'

export type { TariffTotal }

/** What the status page shows. Money in fen, energy in kWh e4. */
export interface StatusData {
  readonly collection: {
    readonly days: readonly DayOutcome[]
    readonly lines: readonly LineOutcome[]
  }
  readonly billing: readonly TariffTotal[]
  readonly ledger: readonly LedgerTotal[]
  readonly notices: readonly NoticeTotal[]
  readonly tasks: TaskList
  readonly resultHash: string
}

export interface Outcomes {
  readonly due: number
  readonly firstPass: number
  readonly retried: number
  readonly backFilled: number
  readonly fieldRead: number
  readonly estimated: number
  readonly corrected: number
  readonly held: number
  readonly exempt: number
  readonly open: number
}
export interface DayOutcome extends Outcomes {
  readonly date: string
}
export interface LineOutcome extends Outcomes {
  readonly line: string
}
export interface LedgerTotal {
  readonly accountNumber: number
  readonly nameZh: string
  readonly nameEn: string
  readonly debitFen: bigint
  readonly creditFen: bigint
}
export interface NoticeTotal {
  readonly step: number
  readonly channel: string
  readonly sent: number
  readonly delivered: number
  readonly failed: number
  /** Taken by the provider and never heard of again. */
  readonly noReceipt: number
  readonly suppressed: number
}
/** A task that still waits for its person; settled ones are counted apart. */
export interface TaskRow {
  readonly account: string
  readonly gridCell: string
  readonly assignee: string
  readonly openFen: bigint
  readonly dueDate: string
}

export interface TaskList {
  readonly open: readonly TaskRow[]
  /** Tasks that a payment or a report has ended. */
  readonly settled: number
}
