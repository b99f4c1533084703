import { fourEyes } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import { invariant } from '../../domain/result.js'
import { type Clock, holding } from '../../domain/runtime.js'
import { monthOf } from '../../domain/time.js'
import { lockIssue } from '../../storage/billing/already-billed.js'
import { copyBillEntries } from '../../storage/billing/bill-entries.js'
import { copyBills, copyReceivables } from '../../storage/billing/bills.js'
import { copyComponentBills } from '../../storage/billing/component-bills.js'
import { type RunCounts, runCounts } from '../../storage/billing/runs.js'
import { insertSegmentIssue, type RunSegmentRow, runSegments, takeBillNumbers } from '../../storage/billing/segments.js'
import { type Database, requireBeside, type Transaction } from '../../storage/database.js'
import { lockWhatBillsRestOn } from '../../storage/what-bills-rest-on.js'
import type { RatedShard } from '../engine/rate-shard.js'
import { createRatingWorkers, type EncodedShard } from '../engine/rating-worker.js'
import { requirePerson } from '../require-actor.js'
import { mostAhead } from './ahead.js'
import { type Advance, eachSegment, type StepInput } from './each-segment.js'
import type { FrozenTariffs } from './frozen-tariffs.js'
import { type OpenRun, openRun, tariffsOf } from './open-run.js'
import { rateSegmentRows } from './rate-segment.js'
import { refuseBilledTwice } from './refuse-billed-twice.js'
import { refuseSuperseded } from './refuse-superseded.js'

/**
 * Issues a reviewed run (发行) on the last determinants of its period: rates each segment again, which must reproduce the reviewed digest,
 * and writes its bills, receivables and journal entries in one transaction, while the next one is written as well and those behind it are
 * read and rated. Whoever reviewed may not issue. accounts in = bills + exceptions.
 */
export async function issueRun(
  database: Database,
  clock: Clock,
  { runId, actor, advance }: StepInput,
): Promise<RunCounts & { readonly runId: string }> {
  return holding(clock, async () => {
    await requirePerson(database, actor, '发行 an issue')
    const run = await openRun(database, runId)
    await refuseReviewer(database, runId, actor)
    await refuseSuperseded(database, runId)
    const tariffs = await tariffsOf(database, run)
    await oneAtATime(database, run, () => issueSegments(database, clock, { run, actor, tariffs, advance }))
    const counts = await runCounts(database, runId)
    invariant(counts.accountsIn === counts.bills + counts.exceptions, `accounts of ${runId} = bills + exceptions`)
    return { runId, ...counts }
  })
}

/**
 * Bills of an account and period are issued once, whichever runs it is in: one process issues at a time, and looks first at what others have
 * issued. The lock is a transaction's, so that it goes with whoever dies.
 */
async function oneAtATime(database: Database, { runId, setId }: OpenRun, act: () => Promise<void>): Promise<void> {
  requireBeside(database)
  await database.transaction(async (turn) => {
    await lockIssue(turn)
    await refuseBilledTwice(turn, { runId, setId })
    await act()
  })
}

async function issueSegments(
  database: Database,
  clock: Clock,
  {
    run,
    actor,
    tariffs,
    advance,
  }: Issuing & { readonly tariffs: FrozenTariffs; readonly advance: Advance | undefined },
): Promise<void> {
  const worker = createRatingWorkers(clock, mostAhead)
  try {
    await eachSegment(database, clock, run, {
      step: 'issue',
      actor,
      advance,
      done: (segment) => segment.issued,
      prepare: (segment) => rateSegmentRows(database, { worker, run, tariffs }, segment),
      write: writeBills,
      act: (tx, segment, [rated]) => issueSegment(tx, clock, { run, actor }, segment, rated),
    })
  } finally {
    await worker.close()
  }
}

async function refuseReviewer(database: Database, runId: string, actor: string): Promise<void> {
  const own = (await runSegments(database, runId)).find((segment) => segment.reviewed_by === actor)
  if (own !== undefined) throw fourEyes(actor, `复核过 reviewed ${own.natural_key}`)
}

interface Issuing {
  readonly run: OpenRun
  readonly actor: string
}

async function writeBills(tx: Transaction, segment: RunSegmentRow, [rated, rows, letGo]: EncodedShard): Promise<void> {
  if (segment.review_digest === null || !rated.totals.digest.equals(segment.review_digest))
    throw new UserError(
      'refused',
      `${segment.natural_key} 与审核时的账单不同 would issue other bills than were reviewed`,
      {
        reason: 'digest_differs',
      },
    )
  await copyBills(tx, rows.bills)
  await copyReceivables(tx, rows.receivables)
  await copyBillEntries(tx, rows.entries)
  await copyComponentBills(tx, rows.components)
  letGo()
}

/** In the order of the segments, so that bills have the same numbers however long each segment took to write. */
async function issueSegment(
  tx: Transaction,
  clock: Clock,
  { run, actor }: Issuing,
  segment: RunSegmentRow,
  rated: RatedShard,
): Promise<void> {
  // Whatever took effect while the segment was rated and written is seen here; what comes later waits and sees the bills.
  await lockWhatBillsRestOn(tx, 'issue')
  await refuseSuperseded(tx, run.runId)
  const { bills, digest } = rated.totals
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
