import t from 'tap'
import { bigintAsText } from '../../../domain/bigint-as-text.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { beijing, dayMs, hourMs } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import type { CollectedReading } from '../../../storage/headend/collected.js'
import { type LineLease, LineLeaseLostError, takeLineLease } from '../../../storage/headend/line-lease.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { type LineBatch, storeCollected } from '../../../storage/headend/store-collected.js'
import { withDatabase } from '../../support/database.js'

const midnight = beijing.startOfDay('2026-07-02')
const now = midnight + hourMs

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const database = databases.as('headend')
  await ensureTimePartitions(database, now - 8 * dayMs, now + 8 * dayMs)
  return {
    database,
    reader: databases.as('reader'),
    owner: databases.as('owner'),
    lease: await take(database, 1n, 'node-1'),
  }
}

async function take(database: Database, lineId: bigint, owner: string): Promise<LineLease> {
  const given = await takeLineLease(database, { lineId, owner, holdMs: hourMs })
  if (given === null) throw new Error('the line is held')
  return given.lease
}

function registers(totalKwh: bigint): RegisterSet {
  return { totalE4: totalKwh * 10_000n, touE4: [null, totalKwh * 10_000n, null, 0n] }
}

function claim(meterId: bigint, totalKwh: bigint, more: Partial<CollectedReading> = {}): CollectedReading {
  return {
    meterId,
    quantity: 'forward_active_energy',
    readAt: midnight,
    registers: registers(totalKwh),
    source: 'scheduled',
    protocol: 'dlt645_2007',
    request: Buffer.from('68', 'hex'),
    response: Buffer.from(`68${meterId}${totalKwh}`),
    receivedAt: now,
    ...more,
  }
}

function batchOf(lease: LineLease, readings: readonly CollectedReading[], more: Partial<LineBatch> = {}): LineBatch {
  return {
    lease,
    recordedAt: now,
    readings,
    failures: [],
    quarantined: [],
    statistics: null,
    ...more,
  }
}

const claimsSql = `select meter_id, read_at, total_e4, tou2_e4 from reading
  union all select meter_id, read_at, total_e4, tou2_e4 from reading_claim order by 1, 2, 3`

await t.test('a batch stores readings and their frames, each under a number of its own', async (t) => {
  const { database, reader, lease } = await open(t)
  const stored = await storeCollected(database, batchOf(lease, [claim(2n, 20n), claim(1n, 10n)]))
  t.match(stored, { stored: 2, disputed: 0, duplicates: 0, quarantined: 0 })
  await storeCollected(database, batchOf(lease, [claim(3n, 30n)]))
  t.same(
    await reader.query(
      `select f.meter_id, f.line_id
         from frame f join reading r on (r.line_id, r.line_sequence, r.frame_received_at) = (f.line_id, f.line_sequence, f.received_at)
        where r.meter_id = f.meter_id and r.frame_offset is null
        order by f.line_sequence`,
    ),
    [2n, 1n, 3n].map((meterId) => ({ meter_id: meterId, line_id: 1n })),
  )
})

await t.test('an equal value is a duplicate and changes nothing', async (t) => {
  const { database, reader, lease } = await open(t)
  await storeCollected(database, batchOf(lease, [claim(1n, 10n)]))
  const again = claim(1n, 10n, { source: 'backfill', receivedAt: now + dayMs })
  t.match(await storeCollected(database, batchOf(lease, [again])), { stored: 0, disputed: 0, duplicates: 1 })
  t.same(await reader.query('select source from reading'), [{ source: 1 }])
  t.same(await reader.query('select count(*)::integer as frames from frame'), [{ frames: 1 }])
})

await t.test('another value under the key is a dispute, kept once with its own frame', async (t) => {
  const { database, reader, lease } = await open(t)
  await storeCollected(database, batchOf(lease, [claim(1n, 10n)]))
  t.match(await storeCollected(database, batchOf(lease, [claim(1n, 11n)])), { stored: 0, disputed: 1 })
  t.match(await storeCollected(database, batchOf(lease, [claim(1n, 11n)])), { disputed: 0, duplicates: 1 })
  t.match(
    await storeCollected(
      database,
      batchOf(lease, [claim(1n, 10n, { registers: { ...registers(10n), touE4: [null, null, null, null] } })]),
    ),
    { disputed: 1 },
    'a register that is absent is another value than one that is there',
  )
  t.same(await reader.query('select total_e4 from reading'), [{ total_e4: 100_000n }])
  t.same(await reader.query('select total_e4 from reading_claim order by total_e4'), [
    { total_e4: 100_000n },
    { total_e4: 110_000n },
  ])
  t.same(
    await reader.query(
      'select count(*)::integer as frames from reading_claim c join frame f on (f.line_id, f.line_sequence) = (c.line_id, c.line_sequence)',
    ),
    [{ frames: 2 }],
  )
})

