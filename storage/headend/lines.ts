import type { LineEntry } from '../../domain/registry-document.js'
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
  readonly communicationAddress: string
  readonly effectiveFrom: Instant
  readonly effectiveTo: Instant | null
}

interface InstalledRow {
  readonly meter_id: MeterId
  readonly communication_address: string
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

/** Every time at which a meter with one of the addresses hung on the line, as known now. */
export async function installedMeters(
  queryable: Queryable,
  wish: { readonly lineId: LineId; readonly addresses: readonly string[]; readonly knownAt: Instant },
): Promise<readonly InstalledMeter[]> {
  const rows = await queryable.query<InstalledRow>(
    `select m.meter_id, m.communication_address, t.effective_from, t.effective_to
       from installation_timeline t
       join meter m using (meter_id)
      where t.line_id = $1 and m.communication_address = any($2)
        and t.revision = (select max(latest.revision) from installation_timeline latest
                           where latest.usage_point_id = t.usage_point_id and latest.recorded_at <= $3)
      order by m.meter_id, t.effective_from`,
    [wish.lineId, wish.addresses, toTimestamptz(wish.knownAt)],
  )
  return rows.map((row) => ({
    meterId: row.meter_id,
    communicationAddress: row.communication_address,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
  }))
}
