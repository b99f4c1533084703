import type { Database } from '../database.js'
import { type AccountRow, toCell, toGroup } from './account-rows.js'
import { type AccountSpan, explainedBy, inSnapshot } from './account-span.js'
import { cellSql, placeSql } from './due-cells-sql.js'
import type { DueCell, DueGroup, DuePlace } from './due-points.js'
import { evidenceColumns, evidenceSql, ownerSql } from './evidence-sql.js'
import { judgedSql } from './judged-points.js'

export interface DueAccounts {
  /** Due points by cell, all of them. */
  readonly due: readonly (DueCell & { readonly points: number })[]
  /** Those that were not read at the first pass; whatever is not here was. */
  readonly gap: readonly DueGroup[]
}

/**
 * Every due point of a span, as of an instant, counted by where it belongs and how it stands. The mass of points that were read at once
 * is only counted; evidence is gathered for the others. One snapshot, so that both sums hold while the head-end writes on.
 * @param place by what all due points are added up; anything but the line costs a join over those of a night that is not tallied.
 */
export async function dueAccounts(database: Database, span: AccountSpan, place: DuePlace): Promise<DueAccounts> {
  const rows = await inSnapshot(database, async (tx) =>
    tx.query<AccountRow>(accountsSql(place), await explainedBy(tx, span)),
  )
  return {
    due: rows.filter(({ outcome }) => outcome === null).map((row) => ({ ...toCell(row), points: row.points })),
    gap: rows.flatMap((row) => (row.outcome === null ? [] : [toGroup(row, row.outcome)])),
  }
}

function accountsSql(place: DuePlace): string {
  return `with ${judgedSql}, ${cellSql}, ${placeSql(place)}, ${evidenceSql}, ${ownerSql},
  counted as (
    select template, read_at, line_id, transformer_area_id, organisation_id, count(*)::integer as points, ${evidenceColumns}
      from explained
     group by template, read_at, line_id, transformer_area_id, organisation_id, ${evidenceColumns}
    union all
    select template, read_at, line_id, transformer_area_id, organisation_id, points, null, null, null, false, false, false, false, false, false,
           false, null, false, false, false, false, 0, null, null
      from place)
  select n.*, l.code as line_code, l.kind as line_kind, w.area_code, w.crew_code
    from counted n left join line l using (line_id) left join owner w using (transformer_area_id)
   order by n.read_at, l.code, w.area_code, n.organisation_id, n.outcome, n.causes`
}
