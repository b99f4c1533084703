import { createHash } from 'node:crypto'
import { curves } from '../../domain/quantities.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { encodeCopy } from '../../storage/copy-binary.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import type { Piece } from './curve-columns.js'

export interface TownMeter {
  readonly meterId: number
  readonly from?: Instant
  readonly to?: Instant
  /** Where two meters follow each other. */
  readonly usagePointId?: number
}

const since = Date.UTC(2012, 0, 1)

/** An organisation of a time zone with its meters, installed since 2012 where nothing else is said. */
export async function plantCurveTown(owner: Database, timeZone: string, meters: readonly TownMeter[]): Promise<void> {
  const at = toTimestamptz(since)
  await owner.execute(`insert into actor values ('clerk', 'clerk', 'person', '${at}')`)
  await owner.execute(`insert into organisation values (1, 'county', null, 'c', 'county', $1, 'CNY', 2)`, [timeZone])
  await owner.execute(`insert into grid_cell values (1, 1, 'cell', 'cell', 'clerk', null)`)
  await owner.execute(`insert into transformer_area values (1, 1, 'area', 'area')`)
  await owner.execute(`insert into line values (1, 1, 'line', 'dlt645_tcp', '{}')`)
  for (const { meterId, from, to, usagePointId = meterId } of meters) {
    await owner.execute(`insert into meter values ($1, $2, 'dlt645_2007', $3, 'dlt645', 6, 2)`, [
      meterId,
      `meter-${meterId}`,
      String(meterId).padStart(12, '0'),
    ])
    await owner.execute(
      `insert into usage_point values ($1, 1, 'point-' || $1::bigint, 1, 1, 'road') on conflict do nothing`,
      [usagePointId],
    )
    await owner.execute(
      `insert into installation_timeline values ($1, 1, $2, $3, $4, 1, '${at}', 'clerk', 'go-live')`,
      [usagePointId, toTimestamptz(from ?? since), to === undefined ? null : toTimestamptz(to), meterId],
    )
  }
}

/** Stores pieces as they came, in this order; their reverse register stands at zero. */
export async function storePieces(
  owner: Database,
  meterId: number,
  pieces: readonly Piece[],
  curve: 'load_energy' | 'hourly_energy' = 'load_energy',
): Promise<void> {
  const types = ['int8', 'int2', 'timestamptz', 'timestamptz', 'bytea', 'int8[]', 'timestamptz', 'timestamptz'] as const
  await owner.copyIn(
    `copy interval_piece (meter_id, curve, slot_start, slot_end, claim_digest, values_e4, frame_received_at, recorded_at)
       from stdin (format binary)`,
    encodeCopy(
      types,
      pieces.map(({ end, minutes, registerE4 }) => {
        const digest = createHash('sha256').update(String(registerE4)).digest()
        const start = end - minutes * minuteMs
        return [BigInt(meterId), curves[curve].code, start, end, digest, [registerE4, 0n], end, end] as const
      }),
    ),
  )
}

/** Accepted forward totals. */
export async function acceptRegisters(
  owner: Database,
  meterId: number,
  readings: readonly { readonly readAt: Instant; readonly registerE4: bigint; readonly source?: number }[],
): Promise<void> {
  for (const { readAt, registerE4, source = 1 } of readings)
    await owner.execute(
      `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at)
       values ($1, 1, $2, 1, 'accepted', $3, $4, '{}', '', $2)`,
      [meterId, toTimestamptz(readAt), registerE4, source],
    )
}
