import type { LineId } from '../../domain/reading.js'
import type { Queryable } from '../database.js'

/** Who took a line last; null where nobody ever did. */
export async function lineOwner(queryable: Queryable, lineId: LineId): Promise<string | null> {
  const [row] = await queryable.query<{ readonly owner: string }>('select owner from line_lease where line_id = $1', [
    lineId,
  ])
  return row?.owner ?? null
}
