import type { UserErrorCode } from '../../domain/errors.js'

/** The texts that `--lang` chooses: failures and the demo. The Chinese catalogue carries the English beside it; other commands print both languages always. */
export interface Messages {
  readonly failure: (title: string, detail: string) => string
  /** What the option parser complains of, `error: unknown option '--x'`. */
  readonly badUsage: (complaint: string) => string
  readonly defect: (detail: string) => string
  readonly interrupted: string
  readonly errorTitles: Readonly<Record<UserErrorCode, string>>
  readonly stages: Readonly<Record<StageKey, string>>
  readonly report: Readonly<Record<ReportKey, string>>
  readonly pageIsUp: (url: string) => string
  readonly connectWith: (command: string) => string
}

export type StageKey = 'database' | 'utility' | 'collect' | 'bill' | 'dun' | 'check'

export type ReportKey =
  | 'collection'
  | 'due'
  | 'firstPass'
  | 'retried'
  | 'backFilled'
  | 'fieldRead'
  | 'estimated'
  | 'open'
  | 'fieldOrders'
  | 'lines'
  | 'line'
  | 'framesOut'
  | 'framesIn'
  | 'bytesOut'
  | 'bytesIn'
  | 'damaged'
  | 'refused'
  | 'timeouts'
  | 'repaired'
  | 'billing'
  | 'accounts'
  | 'bills'
  | 'held'
  | 'energy'
  | 'amount'
  | 'entries'
  | 'postings'
  | 'auditFaults'
  | 'ledgerAccount'
  | 'debit'
  | 'credit'
  | 'balance'
  | 'dunning'
  | 'step'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'noReceipt'
  | 'stoppedByPayment'
  | 'casesOpened'
  | 'closedByPayment'
  | 'manualCases'
  | 'activeCases'
  | 'manualTasks'
  | 'settledTasks'
  | 'truth'
  | 'truthReadings'
  | 'truthBills'
  | 'mismatches'
  | 'proof'
  | 'resultHash'
  | 'total'
