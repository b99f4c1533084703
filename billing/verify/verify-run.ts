import { UserError } from '../../domain/errors.js'
import { present } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { yuan } from '../../domain/scaled.js'
import { calendarFor } from '../../domain/time.js'
import { proofBillsOf, type ProofBillRow } from '../../storage/billing/proof.js'
import { aheadOf } from '../../storage/billing/proof-ahead.js'
import { readUsages } from '../../storage/billing/segment-usages.js'
import { segmentStatement } from '../../storage/billing/segment-statement.js'
import { type RunSegmentRow, runSegments } from '../../storage/billing/segments.js'
import { toUsageColumns } from '../../storage/billing/usage-columns.js'
import type { Database, Transaction } from '../../storage/database.js'
import type { SegmentVerdict } from '../checker/check-segment.js'
import type { LinesChecked } from '../checker/verdict.js'
import { ladderOpening } from '../engine/ladder-opening.js'
import { rememberDays } from '../engine/local-days.js'
import { ledgerAccounts } from '../ledger/accounts.js'
import { askedAhead } from '../proof/asked-ahead.js'
import { problemText, type ProofContext, proofOf } from '../proof/build-proof.js'
import type { BillNotRated } from '../proof/component-proof.js'
import { type ComponentRows, readComponentRows } from '../proof/component-rows.js'
import { ahead } from '../runs/ahead.js'
import { keepsInputs, manifestSha256 } from '../runs/manifest.js'
import { type OpenRun, openRun } from '../runs/open-run.js'
import { runFaults, strayFaults } from './check-segment-rows.js'
import { type CheckThread, createCheckThread } from './check-thread.js'
import { createLineCount } from './line-count.js'
import type { RunFault } from './run-fault.js'

export interface RunVerdict {
  readonly runId: string
  readonly segments: number
  readonly bills: number
  /** Lines of the bills that hold. */
  readonly lines: LinesChecked
  readonly faults: number
  /** The first of them. */
  readonly shown: readonly RunFault[]
}

export const mostFaultsShown = 100
/** Bills whose evidence is in memory at once; two batches are. */
const billsPerBatch = 1000

export interface VerifyAsked {
  readonly runId: string
  readonly registerMapOf: ProofContext['registerMapOf']
  readonly advance?: (bills: number) => void
}

/**
 * Has the independent checker verify every bill of a run, from frame bytes to fen, and that each segment's inputs, numbers, accounts,
 * receivables, digests and ledger totals are those of its bills; compares what stands beside the bills with them. Evidence is read set-wise,
 * a batch at a time, whatever the size of the run. Writes nothing.
 */
export async function verifyRun(database: Database, clock: Clock, asked: VerifyAsked): Promise<RunVerdict> {
  return holding(clock, async () => {
    const run = await openRun(database, asked.runId)
    const segments = (await runSegments(database, asked.runId)).filter(({ issued }) => issued)
    if (segments.length === 0)
      throw new UserError('refused', `${asked.runId}: 尚未发行，没有账单 not issued, there are no bills`)
    const thread = createCheckThread(clock)
    const ofRun = await runFaults(database, run, segments)
    const faults: RunFault[] = ofRun.slice(0, mostFaultsShown)
    const lines = createLineCount()
    let [bills, found] = [0, ofRun.length]
    try {
      for (const segment of segments)
        for await (const checked of checkSegment(database, thread, { run, segment }, asked)) {
          bills += checked.bills
          for (const one of checked.lines) lines.add(one)
          found += checked.faults.length
          faults.push(...checked.faults.slice(0, mostFaultsShown - faults.length))
          asked.advance?.(checked.bills)
        }
    } finally {
      await thread.close()
    }
    return { runId: asked.runId, segments: segments.length, bills, lines: lines.sum(), faults: found, shown: faults }
  })
}

interface Checked {
  readonly bills: number
  readonly lines: readonly LinesChecked[]
  readonly faults: readonly RunFault[]
}

