import t from 'tap'
import { cutOffOf, defaultReadLadder } from '../../../domain/read-ladder.js'
import { beijing } from '../../../domain/time.js'
import { arrangeQueue } from '../support/queue-scene.js'

t.test('the database puts the cut-off of an exception where the read ladder has it', async (t) => {
  const database = await arrangeQueue(t)
  const instants = [
    '2026-07-01T00:00:00+08:00',
    '2026-07-01T00:00:00.001+08:00',
    '2026-07-16T10:00:00+08:00',
    '2026-08-01T00:00:00+08:00',
    '2026-12-31T23:59:59+08:00',
    '2027-01-01T00:00:00+08:00',
    '2028-02-29T12:00:00+08:00',
  ]
  for (const readAt of instants) {
    const [row] = await database
      .as('reader')
      .query<{ readonly at: number }>(
        `select exception_cut_off(jsonb_populate_record(null::exception, jsonb_build_object('usage_point_id', 1, 'read_at', $1::text))) as at`,
        [readAt],
      )
    t.equal(row?.at, cutOffOf(Date.parse(readAt), beijing, defaultReadLadder), readAt)
  }
})
