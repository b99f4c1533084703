import type { Instant } from '../../domain/time.js'
import type { TouTables, TouUse } from '../../domain/tou-tables.js'
import { type SetsInUse, setsInUse } from './slots-of-meter.js'

/** Tables as reads from the first to the last found them; reads between said the same. */
export interface SeenTables {
  /** Names the tables: equal ones have equal digests. */
  readonly digest: string
  readonly tables: TouTables
  readonly use: TouUse
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

/**
 * How sure it is what a meter counts by.
 * - `seen`: reads before and after say the same.
 * - `changed_between_reads`: the read before says one thing and the read after another; nobody knows since when.
 * - `since_last_read`: nobody has looked since; a planned change-over is taken to happen.
 * - `before_first_read`: nobody had looked yet.
 */
export type Certainty = 'seen' | 'changed_between_reads' | 'since_last_read' | 'before_first_read'

/** A stretch [from, to) in which a meter counted by one of these tables and sets, as far as anybody knows. */
export interface Belief {
  readonly from: Instant
  readonly to: Instant
  readonly certainty: Certainty
  /** Two where the reads before and after differ; none before the first read. */
  readonly candidates: readonly Candidate[]
}

export interface Candidate {
  readonly seen: SeenTables
  readonly inUse: SetsInUse
}

/** What a meter counted by over [from, to), in order of time; within each stretch no set takes over. `seen` in order of time. */
export function beliefsOf(seen: readonly SeenTables[], from: Instant, to: Instant): readonly Belief[] {
  const [first] = seen
  const last = seen.at(-1)
  if (first === undefined || last === undefined)
    return clipped([{ from, to, certainty: 'before_first_read', candidates: [] }], from, to)
  const known = seen.flatMap((each, index): readonly Belief[] => {
    const next = seen[index + 1]
    const steady: Belief = {
      from: each.firstSeenAt,
      to: each.lastSeenAt,
      certainty: 'seen',
      candidates: [{ seen: each, inUse: each.use }],
    }
    return next === undefined ? [steady] : [steady, ...between(each, next)]
  })
  const before: Belief = { from, to: first.firstSeenAt, certainty: 'before_first_read', candidates: [] }
  return clipped([before, ...known, ...since(last, to)], from, to)
}

function between(before: SeenTables, after: SeenTables): readonly Belief[] {
  const [from, to] = [before.lastSeenAt, after.firstSeenAt]
  return cut(from, to, [before, after]).map(([start, end]) => ({
    from: start,
    to: end,
    certainty: 'changed_between_reads',
    candidates: [
      { seen: before, inUse: setsInUse({ use: before.use, readAt: from }, start) },
      { seen: after, inUse: setsInUse({ use: after.use, readAt: to }, start) },
    ],
  }))
}

function since(last: SeenTables, to: Instant): readonly Belief[] {
  const from = last.lastSeenAt
  return cut(from, to, [last]).map(([start, end]) => ({
    from: start,
    to: end,
    certainty: 'since_last_read',
    candidates: [{ seen: last, inUse: setsInUse({ use: last.use, readAt: from }, start) }],
  }))
}

/** [from, to) cut where a set takes over. */
function cut(from: Instant, to: Instant, seen: readonly SeenTables[]): readonly (readonly [Instant, Instant])[] {
  if (from >= to) return []
  const switches = seen.flatMap(({ use }) => [use.zoneSwitchAt, use.daySwitchAt])
  const inside = switches.filter((at) => at !== null && at > from && at < to).filter((at) => at !== null)
  const starts = [from, ...[...new Set(inside)].sort((left, right) => left - right)]
  return starts.map((start, index) => [start, starts[index + 1] ?? to] as const)
}

function clipped(beliefs: readonly Belief[], from: Instant, to: Instant): readonly Belief[] {
  return beliefs
    .map((belief) => ({ ...belief, from: Math.max(belief.from, from), to: Math.min(belief.to, to) }))
    .filter((belief) => belief.from < belief.to)
}
