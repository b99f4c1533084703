import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'
import { claimDigest } from './claim-digest.js'
import {
  frameCells,
  frameColumns,
  frameTypes,
  type NumberedFrame,
  readingCells,
  readingColumns,
  type ReadingRow,
  readingTypes,
} from './reading-rows.js'

/** Copies readings into a table of this session, emptied at commit. */
export async function stageReadings(tx: Transaction, rows: readonly ReadingRow[], recordedAt: Instant): Promise<void> {
  await tx.execute(createReadingStage)
  const cells = rows.map((row) => [...readingCells(row, recordedAt), claimDigest(row.reading.registers)] as const)
  await tx.copyIn(
    `copy staged_reading (${readingColumns}, claim_digest) from stdin (format binary)`,
    encodeCopy([...readingTypes, 'bytea'], cells),
  )
}

/** Copies frames into a table of this session, emptied at commit. */
export async function stageFrames(tx: Transaction, frames: readonly NumberedFrame[]): Promise<void> {
  await tx.execute(createFrameStage)
  await tx.copyIn(
    `copy staged_frame (${frameColumns}) from stdin (format binary)`,
    encodeCopy(frameTypes, frames.map(frameCells)),
  )
}

const createReadingStage = `
  create temporary table if not exists staged_reading (
    meter_id bigint, quantity smallint, read_at timestamptz,
    total_e4 bigint, tou1_e4 bigint, tou2_e4 bigint, tou3_e4 bigint, tou4_e4 bigint,
    source smallint, line_id bigint, line_sequence bigint, frame_received_at timestamptz, recorded_at timestamptz,
    frame_offset integer, frame_length integer, claim_digest bytea
  ) on commit delete rows`

const createFrameStage = `
  create temporary table if not exists staged_frame (
    line_id bigint, line_sequence bigint, received_at timestamptz, meter_id bigint, protocol text, request bytea, response bytea
  ) on commit delete rows`
