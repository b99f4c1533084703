import type { UserErrorCode } from '../../domain/errors.js'
import { english } from './en.js'
import { chinese } from './zh-cn.js'

/** Every text a person reads on the command line. The Chinese catalogue carries the English beside it. */
export interface Messages {
  readonly failure: (title: string, detail: string) => string
  readonly defect: (detail: string) => string
  readonly interrupted: string
  readonly errorTitles: Readonly<Record<UserErrorCode, string>>
  readonly stages: Readonly<Record<StageKey, string>>
  readonly report: Readonly<Record<ReportKey, string>>
  readonly pageIsUp: (url: string) => string
  readonly connectWith: (command: string) => string
}

export type Language = 'zh-CN' | 'en'

export type StageKey = 'database' | 'utility' | 'collect' | 'validate' | 'bill' | 'dun' | 'check'

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
  | 'repaired'
  | 'billing'
  | 'accounts'
  | 'bills'
  | 'held'
  | 'energy'
  | 'amount'
  | 'entries'
  | 'ledgerAccount'
  | 'debit'
  | 'credit'
  | 'balance'
  | 'dunning'
  | 'step'
  | 'sent'
  | 'delivered'
  | 'failed'
  | 'stoppedByPayment'
  | 'manualTasks'
  | 'truth'
  | 'truthReadings'
  | 'truthBills'
  | 'mismatches'
  | 'proof'
  | 'proofHolds'
  | 'resultHash'
  | 'total'

/** `--lang`, then LC_ALL and LANG; Chinese where none of them asks for English. */
export function languageOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  const wanted = option ?? env['LC_ALL'] ?? env['LANG'] ?? ''
  return wanted.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

export function messagesFor(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Messages {
  return languageOf(option, env) === 'en' ? english : chinese
}
