import { groupBy } from '../../domain/group-by.js'
import type { Instant } from '../../domain/time.js'
import type { Segment } from '../../domain/timeline.js'
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
  const isOfObject = objectSql(table)
  const rows = await client.query<StretchRow>(
    `select * from ${table} where ${isOfObject} and revision = (select max(revision) from ${table} where ${isOfObject})
      order by effective_from`,
    objectKey(table, object),
  )
  return { revision: rows[0]?.revision ?? 0, segments: rows.map((row) => toSegment(table, row)) }
}

/** Every revision of one object's timeline, in order, each with its segments in order of time. */
export async function readRevisions(
  client: Queryable,
  table: TimelineTable,
  object: PlainRow,
): Promise<readonly Timeline<Row>[]> {
  const rows = await client.query<StretchRow>(
    `select * from ${table} where ${objectSql(table)} order by revision, effective_from`,
    objectKey(table, object),
  )
  return [...groupBy(rows, ({ revision }) => revision)].map(([revision, stretches]) => {
    return { revision, segments: stretches.map((row) => toSegment(table, row)) }
  })
}

type StretchRow = Row & {
  readonly revision: number
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

function objectSql(table: TimelineTable): string {
  return registryTables[table].object.map((column, index) => `${column} = $${index + 1}`).join(' and ')
}

function objectKey(table: TimelineTable, object: PlainRow) {
  return registryTables[table].object.map((column) => object[column] ?? null)
}

function toSegment(table: TimelineTable, row: StretchRow): Segment<Row> {
  const notContent = new Set<string>([...registryTables[table].object, ...stampColumns])
  const value = Object.fromEntries(Object.entries(row).filter(([column]) => !notContent.has(column)))
  return { from: row.effective_from, to: row.effective_to, value }
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
