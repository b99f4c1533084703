import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { Timeline } from './changes.js'

export interface Multiplier {
  readonly ctRatio: number
  readonly ptRatio: number
}

/** The instrument transformers of a usage point: the last revision. */
export async function readMultipliers(client: Queryable, usagePointId: bigint): Promise<Timeline<Multiplier>> {
  const rows = await client.query<{
    readonly revision: number
    readonly effective_from: Instant
    readonly effective_to: Instant | null
    readonly ct_ratio: number
    readonly pt_ratio: number
  }>(
    `select revision, effective_from, effective_to, ct_ratio, pt_ratio from multiplier_timeline
      where usage_point_id = $1
        and revision = (select max(revision) from multiplier_timeline where usage_point_id = $1)`,
    [usagePointId],
  )
  const segments = rows.map((row) => ({
    from: row.effective_from,
    to: row.effective_to,
    value: { ctRatio: row.ct_ratio, ptRatio: row.pt_ratio },
  }))
  return { revision: rows[0]?.revision ?? 0, segments }
}
