import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Instant } from '../../domain/time.js'
import { packFrame, type PlacedFreeze } from '../../headend/ingest/upload-readings.js'
import { type CollectedUpload, storeUploads } from '../../storage/headend/store-uploads.js'
import { type BenchResult, result, secondsOf } from '../bench-report.js'
import type { Database } from '../../storage/database.js'
import type { BenchDatabase } from '../bench-database.js'
import {
  type FieldPlan,
  freezeReplies,
  plannedUploads,
  type PlannedUpload,
  registersOf,
  uploadsPerMidnight,
} from './field-plan.js'

/** Readings that the product stores in one transaction here; its batcher takes what has arrived, up to about as many. */
const batchReadings = 20_000
const rounds = 3

/**
 * The same readings in the same order of arrival: through the product's store function with their frames and statistics, and by one
 * `\copy` of psql into the same emptied table, readings alone. One connection each, one after the other, several times; medians.
 */
export async function measureDurableRows(
  database: BenchDatabase,
  plan: FieldPlan,
  rows: number,
  now: Instant,
): Promise<readonly BenchResult[]> {
  const file = join(database.folder, 'readings.tsv')
  const uploads = [
    ...plannedUploads(plan, Math.min(uploadsPerMidnight(plan), Math.ceil(rows / plan.readingsPerUpload))),
  ]
  const count = await writeRows(file, uploads, now)
  const headend = database.open('headend', 1)
  const ours: number[] = []
  const floor: number[] = []
  for (let round = 0; round < rounds; round++) {
    await empty(database)
    floor.push(await secondsOf(() => copyFile(database.url('owner'), file)))
    await empty(database)
    ours.push(await storeAll(headend, uploads, now))
  }
  const [oursSeconds, floorSeconds] = [median(ours), median(floor)]
  return [
    result('durable_rows_vs_copy', count / oursSeconds, 'rows/s', {
      name: 'psql \\copy, one connection, same rows and order',
      value: count / floorSeconds,
      ratio: floorSeconds / oursSeconds,
    }),
  ]
}

async function empty({ owner }: BenchDatabase): Promise<void> {
  await owner.execute('truncate reading, reading_claim, frame, line_statistics')
  await owner.execute('checkpoint')
}

/** Making a batch is the concentrators' work and not timed; from the call to the commit everything is. */
async function storeAll(headend: Database, uploads: readonly PlannedUpload[], now: Instant): Promise<number> {
  let seconds = 0
  let batch: CollectedUpload[] = []
  let readings = 0
  const store = async (): Promise<void> => {
    seconds += await secondsOf(() => storeUploads(headend, batch, now))
    batch = []
    readings = 0
  }
  for (const upload of uploads) {
    batch.push(collected(upload, now))
    readings += upload.meters.length
    if (readings >= batchReadings) await store()
  }
  if (readings > 0) await store()
  return seconds
}

function collected({ concentrator, batch, midnight, meters }: PlannedUpload, now: Instant): CollectedUpload {
  const lineId = BigInt(concentrator + 1)
  const freezes = meters.map(
    (meter): PlacedFreeze => ({
      meterId: BigInt(meter),
      quantity: 'forward_active_energy',
      readAt: midnight,
      registers: registersOf(meter, midnight),
      source: 'scheduled',
      replies: freezeReplies(meter, midnight),
    }),
  )
  const traffic = { requests: 0, bytesOut: 30, bytesIn: 9000, damaged: 0, refused: 0, repaired: 0, timeouts: 0 }
  return {
    lineId,
    frame: packFrame(lineId, freezes, now),
    sets: null,
    quarantined: [],
    statistics: { windowStart: midnight, windowKey: `upload-${batch}`, replies: 2 * meters.length, ...traffic },
    repeated: false,
  }
}

const columns =
  'meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at, frame_offset, frame_length'

/** The rows as the product would store them, as text for `\copy`. @returns their number. */
async function writeRows(file: string, uploads: readonly PlannedUpload[], now: Instant): Promise<number> {
  const out = createWriteStream(file)
  const recorded = new Date(now).toISOString()
  let count = 0
  for (const [sequence, upload] of uploads.entries()) {
    const readAt = new Date(upload.midnight).toISOString()
    for (const [index, meter] of upload.meters.entries()) {
      const { totalE4, touE4 } = registersOf(meter, upload.midnight)
      const length = freezeReplies(meter, upload.midnight).reduce((sum, reply) => sum + reply.length, 0)
      const line = [meter, 1, readAt, totalE4, ...touE4, 1, upload.concentrator + 1, sequence, recorded, recorded]
      if (!out.write(`${[...line, index * length, length].join('\t')}\n`)) await once(out, 'drain')
      count++
    }
  }
  out.end()
  await once(out, 'close')
  return count
}

async function copyFile(url: string, file: string): Promise<void> {
  await promisify(execFile)('psql', [url, '-qXc', `\\copy reading (${columns}) from '${file}'`])
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