await t.test('the same claims in any order and any batches leave the same set of claims', async (t) => {
  const claims = [
    claim(1n, 10n),
    claim(1n, 11n),
    claim(2n, 20n),
    claim(1n, 10n),
    claim(2n, 20n),
    claim(3n, 5n),
    claim(1n, 12n),
  ]
  const orders = [
    [[0, 1, 2, 3, 4, 5, 6]],
    [
      [6, 5, 4],
      [3, 2, 1, 0],
    ],
    [[1], [0, 6], [6, 6, 2], [5, 4, 3]],
  ]
  const states = new Set<string>()
  for (const order of orders) {
    const { database, reader, lease } = await open(t)
    for (const indexes of order) {
      const readings = indexes.map((index) => claims[index]).filter((each) => each !== undefined)
      await storeCollected(database, batchOf(lease, readings))
    }
    const rows = await reader.query(claimsSql)
    t.equal(rows.length, 5)
    states.add(JSON.stringify(rows, bigintAsText))
  }
  t.equal(states.size, 1)
})

await t.test('two sessions that store the same keys at once leave one reading each', async (t) => {
  const { database, reader, lease } = await open(t)
  const other = await take(database, 2n, 'node-1')
  const readings = Array.from({ length: 200 }, (_, index) => claim(BigInt(index), 7n))
  const results = await Promise.all([
    storeCollected(database, batchOf(lease, readings)),
    storeCollected(database, batchOf(other, readings.toReversed())),
  ])
  t.equal(results[0].stored + results[1].stored, 200)
  t.equal(results[0].duplicates + results[1].duplicates, 200)
  t.same(await reader.query('select count(*)::integer as readings from reading'), [{ readings: 200 }])
  t.same(await reader.query('select count(*)::integer as frames from frame'), [{ frames: 200 }])
  t.same(await reader.query('select count(*)::integer as claims from reading_claim'), [{ claims: 0 }])
})

await t.test('a failure in the middle of a batch leaves nothing of it, and the batch can be repeated', async (t) => {
  const { database, reader, lease } = await open(t)
  const failing: Database = {
    ...database,
    transaction: (act, options) =>
      database.transaction(async (tx) => {
        await act(tx)
        throw new Error('the process dies before the commit')
      }, options),
  }
  const failures = [{ meterId: 2n, readAt: midnight, cause: 'no_reply', failedAt: now }]
  const batch = batchOf(lease, [claim(1n, 10n)], { failures })
  await t.rejects(storeCollected(failing, batch), /dies/)
  for (const table of ['reading', 'frame', 'failed_read']) {
    t.same(await reader.query(`select count(*)::integer as rows from ${table}`), [{ rows: 0 }])
  }
  t.match(await storeCollected(database, batch), { stored: 1 })
  t.same(await reader.query('select count(*)::integer as frames from frame'), [{ frames: 1 }])
})

await t.test('stamps beyond 400 days back or a day ahead are kept aside, not stored', async (t) => {
  const { database, reader, lease } = await open(t)
  const stamps = [
    now - 400 * dayMs - 1,
    now + dayMs + 1,
    beijing.startOfDay('2000-01-01'),
    beijing.startOfDay('2099-12-31'),
  ]
  const readings = stamps.map((readAt, index) => claim(BigInt(index + 2), 1n, { readAt }))
  const stored = await storeCollected(database, batchOf(lease, [claim(1n, 10n), ...readings]))
  t.match(stored, { stored: 1, quarantined: 4 })
  t.same(await reader.query('select distinct reason from quarantine'), [{ reason: 'stamp_out_of_range' }])
  t.match(await storeCollected(database, batchOf(lease, readings)), { stored: 0, quarantined: 0 }, 'kept once')
})

await t.test('attempts are counted on for each due point', async (t) => {
  const { database, reader, lease } = await open(t)
  const failure = (meterId: bigint, cause: string) => ({ meterId, readAt: midnight, cause, failedAt: now })
  await storeCollected(
    database,
    batchOf(lease, [], { failures: [failure(1n, 'damaged'), failure(2n, 'no_reply'), failure(1n, 'no_reply')] }),
  )
  await storeCollected(database, batchOf(lease, [], { failures: [failure(1n, 'refused')] }))
  t.same(await reader.query('select meter_id, attempt, cause from failed_read order by 1, 2'), [
    { meter_id: 1n, attempt: 1, cause: 'damaged' },
    { meter_id: 1n, attempt: 2, cause: 'no_reply' },
    { meter_id: 1n, attempt: 3, cause: 'refused' },
    { meter_id: 2n, attempt: 1, cause: 'no_reply' },
  ])
})

await t.test('who lost a line can store nothing more under it', async (t) => {
  const { database, reader, owner, lease } = await open(t)
  t.equal(await takeLineLease(database, { lineId: 1n, owner: 'node-2', holdMs: hourMs }), null, 'held until it expires')
  await owner.execute('update line_lease set expires_at = now()')
  const later = await take(database, 1n, 'node-2')
  t.equal(later.fencingToken, lease.fencingToken + 1n)
  await t.rejects(storeCollected(database, batchOf(lease, [claim(1n, 10n)])), LineLeaseLostError)
  t.match(await storeCollected(database, batchOf(later, [claim(1n, 10n)])), { stored: 1 })
  t.same(await reader.query('select owner, fencing_token from line_lease_event order by fencing_token'), [
    { owner: 'node-1', fencing_token: 1n },
    { owner: 'node-2', fencing_token: 2n },
  ])
})
