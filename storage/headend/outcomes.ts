import { groupBy } from '../../domain/group-by.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { dueAccounts } from './due-accounts.js'
import type { DueCell, DueOutcome } from './due-points.js'
import { type DueWindows, usualWindows } from './due-windows.js'

/** What became of the due points of one line and one midnight, as of now. The outcomes exclude each other; their sum is `due`. */
export interface DueOutcomes {
  readonly lineCode: string
  readonly readAt: Instant
  readonly due: number
  /** Read as planned, at the first attempt. */
  readonly firstPass: number
  /** Read as planned after at least one failed attempt. */
  readonly retried: number
  /** Fetched later from the meter's freeze memory. */
  readonly backFilled: number
  /** Read by a person under a field order (补抄). */
  readonly fieldRead: number
  readonly estimated: number
  /** A person entered the value in the exception queue. */
  readonly corrected: number
  /** A value came and is in doubt: a person has to decide. */
  readonly held: number
  /** Nothing is wanted of it any more, for a reason on record. */
  readonly exempt: number
  readonly open: number
}

/** Outcomes of the daily freezes due in [from, to), ordered by line code and midnight; of all that is known. `windows` are those of the plan. */
export async function dueOutcomes(
  database: Database,
  span: { readonly from: Instant; readonly to: Instant; readonly windows?: DueWindows },
): Promise<readonly DueOutcomes[]> {
  // Instants are whole milliseconds, so the half-open span of one kind is that of the other, a millisecond earlier.
  const { due, gap } = await dueAccounts(
    database,
    {
      after: span.from - 1,
      through: span.to - 1,
      asOf: null,
      template: 'daily_freeze',
      lookedAt: span.to,
      windows: span.windows ?? usualWindows,
      newMeterMs: dayMs,
    },
    'line',
  )
  const gaps = groupBy(gap, keyOf)
  return due.toSorted(byLineThenMidnight).map((cell) => {
    const missed = gaps.get(keyOf(cell)) ?? []
    const of = (outcome: DueOutcome) => sum(missed.filter((group) => group.outcome === outcome))
    return {
      lineCode: cell.lineCode ?? '',
      readAt: cell.readAt,
      due: cell.points,
      firstPass: cell.points - sum(missed),
      retried: of('retried'),
      backFilled: of('back_filled'),
      fieldRead: of('field_read'),
      estimated: of('estimated'),
      corrected: of('corrected'),
      held: of('held'),
      exempt: of('exempt'),
      open: of('open'),
    }
  })
}

function byLineThenMidnight(a: DueCell, b: DueCell): number {
  const [left, right] = [a.lineCode ?? '', b.lineCode ?? '']
  return left < right ? -1 : Number(left > right) || a.readAt - b.readAt
}

function keyOf({ lineCode, readAt }: DueCell): string {
  return `${lineCode} ${readAt}`
}

function sum(groups: readonly { readonly points: number }[]): number {
  return groups.reduce((total, { points }) => total + points, 0)
}

/** Frames and bytes of one line over all windows that began in a span. */
export interface LineTraffic {
  readonly lineCode: string
  readonly requests: bigint
  readonly replies: bigint
  readonly bytesOut: bigint
  readonly bytesIn: bigint
  readonly damaged: bigint
  readonly refused: bigint
  readonly repaired: bigint
  readonly timeouts: bigint
}

interface TrafficRow {
  readonly line_code: string
  readonly requests: bigint
  readonly replies: bigint
  readonly bytes_out: bigint
  readonly bytes_in: bigint
  readonly damaged: bigint
  readonly refused: bigint
  readonly repaired: bigint
  readonly timeouts: bigint
}

/** Sums of line statistics whose window began in [from, to), for every line, ordered by its code. */
export async function lineTraffic(
  queryable: Queryable,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<readonly LineTraffic[]> {
  const rows = await queryable.query<TrafficRow>(
    `select l.code as line_code,
            coalesce(sum(s.requests), 0)::bigint as requests, coalesce(sum(s.replies), 0)::bigint as replies,
            coalesce(sum(s.bytes_out), 0)::bigint as bytes_out, coalesce(sum(s.bytes_in), 0)::bigint as bytes_in,
            coalesce(sum(s.damaged), 0)::bigint as damaged, coalesce(sum(s.refused), 0)::bigint as refused,
            coalesce(sum(s.repaired), 0)::bigint as repaired, coalesce(sum(s.timeouts), 0)::bigint as timeouts
       from line l
       left join line_statistics s on s.line_id = l.line_id and s.window_start >= $1 and s.window_start < $2
      group by l.code order by l.code`,
    [toTimestamptz(span.from), toTimestamptz(span.to)],
  )
  return rows.map(({ line_code, bytes_out, bytes_in, ...sums }) => ({
    lineCode: line_code,
    bytesOut: bytes_out,
    bytesIn: bytes_in,
    ...sums,
  }))
}
