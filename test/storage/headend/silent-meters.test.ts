import t from 'tap'
import { beijing, dayMs } from '../../../domain/time.js'
import { insertFailedReads } from '../../../storage/headend/failed-reads.js'
import { silentWindows } from '../../../storage/headend/silent-meters.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'

const night = (day: number) => beijing.startOfDay('2026-07-01') + day * dayMs

t.test('a meter is silent for as many windows as nothing came of since it was last read', async (t) => {
  const databases = await withDatabase(t)
  const [owner, headend] = [databases.as('owner'), databases.as('headend')]
  await ensureTimePartitions(headend, night(-10), night(20))
  const failures = [
    ...[0, 1, 2, 3].map((day) => [1n, day, 'no_reply'] as const),
    [1n, 3, 'no_reply'] as const,
    [2n, 3, 'damaged'] as const,
    [3n, 3, 'no_reply'] as const,
  ].map(([meterId, day, cause]) => ({ meterId, readAt: night(day), cause, failedAt: night(day) }))
  await headend.transaction((tx) => insertFailedReads(tx, failures, night(4)))
  for (const [meterId, day] of [
    [1n, 1],
    [3n, 3],
  ] as const)
    await owner.execute(
      'insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, 1, 1, $2)',
      [meterId, toTimestamptz(night(day))],
    )
  const silent = await silentWindows(headend, { meterIds: [1n, 2n, 3n], since: night(-5) })
  t.same([...silent], [[1n, 2]])
})
