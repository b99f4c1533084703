import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'
import type { CollectedFrame } from './collected.js'
import { drawFrameNumbers } from './frame-numbers.js'
import {
  byKey,
  frameCells,
  frameColumns,
  frameTypes,
  type NumberedFrame,
  readingCells,
  readingColumns,
  type ReadingRow,
  readingTypes,
  rowsOf,
} from './reading-rows.js'
import { stageFrames, stageReadings } from './staged-readings.js'

/** `stored` are first claims, `disputed` claims of another value under a known key, `duplicates` changed nothing. */
export interface ReadingsStored {
  readonly stored: number
  readonly disputed: number
  readonly duplicates: number
  /** The frames of which at least one claim was new; only these are kept. */
  readonly newFrames: ReadonlySet<CollectedFrame>
}

/**
 * How keys that may be there already are met, from fast to tolerant. `copy` expects none and `skip_known` none that another session
 * stores meanwhile: both fail with a unique violation (23505) when there is one, and leave the transaction to be repeated in the
 * next mode.
 */
export const insertModes = ['copy', 'skip_known', 'tolerate_conflicts'] as const
export type InsertMode = (typeof insertModes)[number]

/**
 * Stores claims and the frames they came from. A key that is already there keeps its first claim; a further value under it
 * becomes a claim of its own, so the set of claims does not depend on the order in which they arrive.
 */
export async function insertReadings(
  tx: Transaction,
  frames: readonly CollectedFrame[],
  at: { readonly recordedAt: Instant; readonly mode: InsertMode },
): Promise<ReadingsStored> {
  const numbered = await numberFrames(tx, frames)
  const rows = rowsOf(numbered).sort(byKey)
  if (rows.length === 0) return { stored: 0, disputed: 0, duplicates: 0, newFrames: new Set() }
  if (at.mode !== 'copy') return insertStaged(tx, frames, numbered, rows, { ...at, mode: at.mode })
  await copyReadings(tx, rows, at.recordedAt)
  await copyFrames(tx, numbered)
  return { stored: rows.length, disputed: 0, duplicates: 0, newFrames: new Set(frames) }
}

async function numberFrames(tx: Transaction, frames: readonly CollectedFrame[]): Promise<readonly NumberedFrame[]> {
  const numbers = await drawFrameNumbers(tx, frames.length)
  return frames.map((frame, index) => ({ ...frame, sequence: numbers[index] ?? 0n }))
}

async function insertStaged(
  tx: Transaction,
  frames: readonly CollectedFrame[],
  numbered: readonly NumberedFrame[],
  rows: readonly ReadingRow[],
  { recordedAt, mode }: { readonly recordedAt: Instant; readonly mode: Exclude<InsertMode, 'copy'> },
): Promise<ReadingsStored> {
  await stageReadings(tx, rows, recordedAt)
  const stored = await tx.execute(mode === 'skip_known' ? insertNew : `${insertNew} on conflict do nothing`)
  if (stored === rows.length) {
    await copyFrames(tx, numbered)
    return { stored, disputed: 0, duplicates: 0, newFrames: new Set(frames) }
  }
  const disputed = await tx.execute(insertClaims)
  await stageFrames(tx, numbered)
  const kept = await tx.query<{ readonly line_sequence: bigint }>(insertFrames)
  const sequences = new Set(kept.map(({ line_sequence }) => line_sequence))
  const newFrames = new Set(frames.filter((_, index) => sequences.has(numbered[index]?.sequence ?? 0n)))
  return { stored, disputed, duplicates: rows.length - stored - disputed, newFrames }
}

async function copyReadings(tx: Transaction, rows: readonly ReadingRow[], recordedAt: Instant): Promise<void> {
  const chunks = encodeCopy(readingTypes, cells(rows, recordedAt))
  await tx.copyIn(`copy reading (${readingColumns}) from stdin (format binary)`, chunks)
}

function* cells(rows: readonly ReadingRow[], recordedAt: Instant) {
  for (const row of rows) yield readingCells(row, recordedAt)
}

async function copyFrames(tx: Transaction, frames: readonly NumberedFrame[]): Promise<void> {
  await tx.copyIn(
    `copy frame (${frameColumns}) from stdin (format binary)`,
    encodeCopy(frameTypes, frames.map(frameCells)),
  )
}

// In key order, so that two sessions never wait for each other in a circle.
const insertNew = `
  insert into reading (${readingColumns})
  select distinct on (meter_id, quantity, read_at) ${readingColumns}
    from staged_reading s
   where not exists (select from reading r
                      where r.meter_id = s.meter_id and r.quantity = s.quantity and r.read_at = s.read_at)
   order by meter_id, quantity, read_at, line_sequence`

const staged = readingColumns.replaceAll(/\w+/g, 's.$&')

const insertClaims = `
  insert into reading_claim (${readingColumns}, claim_digest)
  select distinct on (s.meter_id, s.quantity, s.read_at, s.claim_digest) ${staged}, s.claim_digest
    from staged_reading s
    join reading r on r.meter_id = s.meter_id and r.quantity = s.quantity and r.read_at = s.read_at
   where row(s.total_e4, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4)
         is distinct from row(r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4)
   order by s.meter_id, s.quantity, s.read_at, s.claim_digest, s.line_sequence
      on conflict do nothing`

// Only the frames to which a claim refers; a duplicate's evidence is there already.
const insertFrames = `
  insert into frame (${frameColumns})
  select ${frameColumns}
    from staged_frame
   where line_sequence in (
     select s.line_sequence
       from staged_reading s
       join reading r on (r.meter_id, r.quantity, r.read_at) = (s.meter_id, s.quantity, s.read_at)
      where r.line_sequence = s.line_sequence
     union all
     select s.line_sequence
       from staged_reading s
       join reading_claim c
         on (c.meter_id, c.quantity, c.read_at, c.claim_digest) = (s.meter_id, s.quantity, s.read_at, s.claim_digest)
      where c.line_sequence = s.line_sequence)
   order by line_sequence
  returning line_sequence`
