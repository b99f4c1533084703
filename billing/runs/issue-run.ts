import { fourEyes } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import { invariant, present } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { monthOf } from '../../domain/time.js'
import { insertBills, insertReceivables, type IssuedBill } from '../../storage/billing/bills.js'
import { insertEntries, type JournalEntry } from '../../storage/billing/journal.js'
import { type RunCounts, runCounts } from '../../storage/billing/runs.js'
import { insertSegmentIssue, type RunSegmentRow, runSegments, takeBillNumbers } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { createRatingWorker, type RatingWorker } from '../engine/rating-worker.js'
import { billEntry } from '../ledger/bill-entry.js'
import { requirePerson } from '../require-actor.js'
import { eachSegment } from './each-segment.js'
import type { FrozenTariff } from './frozen-tariffs.js'
import { type OpenRun, openRun, tariffsOf } from './open-run.js'
import { type RatedSegment, rateSegment } from './rate-segment.js'

/**
 * Issues a reviewed run (发行): rates each segment again, which must reproduce the reviewed digest, and writes its bills, receivables
 * and journal entries in one transaction. Whoever reviewed may not issue. accounts in = bills + exceptions.
 */
export async function issueRun(
  database: Database,
  clock: Clock,
  { runId, actor }: { readonly runId: string; readonly actor: string },
): Promise<RunCounts & { readonly runId: string }> {
  return holding(clock, async () => {
    await requirePerson(database, actor, '发行 an issue')
    const run = await openRun(database, runId)
    await refuseReviewer(database, runId, actor)
    const tariffs = await tariffsOf(database, run)
    const worker = createRatingWorker(clock)
    try {
      await eachSegment(database, clock, run, {
        step: 'issue',
        actor,
        done: (segment) => segment.issued,
        act: (tx, segment) => issueSegment(tx, clock, { worker, run, tariffs, actor }, segment),
      })
    } finally {
      await worker.close()
    }
    const counts = await runCounts(database, runId)
    invariant(counts.accountsIn === counts.bills + counts.exceptions, `accounts of ${runId} = bills + exceptions`)
    return { runId, ...counts }
  })
}

async function refuseReviewer(database: Database, runId: string, actor: string): Promise<void> {
  const own = (await runSegments(database, runId)).find((segment) => segment.reviewed_by === actor)
  if (own !== undefined) throw fourEyes(actor, `复核过 reviewed ${own.natural_key}`)
}

interface Issuing {
  readonly worker: RatingWorker
  readonly run: OpenRun
  readonly tariffs: readonly FrozenTariff[]
  readonly actor: string
}

async function issueSegment(tx: Transaction, clock: Clock, issuing: Issuing, segment: RunSegmentRow): Promise<void> {
  const { run, worker, tariffs, actor } = issuing
  const rated = await rateSegment(tx, worker, run, tariffs, segment)
  const { digest } = rated.totals
  if (segment.review_digest === null || !digest.equals(segment.review_digest))
    throw new UserError('refused', `${segment.natural_key} would issue other bills than were reviewed`, {
      reason: 'digest_differs',
    })
  await writeSegment(tx, run, tariffs, segment.segment_id, rated)
  const year = monthOf(run.manifest.accountingDate).year
  const firstNumber = await takeBillNumbers(tx, run.organisationId, year, rated.bills.length)
  await insertSegmentIssue(tx, {
    segmentId: segment.segment_id,
    actorId: actor,
    at: clock.now(),
    firstNumber,
    bills: rated.bills.length,
    digest,
  })
}

async function writeSegment(
  tx: Transaction,
  run: OpenRun,
  tariffs: readonly FrozenTariff[],
  segmentId: bigint,
  { bills }: RatedSegment,
): Promise<void> {
  const { accountingDate, dueDate } = run.manifest
  const terms = new Map(tariffs.map(({ tariff }) => [tariff.code, tariff]))
  const entries = bills
    .filter(({ amountFen }) => amountFen !== 0n)
    .map((bill) => toEntry(bill, present(terms.get(bill.tariffCode), bill.tariffCode), accountingDate))
  await insertBills(tx, segmentId, bills)
  await insertReceivables(tx, segmentId, bills, dueDate)
  await insertEntries(tx, segmentId, entries)
}

function toEntry(bill: IssuedBill, tariff: FrozenTariff['tariff'], effectiveDate: string): JournalEntry {
  const { ordinal, accountId } = bill
  return { ordinal, effectiveDate, documentKind: 'bill', accountId, ...billEntry(tariff, bill) }
}
