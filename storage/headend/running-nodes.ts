import { type Instant, minuteMs } from '../../domain/time.js'
import type { Queryable } from '../database.js'

/** What a node calls itself to the database; how others see that it runs. */
export const nodeApplicationPrefix = 'shuangwu headend '

/** A living node asks for its lines for half a minute, again and again; what was taken for longer says nothing of it. */
const longestHoldMs = minuteMs

export interface NodesSeen {
  /** Names of the nodes that have a session with the database, or hold a line, at this moment. */
  readonly running: readonly string[]
  /** When a node last took up a window or answered; null where none ever did. */
  readonly lastSignAt: Instant | null
}

/** Which collection nodes run, as the database sees it. */
export async function nodesSeen(queryable: Queryable): Promise<NodesSeen> {
  const running = await queryable.query<{ readonly node: string }>(
    `select substr(application_name, $1) as node from pg_stat_activity
      where datname = current_database() and starts_with(application_name, $2)
     union select owner from line_lease where expires_at > now() and expires_at <= now() + $3 * interval '1 millisecond'
     order by node`,
    [nodeApplicationPrefix.length + 1, nodeApplicationPrefix, longestHoldMs],
  )
  const [last] = await queryable.query<{ readonly at: Instant | null }>(
    `select greatest((select max(recorded_at) from collection_fire), (select max(answered_at) from read_request_result)) as at`,
  )
  return { running: running.map(({ node }) => node), lastSignAt: last?.at ?? null }
}
