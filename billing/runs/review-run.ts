import { fourEyes } from '../../domain/actor-errors.js'
import { UserError } from '../../domain/errors.js'
import { present } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { preparersOf } from '../../storage/billing/runs.js'
import { insertSegmentReview, runSegments } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { requirePerson } from '../require-actor.js'
import { eachSegment } from './each-segment.js'
import { isDone, openRun } from './open-run.js'
import { runDigest } from './run-digest.js'

/** A person accepts exactly the bills that the dry run's digest stands for (应收审核); another digest is refused. */
export async function reviewRun(
  database: Database,
  clock: Clock,
  { runId, digest, actor }: { readonly runId: string; readonly digest: string; readonly actor: string },
): Promise<{ readonly runId: string; readonly segments: number }> {
  await requirePerson(database, actor, '复核 a review')
  const run = await openRun(database, runId)
  const segments = await runSegments(database, runId)
  isDone(run, 'review')
  if ((await preparersOf(database, runId)).includes(actor)) throw fourEyes(actor, `编制过 prepared run ${runId}`)
  const current = runDigest(segments.map((segment) => present(segment.result_digest, segment.natural_key)))
  if (current !== digest)
    throw new UserError(
      'refused',
      `批次结果与审核的摘要不符 run ${runId} came to ${current}, the review accepts ${digest}`,
      {
        reason: 'digest_differs',
      },
    )
  await eachSegment(database, clock, run, {
    step: 'review',
    actor,
    done: (segment) => segment.review_digest !== null,
    prepare: () => Promise.resolve(),
    act: (tx, segment) => {
      const accepted = present(segment.result_digest, segment.natural_key)
      return insertSegmentReview(tx, segment.segment_id, accepted, actor, clock.now())
    },
  })
  return { runId, segments: segments.length }
}
