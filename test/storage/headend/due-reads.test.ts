import t from 'tap'
import { liveToleranceMs } from '../../../domain/reading.js'
import { beijing, dayMs, type Instant } from '../../../domain/time.js'
import { lastLaidMidnight, layDueReads, missingDueReads } from '../../../storage/headend/due-reads.js'
import { dueOutcomes } from '../../../storage/headend/outcomes.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'

const timeZone = 'Asia/Shanghai'
const midnight = beijing.startOfDay('2026-07-02')

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Three meters on one bus. */
async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const [owner, headend, reader] = [databases.as('owner'), databases.as('headend'), databases.as('reader')]
  const meters = [1, 2, 3]
  await plantRegistry(owner, [{ lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: {}, meters }])
  await ensureTimePartitions(headend, midnight - 100 * dayMs, midnight + 8 * dayMs)
  const lay = (at: Instant) => layDueReads(headend, { midnight: at, timeZone, recordedAt: at })
  return { owner, headend, reader, lay }
}

t.test('a live read serves its midnight up to the tolerance, the end included', async (t) => {
  const { owner, headend, reader, lay } = await open(t)
  await lay(midnight)
  for (const [meterId, afterMs] of [liveToleranceMs - 1, liveToleranceMs, liveToleranceMs + 1].entries()) {
    await owner.execute(
      'insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, 1, 4, $2)',
      [meterId + 1, toTimestamptz(midnight + afterMs)],
    )
  }
  const now = midnight + dayMs
  const missing = await missingDueReads(headend, {
    lineId: 1n,
    from: midnight,
    through: midnight,
    now,
    noFreezeLimit: 1,
  })
  t.same(
    missing.map(({ meterId }) => meterId),
    [3n],
  )
  t.match(await dueOutcomes(reader, { from: midnight, to: now }), [{ due: 3, firstPass: 2, open: 1 }])
})

t.test('knows the last midnight laid down in a zone, however long ago', async (t) => {
  const { headend, lay } = await open(t)
  const recentFrom = midnight - 10 * dayMs
  const cases: readonly [laid: Instant | null, zone: string, expected: Instant | null][] = [
    [null, timeZone, null],
    [midnight - 20 * dayMs, timeZone, midnight - 20 * dayMs],
    [recentFrom, timeZone, recentFrom],
    [midnight, timeZone, midnight],
    [midnight - 5 * dayMs, timeZone, midnight],
    [null, 'UTC', null],
  ]
  for (const [laid, zone, expected] of cases) {
    if (laid !== null) await lay(laid)
    t.equal(await lastLaidMidnight(headend, { timeZone: zone, recentFrom }), expected)
  }
})
