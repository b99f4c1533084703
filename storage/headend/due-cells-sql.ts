import type { DuePlace } from './due-points.js'
import { isUntallied } from './judged-points.js'

// Parameters as in judged-points.ts; needs its `void` before it.

/** One key column at a time: the planner knows how few they are, and lets each worker add up its own share. */
const placeColumns = { line: 'line_id', area: 'transformer_area_id', organisation: 'organisation_id' } as const

/** Due points by one column: of a tallied midnight by its cells and what was laid down since, of all others one by one. */
function countedSql(place: DuePlace): string {
  const column = placeColumns[place]
  const from = place === 'line' ? 'due_read d' : 'due_read d join usage_point u using (usage_point_id)'
  const key = place === 'line' ? 'd.line_id' : `u.${column}`
  const counted = (condition: string): string => `
     select d.template, d.read_at, ${key}, count(*)::integer as points
       from ${from}
      where ${condition} and d.recorded_at <= $3 and ($4::text is null or d.template = $4)
      group by d.template, d.read_at, ${key}`
  return `
    select template, read_at, ${column}, sum(points)::integer as points from (${counted(isUntallied('d.read_at'))}
     union all ${counted('d.read_at = $2 and d.recorded_at > $5')}
     union all
     select template, read_at, ${column}, points
       from night_tally_cell where read_at = $2 and tallied_at = $5 and ($4::text is null or template = $4)
     union all
     -- Taken off again, so that a tallied midnight need not be gone through for them.
     select d.template, d.read_at, ${key}, -1
       from ${from} join void v on (d.meter_id, d.template, d.read_at) = (v.meter_id, v.template, v.read_at)
      where d.read_at > $1 and d.read_at <= $2 and d.recorded_at <= $3 and ($4::text is null or d.template = $4)) parts (template, read_at, ${column}, points)
    group by template, read_at, ${column} having sum(points) > 0`
}

/** Due points by line, which is also what a line's evidence is measured against. */
export const cellSql = `
  cell as materialized (${countedSql('line')})`

/** Due points by where they are added up. */
export function placeSql(place: DuePlace): string {
  const counted = place === 'line' ? 'cell' : `(${countedSql(place)}) d`
  const keys = Object.entries(placeColumns).map(([each, column]) =>
    each === place ? column : `null::bigint as ${column}`,
  )
  return `
  place as materialized (
    select template, read_at, ${keys.join(', ')}, points from ${counted})`
}
