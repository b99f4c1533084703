import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import type { Timeline } from './changes.js'

export async function findCrew(client: Queryable, code: string): Promise<bigint | null> {
  return idOf(await client.query<IdRow>('select crew_id as id from crew where code = $1', [code]))
}

export async function findTransformerArea(client: Queryable, code: string): Promise<bigint | null> {
  const sql = 'select transformer_area_id as id from transformer_area where code = $1'
  return idOf(await client.query<IdRow>(sql, [code]))
}

export async function findLine(client: Queryable, code: string): Promise<bigint | null> {
  return idOf(await client.query<IdRow>('select line_id as id from line where code = $1', [code]))
}

export async function nextPlannedOutageId(client: Queryable): Promise<bigint> {
  const sql = 'select coalesce(max(planned_outage_id), 0) + 1 as id from planned_outage'
  return idOf(await client.query<IdRow>(sql)) ?? 1n
}

/** Which crew owns the area, by id: the last revision. */
export async function readCrewAreas(client: Queryable, transformerAreaId: bigint): Promise<Timeline<bigint>> {
  const rows = await client.query<{
    readonly revision: number
    readonly effective_from: Instant
    readonly effective_to: Instant | null
    readonly crew_id: bigint
  }>(
    `select revision, effective_from, effective_to, crew_id from crew_area_timeline
      where transformer_area_id = $1
        and revision = (select max(revision) from crew_area_timeline where transformer_area_id = $1)`,
    [transformerAreaId],
  )
  const segments = rows.map((row) => ({ from: row.effective_from, to: row.effective_to, value: row.crew_id }))
  return { revision: rows[0]?.revision ?? 0, segments }
}

export async function findPlannedOutage(client: Queryable, code: string) {
  const [row] = await client.query<{
    readonly transformer_area_id: bigint | null
    readonly line_id: bigint | null
    readonly starts_at: Instant
    readonly ends_at: Instant
    readonly document: string
  }>('select transformer_area_id, line_id, starts_at, ends_at, document from planned_outage where code = $1', [code])
  if (row === undefined) return null
  return {
    areaId: row.transformer_area_id,
    lineId: row.line_id,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    document: row.document,
  }
}

interface IdRow {
  readonly id: bigint
}

function idOf(rows: readonly IdRow[]): bigint | null {
  return rows[0]?.id ?? null
}
