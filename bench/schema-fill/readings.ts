import { dayMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { readingTypes } from '../../storage/headend/reading-rows.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { type BenchResult, result, secondsOf } from '../bench-report.js'
import { prepareCopy, supplyFrom } from './registry.js'

/** Span for which partitions are made. */
export const seriesMs = 70 * dayMs
const batchRows = 20_000
const settle = `insert into reading select * from staged s
  where not exists (select from reading r where (r.meter_id, r.quantity, r.read_at) = (s.meter_id, s.quantity, s.read_at))
  order by meter_id, quantity, read_at`

/** Day after day for all meters, in batches as the head-end writes them; the peer is a direct COPY without any check. */
export async function fillReadings(
  owner: Database,
  accounts: number,
  readings: number,
): Promise<readonly BenchResult[]> {
  let ours = 0
  let floor = 0
  await createFloor(owner)
  for (let first = 0; first < readings; first += batchRows) {
    const copy = (table: string) =>
      prepareCopy(table, readingTypes, rowsOf(first, Math.min(batchRows, readings - first), accounts))
    const staged = copy('staged')
    const direct = copy('reading_floor')
    ours += await secondsOf(() =>
      owner.transaction(async (tx) => {
        await tx.execute('create temp table if not exists staged (like reading) on commit delete rows')
        await staged(tx)
        await tx.execute(settle)
      }),
    )
    floor += await secondsOf(() => direct(owner))
  }
  return [
    result('readings in', ours, 's'),
    result('readings in', readings / ours, 'rows/s', {
      name: 'direct COPY',
      value: readings / floor,
      ratio: floor / ours,
    }),
  ]
}

/** A second time series of the same shape and key. */
async function createFloor(owner: Database): Promise<void> {
  await owner.execute(`call create_time_series('reading_floor', 'read_at', $1)`, [
    'like reading including defaults, primary key (meter_id, quantity, read_at)',
  ])
  await owner.query('select ensure_time_partitions($1, $2)', [
    toTimestamptz(supplyFrom),
    toTimestamptz(supplyFrom + seriesMs),
  ])
}

function* rowsOf(first: number, count: number, accounts: number) {
  for (let index = first; index < first + count; index++) {
    const meter = BigInt(1 + (index % accounts))
    const readAt = supplyFrom + Math.floor(index / accounts) * dayMs
    const total = 1_000_000n + BigInt(index)
    const receivedAt = readAt + 60_000
    yield [
      meter,
      1,
      readAt,
      total,
      total / 4n,
      total / 4n,
      total / 4n,
      total / 4n,
      1,
      1n,
      BigInt(index),
      receivedAt,
      receivedAt,
      null,
      null,
    ] as const
  }
}
