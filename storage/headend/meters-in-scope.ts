import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Which meters a person means; one of the codes, or none for all. */
export interface MeterScope {
  readonly line: string | null
  readonly meter: string | null
  readonly area: string | null
}

export interface MeterInScope {
  readonly meterId: MeterId
  readonly code: string
  readonly lineCode: string
}

/** The meters of a scope with their lines as of now, by line and meter. */
export async function metersInScope(
  queryable: Queryable,
  { line, meter, area }: MeterScope,
  now: Instant,
): Promise<readonly MeterInScope[]> {
  return queryable.query<MeterInScope>(
    `select m.meter_id as "meterId", m.code, l.code as "lineCode"
       from installation_as_of($4, $4) i join meter m using (meter_id) join line l using (line_id)
       join usage_point p using (usage_point_id) join transformer_area t using (transformer_area_id)
      where ($1::text is null or l.code = $1) and ($2::text is null or m.code = $2) and ($3::text is null or t.code = $3)
      order by l.code, m.meter_id`,
    [line, meter, area, toTimestamptz(now)],
  )
}
