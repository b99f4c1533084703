import type { LineEntry } from '../../domain/line-entries.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface LineRow {
  readonly line_id: LineId
  readonly code: string
  readonly kind: LineEntry['kind']
  /** As it stands in the database; whoever uses it checks it first. */
  readonly settings: unknown
  readonly time_zone: string
}

export async function loadLines(queryable: Queryable): Promise<readonly LineRow[]> {
  return queryable.query<LineRow>(
    `select l.line_id, l.code, l.kind, l.settings, o.time_zone
       from line l join organisation o using (organisation_id) order by l.line_id`,
  )
}

/** While [effectiveFrom, effectiveTo) the meter hangs on the line; `effectiveTo` null means until further notice. */
export interface InstalledMeter {
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly communicationAddress: string
  /** Digits before the decimal point of its registers. */
  readonly registerDigits: number
  readonly effectiveFrom: Instant
  readonly effectiveTo: Instant | null
}

export interface LineAddress {
  readonly lineId: LineId
  readonly communicationAddress: string
}

interface InstalledRow {
  readonly meter_id: MeterId
  readonly line_id: LineId
  readonly communication_address: string
  readonly register_digits: number
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

/**
 * Every time at which a meter with one of the addresses hung on that line, as known then. The fence (offset 0) keeps the planner to one
 * index look-up for each address; it would read all meters for a few hundred.
 */
export async function installedMeters(
  queryable: Queryable,
  addresses: readonly LineAddress[],
  knownAt: Instant,
): Promise<readonly InstalledMeter[]> {
  if (addresses.length === 0) return []
  const rows = await queryable.query<InstalledRow>(
    `select m.meter_id, t.line_id, m.communication_address, m.register_digits, t.effective_from, t.effective_to
       from unnest($1::bigint[], $2::text[]) as w (line_id, communication_address)
      cross join lateral (
         select meter_id, communication_address, register_digits from meter
          where communication_address = w.communication_address offset 0) m
       join installation_timeline t on t.meter_id = m.meter_id and t.line_id = w.line_id
      where t.recorded_at <= $3
        and not exists (select from installation_timeline n
                         where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= $3)
      order by m.meter_id, t.effective_from`,
    [addresses.map(({ lineId }) => lineId), addresses.map((each) => each.communicationAddress), toTimestamptz(knownAt)],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    lineId: row.line_id,
    communicationAddress: row.communication_address,
    registerDigits: row.register_digits,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
  }))
}
