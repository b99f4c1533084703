import { fourEyes } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import { invariant } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { monthOf } from '../../domain/time.js'
import { copyBillEntries } from '../../storage/billing/bill-entries.js'
import { copyBills, copyReceivables } from '../../storage/billing/bills.js'
import { type RunCounts, runCounts } from '../../storage/billing/runs.js'
import { insertSegmentIssue, type RunSegmentRow, runSegments, takeBillNumbers } from '../../storage/billing/segments.js'
import type { Database, Transaction } from '../../storage/database.js'
import { createRatingWorker, type RatingWorker } from '../engine/rating-worker.js'
import { requirePerson } from '../require-actor.js'
import { eachSegment } from './each-segment.js'
import type { FrozenTariff } from './frozen-tariffs.js'
import { type OpenRun, openRun, tariffsOf } from './open-run.js'
import { rateSegment } from './rate-segment.js'

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
  const { bills, digest } = rated.totals
  if (segment.review_digest === null || !digest.equals(segment.review_digest))
    throw new UserError('refused', `${segment.natural_key} would issue other bills than were reviewed`, {
      reason: 'digest_differs',
    })
  await writeSegment(tx, issuing, segment.segment_id)
  const year = monthOf(run.manifest.accountingDate).year
  const firstNumber = await takeBillNumbers(tx, run.organisationId, year, bills)
  await insertSegmentIssue(tx, {
    segmentId: segment.segment_id,
    actorId: actor,
    at: clock.now(),
    firstNumber,
    bills,
    digest,
  })
}

/** Writes a segment's rows table by table; the thread encodes the next table while the server writes the one before. */
async function writeSegment(tx: Transaction, { run, worker }: Issuing, segmentId: bigint): Promise<void> {
  const { accountingDate, dueDate } = run.manifest
  const bills = await worker.encode({ table: 'bill', segmentId })
  const [receivables] = await Promise.all([
    worker.encode({ table: 'receivable', segmentId, dueDate }),
    copyBills(tx, bills),
  ])
  const [entries] = await Promise.all([
    worker.encode({ table: 'journal_entry', segmentId, accountingDate }),
    copyReceivables(tx, receivables),
  ])
  await copyBillEntries(tx, entries)
}
