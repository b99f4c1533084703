import type { LineId } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/**
 * How we know whether a concentrator is there: it said so, the broker said that it is lost, its uploads came, or nothing came for
 * too long.
 */
export type PresenceEvidence = 'announced' | 'last_will' | 'traffic' | 'silence'

export interface ConcentratorState {
  readonly lineId: LineId
  readonly online: boolean
  /** Since when it has been so. */
  readonly since: Instant
  readonly evidence: PresenceEvidence
}

/**
 * Notes that a concentrator came or went; nothing when that is how it stands already.
 * @returns number of facts: 0 or 1.
 */
export async function insertConcentratorStatus(
  queryable: Queryable,
  { lineId, since, online, evidence }: ConcentratorState,
  recordedAt: Instant,
): Promise<number> {
  return queryable.execute(
    `insert into concentrator_status (line_id, observed_at, online, evidence, recorded_at)
     select $1, $2, $3, $4, $5
      where $3 is distinct from (select s.online from concentrator_status s where s.line_id = $1
                                  order by s.observed_at desc, s.online limit 1)
         on conflict do nothing`,
    [lineId, toTimestamptz(since), online, evidence, toTimestamptz(recordedAt)],
  )
}

interface StateRow {
  readonly line_id: LineId
  readonly online: boolean
  readonly observed_at: Instant
  readonly evidence: PresenceEvidence
}

/** The state of each concentrator of which anything was known at an instant. */
export async function concentratorStates(
  queryable: Queryable,
  knownAt: Instant,
): Promise<ReadonlyMap<LineId, ConcentratorState>> {
  const rows = await queryable.query<StateRow>(
    'select line_id, online, observed_at, evidence from concentrator_state_as_of($1)',
    [toTimestamptz(knownAt)],
  )
  return new Map(
    rows.map(({ line_id: lineId, online, observed_at: since, evidence }) => [
      lineId,
      { lineId, online, since, evidence },
    ]),
  )
}

/** How far back a sign of life is looked for. */
const longestLookMs = 400 * dayMs

/** When each concentrator last gave a sign of life, as known at an instant: it came or went, or brought something. */
export async function lastSigns(queryable: Queryable, knownAt: Instant): Promise<ReadonlyMap<LineId, Instant>> {
  const rows = await queryable.query<{ readonly line_id: LineId; readonly at: Instant }>(
    `select line_id, max(at) as at from (
       select line_id, observed_at as at from concentrator_state_as_of($1) where evidence <> 'silence'
       union all
       select s.line_id, max(s.recorded_at) from line_statistics s join line l using (line_id)
        where l.kind = 'mqtt_concentrator' and s.bytes_in > 0 and s.recorded_at <= $1 and s.window_start > $2
        group by s.line_id) signs
      group by line_id`,
    [toTimestamptz(knownAt), toTimestamptz(knownAt - longestLookMs)],
  )
  return new Map(rows.map((row) => [row.line_id, row.at]))
}

/** Of the lines, when each brought something last; absent where nothing came since `from`. */
export async function lastHeard(
  queryable: Queryable,
  wish: { readonly lineIds: readonly LineId[]; readonly from: Instant },
): Promise<ReadonlyMap<LineId, Instant>> {
  const rows = await queryable.query<{ readonly line_id: LineId; readonly heard_at: Instant }>(
    `select line_id, max(recorded_at) as heard_at from line_statistics
      where line_id = any($1) and window_start >= $2::timestamptz - interval '1 day' and recorded_at >= $2 and bytes_in > 0
      group by line_id`,
    [wish.lineIds, toTimestamptz(wish.from)],
  )
  return new Map(rows.map((row) => [row.line_id, row.heard_at]))
}
