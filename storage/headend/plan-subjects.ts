import type { LineId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import type { LineRow } from './lines.js'

/** A line as the groups of a collection plan see it. Codes, in order. */
export interface LineSubject {
  readonly lineId: LineId
  readonly code: string
  readonly kind: LineRow['kind']
  readonly timeZone: string
  /** Its organisation and all above it. */
  readonly organisations: readonly string[]
  /** Transformer areas and models of the meters that hang on it. */
  readonly areas: readonly string[]
  readonly models: readonly string[]
  readonly meters: number
}

/** All lines with what hangs on them as of now, by code. */
export async function loadLineSubjects(queryable: Queryable, now: Instant): Promise<readonly LineSubject[]> {
  return queryable.query<LineSubject>(
    `with recursive above (organisation_id, code, parent_id) as (
       select organisation_id, code, parent_id from organisation
       union all
       select a.organisation_id, o.code, o.parent_id from above a join organisation o on o.organisation_id = a.parent_id),
     ancestry as (select organisation_id, array_agg(code order by code) as codes from above group by organisation_id),
     hanging as (
       select i.line_id, count(*)::int as meters, array_agg(distinct m.model order by m.model) as models,
              array_agg(distinct t.code order by t.code) as areas
         from installation_as_of($1, $1) i join meter m using (meter_id)
         join usage_point p using (usage_point_id) join transformer_area t using (transformer_area_id)
        group by i.line_id)
     select l.line_id as "lineId", l.code, l.kind, o.time_zone as "timeZone", a.codes as organisations,
            coalesce(h.areas, '{}') as areas, coalesce(h.models, '{}') as models, coalesce(h.meters, 0) as meters
       from line l join organisation o using (organisation_id) join ancestry a using (organisation_id)
       left join hanging h using (line_id)
      order by l.code`,
    [toTimestamptz(now)],
  )
}
