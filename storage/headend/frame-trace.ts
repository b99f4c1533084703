import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export async function findMeterId(queryable: Queryable, code: string): Promise<MeterId | null> {
  const [row] = await queryable.query<{ readonly meter_id: MeterId }>('select meter_id from meter where code = $1', [
    code,
  ])
  return row?.meter_id ?? null
}

/** Bytes of one meter as they came, with what was asked for them. */
export interface TracedFrame {
  readonly received_at: Instant
  readonly line_id: LineId
  readonly line_code: string
  readonly line_sequence: bigint
  readonly protocol: string
  readonly request: Buffer | null
  readonly response: Buffer
}

/** An attempt at a due point that brought nothing. */
export interface TracedAttempt {
  readonly read_at: Instant
  readonly attempt: number
  readonly cause: string
  readonly failed_at: Instant
}

export interface FrameTrace {
  readonly frames: readonly TracedFrame[]
  readonly attempts: readonly TracedAttempt[]
}

/**
 * Every frame of a meter that came in [from, to), and every attempt of that time that failed, in order. Of a frame that carries many
 * meters only the slices of this one are shown.
 */
export async function selectFrameTrace(
  queryable: Queryable,
  meterId: MeterId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<FrameTrace> {
  const span = [meterId, toTimestamptz(from), toTimestamptz(to)]
  const frames = await queryable.query<TracedFrame>(
    `with slices as (${slices})
     select f.received_at, f.line_id, l.code as line_code, f.line_sequence, f.protocol, f.request, f.response
       from frame f join line l using (line_id)
      where f.meter_id = $1 and f.received_at >= $2 and f.received_at < $3
     union all
     select f.received_at, f.line_id, l.code, f.line_sequence, f.protocol, null,
            substring(f.response from s.frame_offset + 1 for s.frame_length)
       from slices s
       join frame f on f.line_id = s.line_id and f.line_sequence = s.line_sequence and f.received_at = s.frame_received_at
       join line l on l.line_id = f.line_id
      where f.meter_id is distinct from $1
      order by received_at, line_sequence`,
    span,
  )
  const attempts = await queryable.query<TracedAttempt>(
    `select read_at, attempt, cause, failed_at
       from failed_read
      where meter_id = $1 and failed_at >= $2 and failed_at < $3
      order by failed_at, read_at, attempt`,
    span,
  )
  return { frames, attempts }
}

const slicedTables = [
  'reading',
  'reading_claim',
  'settlement_reading',
  'demand_reading',
  'interval_piece',
  'end_device_event',
  'clock_check',
  'relay_status',
  'tou_reading',
] as const

const slices = slicedTables
  .map(
    (table) =>
      `select line_id, line_sequence, frame_received_at, frame_offset, frame_length
         from ${table}
        where meter_id = $1 and frame_received_at >= $2 and frame_received_at < $3 and frame_offset is not null`,
  )
  .join(' union ')
