import { formatScaled, yuan } from '../../domain/scaled.js'
import { textTable } from '../cli/table.js'
import type { Messages } from '../messages/catalogue.js'
import type { DemoReport } from './report.js'

/** The report as a person reads it: short tables from the first read to the last manual task. */
export function reportText(report: DemoReport, messages: Messages): string {
  const { report: word } = messages
  return [
    heading(word.collection),
    collectionTable(report, messages),
    heading(word.lines),
    lineTable(report, messages),
    heading(word.billing),
    billingTable(report, messages),
    ledgerTable(report, messages),
    heading(word.dunning),
    dunningTable(report, messages),
    caseTable(report, messages),
    heading(word.proof),
    ...report.proof.steps,
    heading(word.truth),
    truthTable(report, messages),
    ...report.truth.firstMismatches,
    `${word.resultHash} ${report.resultHash}`,
  ].join('\n')
}

function heading(text: string): string {
  return `\n${text}`
}

function collectionTable({ collection }: DemoReport, { report: word }: Messages): string {
  const { due, firstPass, retried, backFilled, fieldRead, estimated, open, fieldOrders } = collection
  return textTable(
    [
      word.due,
      word.firstPass,
      word.retried,
      word.backFilled,
      word.fieldRead,
      word.estimated,
      word.open,
      word.fieldOrders,
    ],
    [[due, firstPass, retried, backFilled, fieldRead, estimated, open, fieldOrders]],
  )
}

function lineTable({ lines }: DemoReport, { report: word }: Messages): string {
  return textTable(
    [
      word.line,
      word.framesOut,
      word.framesIn,
      word.bytesOut,
      word.bytesIn,
      word.damaged,
      word.refused,
      word.timeouts,
      word.repaired,
    ],
    lines.map((line) => [
      line.line,
      ...[
        line.requests,
        line.replies,
        line.bytesOut,
        line.bytesIn,
        line.damaged,
        line.refused,
        line.timeouts,
        line.repaired,
      ].map(String),
    ]),
  )
}

function billingTable({ billing, ledger }: DemoReport, { report: word }: Messages): string {
  return textTable(
    [word.accounts, word.bills, word.held, word.energy, word.amount, word.entries, word.postings, word.auditFaults],
    [
      [
        billing.accounts,
        billing.bills,
        billing.held,
        formatScaled(billing.energyE4, 4, 2),
        yuan(billing.amountFen),
        ledger.entries,
        ledger.postings,
        ledger.auditFaults,
      ],
    ],
  )
}

function ledgerTable({ ledger }: DemoReport, { report: word }: Messages): string {
  const rows = ledger.accounts.map((row) => [
    `${row.accountNumber} ${row.nameZh} ${row.nameEn}`,
    yuan(row.debitFen),
    yuan(row.creditFen),
  ])
  return textTable(
    [word.ledgerAccount, word.debit, word.credit],
    [...rows, [word.balance, yuan(ledger.debitMinusCreditFen), '']],
  )
}

function dunningTable({ notices }: DemoReport, { report: word }: Messages): string {
  return textTable(
    [word.step, word.sent, word.delivered, word.failed, word.noReceipt, word.stoppedByPayment],
    notices.map((row) => [
      `${row.step} ${row.channel}`,
      row.sent,
      row.delivered,
      row.failed,
      row.noReceipt,
      row.suppressed,
    ]),
  )
}

function caseTable({ cases, manualTasks }: DemoReport, { report: word }: Messages): string {
  return textTable(
    [word.casesOpened, word.closedByPayment, word.manualCases, word.activeCases, word.manualTasks, word.settledTasks],
    [[cases.opened, cases.closedByPayment, cases.manual, cases.active, manualTasks.opened, manualTasks.settled]],
  )
}

function truthTable({ truth }: DemoReport, { report: word }: Messages): string {
  return textTable(
    [word.truthReadings, word.truthBills, word.estimated, word.mismatches],
    [[truth.readings, truth.bills, truth.estimated, truth.mismatches]],
  )
}
