import type { Instant } from '../../domain/time.js'
import type { Database, Parameter, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type DueWindows, toWindowsJson } from './due-windows.js'
import { latestTally } from './night-tallies.js'

export interface AccountSpan {
  /** Exclusive. */
  readonly after: Instant
  /** Inclusive: the midnight that closes a day belongs to it. */
  readonly through: Instant
  /** Only facts recorded at or before this count; null for all there are. */
  readonly asOf: Instant | null
  /** Null for every template. */
  readonly template: string | null
  /** The instant of looking: `asOf`, or now. Crews and windows are told as of then. */
  readonly lookedAt: Instant
  /** How long after a due point of a template its window stays open. */
  readonly windows: DueWindows
  /** How long a meter counts as newly installed. */
  readonly newMeterMs: number
}

/** A million points are few enough for two workers and too many for one, which the planner's guess of their number hides from it. */
export function inSnapshot<T>(database: Database, act: (tx: Queryable) => Promise<T>): Promise<T> {
  return database.transaction(
    async (tx) => {
      await tx.execute('set local jit = off')
      await tx.execute('set local parallel_tuple_cost = 0.001')
      return act(tx)
    },
    { isolation: 'repeatable read' },
  )
}

/** What the points of a span are judged by: parameters $1 to $6, as in judged-points.ts. */
export async function judgedBy(tx: Queryable, span: AccountSpan): Promise<readonly Parameter[]> {
  const { after, through, asOf, template, windows } = span
  const tally = await latestTally(tx, span)
  const known = asOf === null ? 'infinity' : toTimestamptz(asOf)
  const tallied = tally === null ? null : toTimestamptz(tally)
  return [toTimestamptz(after), toTimestamptz(through), known, template, tallied, toWindowsJson(windows)]
}

/** The same, and what explains them: $7 and $8, as in evidence-sql.ts. */
export async function explainedBy(tx: Queryable, span: AccountSpan): Promise<readonly Parameter[]> {
  return [...(await judgedBy(tx, span)), span.newMeterMs, toTimestamptz(span.lookedAt)]
}
