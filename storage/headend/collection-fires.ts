import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface CollectionFire {
  readonly schedule: string
  readonly timeZone: string
  readonly dueAt: Instant
  readonly revision: number | null
  readonly windows: number
  readonly recordedAt: Instant
}

/** Last due instant of a schedule that was taken up in a zone; null before the first. */
export async function lastFire(queryable: Queryable, schedule: string, timeZone: string): Promise<Instant | null> {
  const [row] = await queryable.query<{ readonly last: Instant | null }>(
    'select max(due_at) as last from collection_fire where schedule = $1 and time_zone = $2',
    [schedule, timeZone],
  )
  return row?.last ?? null
}

/** First due instant of a schedule that was taken up in a zone; null before it. */
export async function firstFire(queryable: Queryable, schedule: string, timeZone: string): Promise<Instant | null> {
  const [row] = await queryable.query<{ readonly first: Instant | null }>(
    'select min(due_at) as first from collection_fire where schedule = $1 and time_zone = $2',
    [schedule, timeZone],
  )
  return row?.first ?? null
}

/** @returns false when another node took the instant up before. */
export async function insertFire(queryable: Queryable, fire: CollectionFire): Promise<boolean> {
  const inserted = await queryable.execute(
    `insert into collection_fire (schedule, time_zone, due_at, revision, windows, recorded_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      fire.schedule,
      fire.timeZone,
      toTimestamptz(fire.dueAt),
      fire.revision,
      fire.windows,
      toTimestamptz(fire.recordedAt),
    ],
  )
  return inserted === 1
}
