import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { Row } from '../insert-rows.js'
import type { Timeline } from './changes.js'
import { registryTables, type RegistryTableName } from './tables.js'

/** Key columns of an object, or columns of text and numbers that are its content. */
export type PlainRow = Readonly<Record<string, bigint | string | number | boolean | null>>

export type TimelineTable = Extract<RegistryTableName, `${string}_timeline`>

/** The last revision of one object's timeline, each segment with the columns that are its content; `object` by its key columns. */
export async function readLastRevision(
  client: Queryable,
  table: TimelineTable,
  object: PlainRow,
): Promise<Timeline<Row>> {
  const columns = registryTables[table].object
  const isOfObject = columns.map((column, index) => `${column} = $${index + 1}`).join(' and ')
  const rows = await client.query<
    Row & { readonly revision: number; readonly effective_from: Instant; readonly effective_to: Instant | null }
  >(
    `select * from ${table} where ${isOfObject} and revision = (select max(revision) from ${table} where ${isOfObject})
      order by effective_from`,
    columns.map((column) => object[column] ?? null),
  )
  const notContent = new Set<string>([...columns, ...stampColumns])
  const segments = rows.map((row) => ({
    from: row.effective_from,
    to: row.effective_to,
    value: Object.fromEntries(Object.entries(row).filter(([column]) => !notContent.has(column))),
  }))
  return { revision: rows[0]?.revision ?? 0, segments }
}

const stampColumns = ['revision', 'effective_from', 'effective_to', 'recorded_at', 'actor_id', 'reason']

/** Usage points that lie behind a transformer of another nameplate at or after an instant, by the last revisions. */
export async function findOtherNameplate(
  client: Queryable,
  usagePointId: bigint,
  { transformer_code: code = null, ...plate }: PlainRow,
): Promise<string | null> {
  const columns = Object.keys(plate).filter((column) => column !== 'metering_side')
  const [row] = await client.query<{ readonly code: string }>(
    `select u.code from transformer_timeline t join usage_point u using (usage_point_id)
      where t.transformer_code = $1 and t.usage_point_id <> $2
        and (${columns.map((column, index) => `t.${column} is distinct from $${index + 3}`).join(' or ')})
        and t.revision = (select max(l.revision) from transformer_timeline l where l.usage_point_id = t.usage_point_id)
      order by u.code limit 1`,
    [code, usagePointId, ...columns.map((column) => plate[column] ?? null)],
  )
  return row?.code ?? null
}
