import { quantities } from '../../domain/quantities.js'
import { type LineId, readingSources } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'
import { claimDigest } from './claim-digest.js'
import type { CollectedReading } from './collected.js'

const columns = [
  'int8',
  'int2',
  'timestamptz',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'int2',
  'int8',
  'int8',
  'timestamptz',
  'timestamptz',
  'bytea',
  'text',
  'bytea',
  'bytea',
] as const

/**
 * Copies readings into a table of this session, emptied at commit. The n-th gets the n-th sequence number from `firstSequence`;
 * numbers of claims that turn out to be known already stay unused.
 */
export async function stageReadings(
  tx: Transaction,
  readings: readonly CollectedReading[],
  at: { readonly lineId: LineId; readonly firstSequence: bigint; readonly recordedAt: Instant },
): Promise<void> {
  await tx.execute(createStage)
  const rows = readings.map((reading, index) => {
    const { totalE4, touE4 } = reading.registers
    const [tou1, tou2, tou3, tou4] = touE4
    return [
      reading.meterId,
      quantities[reading.quantity].code,
      reading.readAt,
      totalE4,
      tou1,
      tou2,
      tou3,
      tou4,
      readingSources[reading.source],
      at.lineId,
      at.firstSequence + BigInt(index),
      reading.receivedAt,
      at.recordedAt,
      claimDigest(reading.registers),
      reading.protocol,
      reading.request,
      reading.response,
    ] as const
  })
  await tx.copyIn('copy staged_reading from stdin (format binary)', encodeCopy(columns, rows))
}

const createStage = `
  create temporary table if not exists staged_reading (
    meter_id bigint, quantity smallint, read_at timestamptz,
    total_e4 bigint, tou1_e4 bigint, tou2_e4 bigint, tou3_e4 bigint, tou4_e4 bigint,
    source smallint, line_id bigint, line_sequence bigint, frame_received_at timestamptz, recorded_at timestamptz,
    claim_digest bytea, protocol text, request bytea, response bytea
  ) on commit delete rows`
