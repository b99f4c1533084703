import type { Instant } from '../../domain/time.js'
import type { Database } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type AccountRow, toGroup } from './account-rows.js'
import { type AccountSpan, explainedBy, inSnapshot } from './account-span.js'
import { cellSql } from './due-cells-sql.js'
import type { DueGroup, DueOutcome } from './due-points.js'
import { evidenceSql, ownerSql } from './evidence-sql.js'
import { judgedSql } from './judged-points.js'

/** One due point that was not read at the first pass. */
export interface GapPoint extends DueGroup {
  readonly meterId: bigint
  readonly meterCode: string
  readonly usagePointCode: string
}

export interface GapPage {
  /** Only points that have neither a value nor an excuse, or a value in doubt. */
  readonly openOnly: boolean
  /** Null for all, '' for what no crew owns. */
  readonly crew: string | null
  readonly behind: { readonly readAt: Instant; readonly meterId: bigint; readonly template: string } | null
  readonly limit: number
}

/** Points of a span one by one, the newest first and then by meter and template, at most `limit` behind `behind`; all of them without a page. */
export async function gapPoints(
  database: Database,
  span: AccountSpan,
  page: GapPage = { openOnly: false, crew: null, behind: null, limit: 2 ** 31 - 1 },
): Promise<readonly GapPoint[]> {
  const { openOnly, crew, behind, limit } = page
  const rows = await inSnapshot(database, async (tx) =>
    tx.query<PointRow>(gapPointsSql, [
      ...(await explainedBy(tx, span)),
      crew,
      behind === null ? null : toTimestamptz(behind.readAt),
      behind === null ? null : behind.meterId,
      behind === null ? null : behind.template,
      limit,
      openOnly,
    ]),
  )
  return rows.map((row) => ({
    ...toGroup(row, row.outcome),
    meterId: row.meter_id,
    meterCode: row.meter_code,
    usagePointCode: row.usage_point_code,
  }))
}

type PointRow = AccountRow & {
  readonly outcome: DueOutcome
  readonly meter_id: bigint
  readonly meter_code: string
  readonly usage_point_code: string
}

// Parameters as in evidence-sql.ts, then $9 crew, $10 to $12 behind which point, $13 limit, $14 whether only what is open.
const gapPointsSql = `with ${judgedSql}, ${cellSql}, ${evidenceSql}, ${ownerSql}
  select e.*, 1 as points, l.code as line_code, l.kind as line_kind, w.area_code, w.crew_code,
         m.code as meter_code, p.code as usage_point_code
    from explained e join line l using (line_id) join owner w using (transformer_area_id)
    join meter m using (meter_id) join usage_point p using (usage_point_id)
   where (not $14 or e.outcome in ('open', 'held')) and ($9::text is null or coalesce(w.crew_code, '') = $9)
     and ($10::timestamptz is null or e.read_at < $10 or e.read_at = $10 and (e.meter_id, e.template) > ($11, $12))
   order by e.read_at desc, e.meter_id, e.template limit $13`
