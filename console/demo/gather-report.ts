import { auditLedger } from '../../billing/ledger/audit-ledger.js'
import { trialBalance } from '../../billing/ledger/trial-balance.js'
import { windowsAt } from '../../headend/accounting/account-span.js'
import { present } from '../../domain/result.js'
import type { Queryable } from '../../storage/database.js'
import { databaseFacts } from '../../storage/doctor.js'
import { dueOutcomes, lineTraffic } from '../../storage/headend/outcomes.js'
import { selectCasesByState } from '../../storage/dunning/report.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
import { resultHash } from '../../storage/result-hash.js'
import { selectBillWithMostLines, selectLedgerCounts, selectTariffTotals } from '../../storage/status/billing-totals.js'
import { countFieldOrders } from '../../storage/status/stored-readings.js'
import { proofText } from '../proof/proof-text.js'
import { proveBill } from '../proof/prove-bill.js'
import { loadNotices, loadTasks, sumOutcomes } from '../status/load-status.js'
import type { BilledMonth } from './bill-month.js'
import type { DemoWorld } from './demo-world.js'
import type { BillingReport, CaseReport, DemoReport, ProofReport, TruthReport } from './report.js'
import { reportedSpan, reportedWindows } from './reported-span.js'

/** Reads the report back from the tables, as role reader: what is printed is what `psql` would show. */
export async function gatherReport(
  world: DemoWorld,
  resolved: ResolvedDatabase,
  billed: BilledMonth,
  truth: TruthReport,
): Promise<DemoReport> {
  const { reader } = world.databases
  const balance = await trialBalance(reader)
  const counts = await selectLedgerCounts(reader)
  const { faults } = await auditLedger(reader)
  return {
    seed: world.seed,
    database: { tier: (await databaseFacts(reader)).tier ?? 'plain', connect: connectCommand(resolved) },
    collection: {
      ...sumOutcomes(await dueOutcomes(reader, { ...reportedSpan, windows: await windowsAt(reader, reportedSpan.to) })),
      fieldOrders: await countFieldOrders(reader, reportedSpan),
    },
    lines: (await lineTraffic(reader, reportedWindows)).map(({ lineCode, ...traffic }) => ({
      line: lineCode,
      ...traffic,
    })),
    billing: await billingReport(world, billed),
    ledger: {
      accounts: balance.accounts,
      debitMinusCreditFen: balance.debitFen - balance.creditFen,
      ...counts,
      auditFaults: faults.length,
    },
    notices: await loadNotices(reader),
    cases: await caseReport(reader),
    manualTasks: await taskCounts(reader),
    truth,
    proof: await proofReport(world),
    resultHash: (await resultHash(reader)).sha256,
  }
}

async function billingReport({ databases }: DemoWorld, { accounts, held }: BilledMonth): Promise<BillingReport> {
  const totals = await selectTariffTotals(databases.reader)
  return {
    accounts,
    held,
    bills: totals.reduce((sum, { bills }) => sum + bills, 0),
    energyE4: totals.reduce((sum, { energyE4 }) => sum + energyE4, 0n),
    amountFen: totals.reduce((sum, { amountFen }) => sum + amountFen, 0n),
    tariffs: totals,
  }
}

async function caseReport(reader: Queryable): Promise<CaseReport> {
  const cases = new Map((await selectCasesByState(reader)).map((row) => [row.state, Number(row.cases)]))
  const [closedByPayment = 0, manual = 0, active = 0] = ['closed_paid', 'manual', 'active'].map((state) =>
    cases.get(state),
  )
  return { opened: [...cases.values()].reduce((sum, count) => sum + count, 0), closedByPayment, manual, active }
}

async function taskCounts(reader: Queryable): Promise<DemoReport['manualTasks']> {
  const { open, settled } = await loadTasks(reader)
  return { opened: open.length + settled, settled, open: open.length }
}

async function proofReport({ databases }: DemoWorld): Promise<ProofReport> {
  const billNumber = present(await selectBillWithMostLines(databases.reader), 'an issued bill')
  const proved = await proveBill(databases.reader, { billNumber })
  return { billNumber, account: proved.proof.bill.account, holds: proved.verdict.holds, steps: proofText(proved) }
}

/** The command that opens the demo's database; the password stays in its file. */
function connectCommand({ local }: ResolvedDatabase): string {
  if (local === null) return 'psql "$DATABASE_URL"'
  return `PGPASSFILE=${local.passFile} psql -h ${local.socketFolder} -U shuangwu_reader_login shuangwu`
}
