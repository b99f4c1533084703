import type { Instant } from '../../domain/time.js'
import type { Database } from '../database.js'
import { type AccountSpan, inSnapshot, judgedBy } from './account-span.js'
import type { DueOutcome } from './due-points.js'
import { judgedSql } from './judged-points.js'

/** A due point that stood otherwise at a later instant. */
export interface MovedDuePoint {
  readonly meterCode: string
  readonly template: string
  readonly readAt: Instant
  /** Null when the point was laid down between the two instants. */
  readonly before: DueOutcome | null
  readonly after: DueOutcome
}

/** What moved between two instants: the points whose outcome differs, in order of instant and meter. */
export async function movedDuePoints(
  database: Database,
  span: AccountSpan,
  later: Instant,
): Promise<readonly MovedDuePoint[]> {
  const [before, after] = await inSnapshot(database, async (tx) => {
    const at = async (asOf: Instant | null) =>
      tx.query<StandingRow>(standingsSql, await judgedBy(tx, { ...span, asOf }))
    return [await at(span.asOf), await at(later)]
  })
  const earlier = new Map(before.map((row) => [standingKey(row), row]))
  const laterOnes = new Map(after.map((row) => [standingKey(row), row]))
  const laidBetween = (row: StandingRow): boolean => span.asOf !== null && row.laid_at > span.asOf
  const standing = (row: StandingRow | undefined): DueOutcome => row?.outcome ?? 'first_pass'
  const keys = [...new Set([...earlier.keys(), ...laterOnes.keys()])]
  return keys.flatMap((key) => {
    const [old, young] = [earlier.get(key), laterOnes.get(key)]
    const row = young ?? old
    if (row === undefined) return []
    const moved = {
      meterCode: row.meter_code,
      template: row.template,
      readAt: row.read_at,
      before: laidBetween(row) ? null : standing(old),
      after: standing(young),
    }
    return moved.before === moved.after ? [] : [moved]
  })
}

interface StandingRow {
  readonly meter_id: bigint
  readonly meter_code: string
  readonly template: string
  readonly read_at: Instant
  readonly laid_at: Instant
  readonly outcome: DueOutcome
}

function standingKey({ meter_id, template, read_at }: StandingRow): string {
  return `${read_at} ${meter_id} ${template}`
}

const standingsSql = `with ${judgedSql}
  select j.meter_id, m.code as meter_code, j.template, j.read_at, j.laid_at, j.outcome
    from judged j join meter m using (meter_id)
   order by j.read_at, j.meter_id, j.template`