async function* checkSegment(
  database: Database,
  thread: CheckThread,
  { run, segment }: { readonly run: OpenRun; readonly segment: RunSegmentRow },
  asked: VerifyAsked,
): AsyncGenerator<Checked, void, undefined> {
  const statement = await segmentStatement(database, segment.segment_id, ledgerAccounts.receivable)
  const starts = Array.from(
    { length: Math.ceil(segment.account_count / billsPerBatch) },
    (_, index) => index * billsPerBatch,
  )
  const collect = (from: number) =>
    database.transaction((tx) => collectBatch(tx, segment, from, asked), { isolation: 'repeatable read' })
  for await (const [from, batch] of ahead(starts, collect)) {
    const isLast = from === starts.at(-1)
    const answer = await thread.check({
      proofs: batch.proofs,
      statement: isLast ? statementText(statement, run, segment) : null,
    })
    const ofBills = answer.bills.flatMap((verdict, index): readonly RunFault[] => {
      const bill = present(batch.bills[index], 'a bill of the batch')
      return faultsOf(verdict, segment, { bill: String(bill.bill_number), account: bill.account_code })
    })
    const ofSegment = answer.segment === null ? [] : faultsOf(answer.segment, segment, { bill: null, account: null })
    const strays = isLast ? await strayFaults(database, segment) : []
    const lines = answer.bills.flatMap((verdict) => (verdict.holds ? [verdict.lines] : []))
    yield { bills: batch.bills.length, lines, faults: [...ofBills, ...ofSegment, ...strays] }
  }
}

interface Batch {
  readonly bills: readonly ProofBillRow[]
  /** As an outsider would get them. */
  readonly proofs: readonly string[]
}

async function collectBatch(
  tx: Transaction,
  segment: RunSegmentRow,
  from: number,
  { registerMapOf }: VerifyAsked,
): Promise<Batch> {
  const bills = await proofBillsOf(tx, segment.segment_id, { from, limit: billsPerBatch })
  const components = await componentsOf(tx, bills)
  const client = await aheadOf(tx, bills, components === undefined ? undefined : askedAhead(components))
  const context = { registerMapOf, ladderOpenings: await openingsOf(tx, bills), components }
  const proofs: string[] = []
  for (const bill of bills) {
    const proof = await proofOf(client, bill, context)
    proofs.push(JSON.stringify(proof.ok ? proof.value : unratedBill(bill, proof.error)))
  }
  return { bills, proofs }
}

/** What the checker is told of a bill that has no proof: a finding among others, and its number and amount count on. */
function unratedBill({ bill_number, amount_fen }: ProofBillRow, why: BillNotRated) {
  return {
    format: 'unrated-bill/1',
    bill: { number: String(bill_number), amount: yuan(amount_fen) },
    problem: problemText(why),
  }
}

async function componentsOf(tx: Transaction, bills: readonly ProofBillRow[]): Promise<ComponentRows | undefined> {
  const [first] = bills
  return first === undefined ? undefined : readComponentRows(tx, bills, calendarFor(first.time_zone))
}

async function openingsOf(tx: Transaction, bills: readonly ProofBillRow[]): Promise<ReadonlyMap<bigint, number>> {
  const [first, last] = [bills[0], bills.at(-1)]
  if (first === undefined || last === undefined) return new Map()
  const accounts = { first: first.account_id, last: last.account_id }
  const ofRun = { runId: first.run_id, setId: first.set_id, accounts }
  const usages = toUsageColumns(await readUsages(tx, ofRun, bills.length))
  const days = rememberDays(calendarFor(first.time_zone))
  return new Map(
    Array.from({ length: usages.count }, (_, row) => [
      BigInt(usages.accountId[row] ?? 0),
      ladderOpening(usages, row, days),
    ]),
  )
}

function statementText(
  row: Awaited<ReturnType<typeof segmentStatement>>,
  { manifest }: OpenRun,
  { segment_no }: RunSegmentRow,
): string {
  const frozenInput = keepsInputs(manifest) ? (manifest.segments[segment_no - 1]?.inputSha256 ?? '') : null
  return JSON.stringify({
    firstNumber: String(row.first_number),
    bills: row.bill_count,
    accounts: row.account_count,
    held: Number(row.held),
    receivable: yuan(BigInt(row.receivable_fen)),
    ledger: row.ledger_fen === null ? null : yuan(BigInt(row.ledger_fen)),
    manifest: { frozen: row.manifest_sha256, kept: manifestSha256(manifest).toString('hex') },
    input: frozenInput === null ? null : { frozen: frozenInput, kept: row.input_sha256 ?? 'none' },
    digests: { issued: row.issue_digest, reviewed: row.review_digest ?? 'none', rated: row.result_digest ?? 'none' },
    rated: { bills: row.result_bills ?? 0, amount: yuan(BigInt(row.result_fen ?? '0')) },
    people: { issuer: row.issued_by, reviewer: row.reviewed_by ?? 'nobody' },
    overlapping: row.overlapping,
  })
}

function faultsOf(
  verdict: SegmentVerdict,
  { natural_key }: RunSegmentRow,
  of: Pick<RunFault, 'bill' | 'account'>,
): readonly RunFault[] {
  if (verdict.holds) return []
  const { node, expected, found } = verdict
  return [{ ...of, segment: natural_key, node, expected, found }]
}
