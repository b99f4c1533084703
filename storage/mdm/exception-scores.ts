import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** What a crew did over a span; an exception belongs to whoever owned its area at the time of the event. */
export interface CrewScore {
  /** Null: areas that no crew had. */
  readonly crewCode: string | null
  readonly opened: number
  readonly closed: number
  readonly closedLate: number
  /** Of those closed in the span. */
  readonly medianAgeMs: number | null
}

export function crewScores(
  client: Queryable,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly CrewScore[]> {
  return client.query<CrewScore>(
    `with moved as (
       select e.exception_key, e.event, e.recorded_at, o.recorded_at as opened_at, o.deadline,
              coalesce(u.transformer_area_id, x.transformer_area_id) as area_id
         from exception_event e
         join exception x using (exception_key)
         left join usage_point u using (usage_point_id)
         left join exception_event o on o.exception_key = e.exception_key and o.ordinal = e.ordinal - 1 and e.event = 'closed'
        where e.recorded_at >= $1 and e.recorded_at < $2)
     select w.code as "crewCode", count(*) filter (where m.event = 'opened')::integer as opened,
            count(*) filter (where m.event = 'closed')::integer as closed,
            count(*) filter (where m.event = 'closed' and m.recorded_at > m.deadline)::integer as "closedLate",
            (percentile_disc(0.5) within group (order by extract(epoch from m.recorded_at - m.opened_at))
               filter (where m.event = 'closed') * 1000)::float8 as "medianAgeMs"
       from moved m
       left join lateral (
         select t.crew_id from crew_area_timeline t
          where t.transformer_area_id = m.area_id and t.effective_from <= m.recorded_at
            and (t.effective_to is null or t.effective_to > m.recorded_at)
          order by t.revision desc limit 1) t on true
       left join crew w using (crew_id)
      group by w.code order by w.code nulls last`,
    [toTimestamptz(from), toTimestamptz(to)],
  )
}
