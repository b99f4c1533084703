import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import type { CollectedReading } from './collected.js'
import { stageReadings } from './staged-readings.js'

/** `stored` are first claims, `disputed` claims of another value under a known key, `duplicates` changed nothing. */
export interface ReadingsStored {
  readonly stored: number
  readonly disputed: number
  readonly duplicates: number
}

export interface ReadingsAt {
  readonly lineId: LineId
  readonly firstSequence: bigint
  readonly recordedAt: Instant
  /** `expect_new` is faster and fails with a unique violation (23505) when another session stores the same key meanwhile. */
  readonly mode: 'expect_new' | 'tolerate_conflicts'
}

/**
 * Stores claims and the frames they came from. A key that is already there keeps its first claim; a further value under it
 * becomes a claim of its own, so the set of claims does not depend on the order in which they arrive.
 */
export async function insertReadings(
  tx: Transaction,
  readings: readonly CollectedReading[],
  at: ReadingsAt,
): Promise<ReadingsStored> {
  if (readings.length === 0) return { stored: 0, disputed: 0, duplicates: 0 }
  await stageReadings(tx, readings, at)
  const stored = await tx.execute(at.mode === 'expect_new' ? insertNew : `${insertNew} on conflict do nothing`)
  const disputed = stored === readings.length ? 0 : await tx.execute(insertClaims)
  if (stored + disputed > 0) await tx.execute(insertFrames)
  return { stored, disputed, duplicates: readings.length - stored - disputed }
}

// In key order, so that two sessions never wait for each other in a circle.
const insertNew = `
  insert into reading (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source,
                       line_id, line_sequence, frame_received_at, recorded_at)
  select distinct on (s.meter_id, s.quantity, s.read_at)
         s.meter_id, s.quantity, s.read_at, s.total_e4, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4, s.source,
         s.line_id, s.line_sequence, s.frame_received_at, s.recorded_at
    from staged_reading s
   where not exists (select from reading r
                      where r.meter_id = s.meter_id and r.quantity = s.quantity and r.read_at = s.read_at)
   order by s.meter_id, s.quantity, s.read_at, s.line_sequence`

const insertClaims = `
  insert into reading_claim (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source,
                             line_id, line_sequence, frame_received_at, recorded_at, claim_digest)
  select distinct on (s.meter_id, s.quantity, s.read_at, s.claim_digest)
         s.meter_id, s.quantity, s.read_at, s.total_e4, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4, s.source,
         s.line_id, s.line_sequence, s.frame_received_at, s.recorded_at, s.claim_digest
    from staged_reading s
    join reading r on r.meter_id = s.meter_id and r.quantity = s.quantity and r.read_at = s.read_at
   where row(s.total_e4, s.tou1_e4, s.tou2_e4, s.tou3_e4, s.tou4_e4)
         is distinct from row(r.total_e4, r.tou1_e4, r.tou2_e4, r.tou3_e4, r.tou4_e4)
   order by s.meter_id, s.quantity, s.read_at, s.claim_digest, s.line_sequence
      on conflict do nothing`

// Only the frames to which a claim refers; a duplicate's evidence is there already.
const insertFrames = `
  insert into frame (line_id, line_sequence, received_at, meter_id, protocol, request, response)
  select s.line_id, s.line_sequence, s.frame_received_at, s.meter_id, s.protocol, s.request, s.response
    from staged_reading s
   where exists (select from reading r
                  where (r.meter_id, r.quantity, r.read_at) = (s.meter_id, s.quantity, s.read_at)
                    and (r.line_id, r.line_sequence) = (s.line_id, s.line_sequence))
      or exists (select from reading_claim c
                  where (c.meter_id, c.quantity, c.read_at, c.claim_digest) = (s.meter_id, s.quantity, s.read_at, s.claim_digest)
                    and (c.line_id, c.line_sequence) = (s.line_id, s.line_sequence))
   order by s.line_sequence`
