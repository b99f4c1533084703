import { quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { CollectedFrame, FrameReading } from './collected.js'

/** A frame under its number, which is unique over all lines. */
export interface NumberedFrame extends CollectedFrame {
  readonly sequence: bigint
}

/** A reading on its way into the table, with the frame that proves it. */
export interface ReadingRow {
  readonly reading: FrameReading
  readonly frame: NumberedFrame
}

export function rowsOf(frames: readonly NumberedFrame[]): ReadingRow[] {
  return frames.flatMap((frame) => frame.readings.map((reading) => ({ reading, frame })))
}

/** Order of the key (meter, quantity, instant): the index is written from left to right, and sessions never wait in a circle. */
export function byKey({ reading: a }: ReadingRow, { reading: b }: ReadingRow): number {
  if (a.meterId !== b.meterId) return a.meterId < b.meterId ? -1 : 1
  return quantities[a.quantity].code - quantities[b.quantity].code || a.readAt - b.readAt
}

export const readingColumns =
  'meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at, frame_offset, frame_length'

export const readingTypes = [
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
  'int4',
  'int4',
] as const

export function readingCells({ reading, frame }: ReadingRow, recordedAt: Instant) {
  const { totalE4, touE4 } = reading.registers
  return [
    reading.meterId,
    quantities[reading.quantity].code,
    reading.readAt,
    totalE4,
    touE4[0],
    touE4[1],
    touE4[2],
    touE4[3],
    readingSources[reading.source],
    frame.lineId,
    frame.sequence,
    frame.receivedAt,
    recordedAt,
    reading.slice?.offset ?? null,
    reading.slice?.length ?? null,
  ] as const
}

export const frameColumns = 'line_id, line_sequence, received_at, meter_id, protocol, request, response'

export const frameTypes = ['int8', 'int8', 'timestamptz', 'int8', 'text', 'bytea', 'bytea'] as const

export function frameCells(frame: NumberedFrame) {
  return [
    frame.lineId,
    frame.sequence,
    frame.receivedAt,
    frame.meterId,
    frame.protocol,
    frame.request,
    frame.response,
  ] as const
}
