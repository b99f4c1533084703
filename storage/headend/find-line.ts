import type { Queryable } from '../database.js'
import type { LineRow } from './lines.js'

/** One line as the registry has it now. */
export async function findLineRow(queryable: Queryable, code: string): Promise<LineRow | null> {
  const [row] = await queryable.query<LineRow>(
    `select l.line_id, l.code, l.kind, l.settings, o.time_zone
       from line l join organisation o using (organisation_id) where l.code = $1`,
    [code],
  )
  return row ?? null
}
