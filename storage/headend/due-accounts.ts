import type { Instant } from '../../domain/time.js'
import type { Database, Parameter, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { isUntallied, judgedSql } from './judged-points.js'
import { latestTally } from './night-tallies.js'

/** How a due point stands; each is in exactly one of them at any instant. `first_pass` and `retried` together are "read". */
export const dueOutcomeNames = [
  'first_pass',
  'retried',
  'back_filled',
  'field_read',
  'estimated',
  'exempt',
  'open',
] as const
export type DueOutcome = (typeof dueOutcomeNames)[number]

/** Why nothing is wanted of an exempt point any more. */
export type Excuse = 'meter_removed' | 'supply_suspended' | 'planned_outage' | 'granted'

/**
 * What is wrong with a meter in the tables of concentrators (as in domain/meter-tables.ts), or that another concentrator than its own
 * brought it.
 */
export const tableFaults = [
  'duplicate',
  'unknown_to_registry',
  'missing_in_concentrator',
  'reported_elsewhere',
] as const
export type TableFault = (typeof tableFaults)[number]

/** Facts that may explain why a due point was not read at the first pass; equal ones are counted together. */
export interface Evidence {
  readonly template: string
  readonly excuse: Excuse | null
  /** Causes of failed attempts before the point was served, each once, sorted. */
  readonly causes: readonly string[]
  /** The meter said a day or more after the midnight that its memory does not hold it. */
  readonly lateNoFreeze: boolean
  /** An outage that was foretold overlaps the window of the point. */
  readonly plannedOutage: boolean
  /** The window of the point was over, or would have been, at the instant of looking. */
  readonly windowOver: boolean
  /** Somebody tried the line in the window: an attempt, a reading or sums of traffic. */
  readonly attended: boolean
  /** A neighbour on the line was read in the window. */
  readonly neighbourRead: boolean
  /** More than this one meter was due on the line. */
  readonly hasNeighbours: boolean
  readonly concentrator: boolean
  /** The concentrator was there in the window, and not lost at its end. */
  readonly contact: boolean
  /** Where concentrators and the registry disagree about the meter. */
  readonly tableFault: TableFault | null
  /** A check of the meter's clock found it wrong. Told of meters behind concentrators only: on a line the stamp itself shows it. */
  readonly clockDoubt: boolean
  /** Installed a short while ago and never read since. */
  readonly neverRead: boolean
  readonly served: boolean
}

/** By what due points are added up. */
export type DuePlace = 'line' | 'area' | 'organisation'

/** Where due points belong: one bus or concentrator, one transformer area, one organisation; of sums only what they were added up by. */
export interface DueCell {
  readonly readAt: Instant
  readonly template: string
  readonly lineCode: string | null
  readonly lineKind: string | null
  readonly areaCode: string | null
  readonly organisationId: bigint | null
  /** Crew that owns the area as of the instant of looking. */
  readonly crewCode: string | null
}

/** Due points of one cell that stand alike. */
export interface DueGroup extends DueCell {
  readonly points: number
  readonly outcome: DueOutcome
  readonly evidence: Evidence
  /** Nightly windows with a failed attempt. */
  readonly failedWindows: number
  readonly fieldOrder: { readonly dueAt: Instant; readonly outcome: string | null } | null
}

export interface DueAccounts {
  /** Due points by cell, all of them. */
  readonly due: readonly (DueCell & { readonly points: number })[]
  /** Those that were not read at the first pass; whatever is not here was. */
  readonly gap: readonly DueGroup[]
}

export interface AccountSpan {
  /** Exclusive. */
  readonly after: Instant
  /** Inclusive: the midnight that closes a day belongs to it. */
  readonly through: Instant
  /** Only facts recorded at or before this count; null for all there are. */
  readonly asOf: Instant | null
  /** Null for every template. */
  readonly template: string | null
  /** How long after a due point its window stays open. */
  readonly windowMs: number
  /** How long a meter counts as newly installed. */
  readonly newMeterMs: number
}

/**
 * Every due point of a span, as of an instant, counted by where it belongs and how it stands. The mass of points that were read at once
 * is only counted; evidence is gathered for the others. One snapshot, so that both sums hold while the head-end writes on.
 * @param place by what all due points are added up; anything but the line costs a join over those of a night that is not tallied.
 */
export async function dueAccounts(database: Database, span: AccountSpan, place: DuePlace): Promise<DueAccounts> {
  const rows = await inSnapshot(database, async (tx) =>
    tx.query<AccountRow>(accountsSql(place), [...(await judgedBy(tx, span)), span.windowMs, span.newMeterMs]),
  )
  return {
    due: rows.filter(({ outcome }) => outcome === null).map((row) => ({ ...toCell(row), points: row.points })),
    gap: rows.flatMap((row) => (row.outcome === null ? [] : [toGroup(row, row.outcome)])),
  }
}

/** One due point that was not read at the first pass. */
export interface GapPoint extends DueGroup {
  readonly meterId: bigint
  readonly meterCode: string
  readonly usagePointCode: string
}

export interface GapPage {
  /** Only points that have neither a value nor an excuse. */
  readonly openOnly: boolean
  /** Null for all, '' for what no crew owns. */
  readonly crew: string | null
  readonly behind: { readonly readAt: Instant; readonly meterId: bigint; readonly template: string } | null
  readonly limit: number
}

/** Points of a span one by one, the newest first and then by meter and template, at most `limit` behind `behind`; all of them without a page. */
export async function gapPoints(
  database: Database,
  span: AccountSpan,
  page: GapPage = { openOnly: false, crew: null, behind: null, limit: 2 ** 31 - 1 },
): Promise<readonly GapPoint[]> {
  const { openOnly, crew, behind, limit } = page
  const rows = await inSnapshot(database, async (tx) =>
    tx.query<PointRow>(gapPointsSql, [
      ...(await judgedBy(tx, span)),
      span.windowMs,
      span.newMeterMs,
      crew,
      behind === null ? null : toTimestamptz(behind.readAt),
      behind === null ? null : behind.meterId,
      behind === null ? null : behind.template,
      limit,
      openOnly,
    ]),
  )
  return rows.map((row) => ({
    ...toGroup(row, row.outcome),
    meterId: row.meter_id,
    meterCode: row.meter_code,
    usagePointCode: row.usage_point_code,
  }))
}

type PointRow = AccountRow & {
  readonly outcome: DueOutcome
  readonly meter_id: bigint
  readonly meter_code: string
  readonly usage_point_code: string
}

/** A due point that stood otherwise at a later instant. */
export interface MovedDuePoint {
  readonly meterCode: string
  readonly template: string
  readonly readAt: Instant
  /** Null when the point was laid down between the two instants. */
  readonly before: DueOutcome | null
  readonly after: DueOutcome
}

/** What moved between two instants: the points whose outcome differs, in order of instant and meter. */
export async function movedDuePoints(
  database: Database,
  span: AccountSpan,
  later: Instant,
): Promise<readonly MovedDuePoint[]> {
  const [before, after] = await inSnapshot(database, async (tx) => {
    const at = async (asOf: Instant | null) =>
      tx.query<StandingRow>(standingsSql, await judgedBy(tx, { ...span, asOf }))
    return [await at(span.asOf), await at(later)]
  })
  const earlier = new Map(before.map((row) => [standingKey(row), row]))
  const laterOnes = new Map(after.map((row) => [standingKey(row), row]))
  const laidBetween = (row: StandingRow): boolean => span.asOf !== null && row.laid_at > span.asOf
  const standing = (row: StandingRow | undefined): DueOutcome => row?.outcome ?? 'first_pass'
  const keys = [...new Set([...earlier.keys(), ...laterOnes.keys()])]
  return keys.flatMap((key) => {
    const [old, young] = [earlier.get(key), laterOnes.get(key)]
    const row = young ?? old
    if (row === undefined) return []
    const moved = {
      meterCode: row.meter_code,
      template: row.template,
      readAt: row.read_at,
      before: laidBetween(row) ? null : standing(old),
      after: standing(young),
    }
    return moved.before === moved.after ? [] : [moved]
  })
}

interface StandingRow {
  readonly meter_id: bigint
  readonly meter_code: string
  readonly template: string
  readonly read_at: Instant
  readonly laid_at: Instant
  readonly outcome: DueOutcome
}

function standingKey({ meter_id, template, read_at }: StandingRow): string {
  return `${read_at} ${meter_id} ${template}`
}

/** A million points are few enough for two workers and too many for one, which the planner's guess of their number hides from it. */
function inSnapshot<T>(database: Database, act: (tx: Queryable) => Promise<T>): Promise<T> {
  return database.transaction(
    async (tx) => {
      await tx.execute('set local jit = off')
      await tx.execute('set local parallel_tuple_cost = 0.001')
      return act(tx)
    },
    { isolation: 'repeatable read' },
  )
}

/** What the points of a span are judged by. */
async function judgedBy(tx: Queryable, span: AccountSpan): Promise<readonly Parameter[]> {
  const { after, through, asOf, template } = span
  const tally = await latestTally(tx, span)
  const known = asOf === null ? 'infinity' : toTimestamptz(asOf)
  return [toTimestamptz(after), toTimestamptz(through), known, template, tally === null ? null : toTimestamptz(tally)]
}

interface AccountRow {
  readonly read_at: Instant
  readonly template: string
  readonly line_code: string | null
  readonly line_kind: string | null
  readonly area_code: string | null
  readonly organisation_id: bigint | null
  readonly crew_code: string | null
  readonly points: number
  readonly outcome: DueOutcome | null
  readonly excuse: Excuse | null
  readonly causes: readonly string[] | null
  readonly late_no_freeze: boolean
  readonly planned_outage: boolean
  readonly window_over: boolean
  readonly attended: boolean
  readonly neighbour_read: boolean
  readonly has_neighbours: boolean
  readonly contact: boolean
  readonly table_fault: TableFault | null
  readonly clock_doubt: boolean
  readonly never_read: boolean
  readonly served: boolean
  readonly failed_windows: number
  readonly order_due_at: Instant | null
  readonly order_outcome: string | null
}

function toCell(row: AccountRow): DueCell {
  return {
    readAt: row.read_at,
    template: row.template,
    lineCode: row.line_code,
    lineKind: row.line_kind,
    areaCode: row.area_code,
    organisationId: row.organisation_id,
    crewCode: row.crew_code,
  }
}

function toGroup(row: AccountRow, outcome: DueOutcome): DueGroup {
  return {
    ...toCell(row),
    points: row.points,
    outcome,
    failedWindows: row.failed_windows,
    fieldOrder: row.order_due_at === null ? null : { dueAt: row.order_due_at, outcome: row.order_outcome },
    evidence: {
      template: row.template,
      excuse: row.excuse,
      causes: row.causes ?? [],
      lateNoFreeze: row.late_no_freeze,
      plannedOutage: row.planned_outage,
      windowOver: row.window_over,
      attended: row.attended,
      neighbourRead: row.neighbour_read,
      hasNeighbours: row.has_neighbours,
      concentrator: row.line_kind === 'mqtt_concentrator',
      contact: row.contact,
      tableFault: row.table_fault,
      clockDoubt: row.clock_doubt,
      neverRead: row.never_read,
      served: row.served,
    },
  }
}

// Parameters as in judged-points.ts, then $6 window in ms, $7 how long a meter is new in ms; of a page $8 crew, $9 to $11 behind which
// point, $12 limit, $13 whether only what is open.

/** One key column at a time: the planner knows how few they are, and lets each worker add up its own share. */
const placeColumns = { line: 'line_id', area: 'transformer_area_id', organisation: 'organisation_id' } as const

/** Due points by one column: of a tallied midnight by its cells and what was laid down since, of all others one by one. */
function countedSql(place: DuePlace): string {
  const column = placeColumns[place]
  const from = place === 'line' ? 'due_read d' : 'due_read d join usage_point u using (usage_point_id)'
  const key = place === 'line' ? 'd.line_id' : `u.${column}`
  const counted = (condition: string): string => `
     select d.template, d.read_at, ${key}, count(*)::integer as points
       from ${from}
      where ${condition} and d.recorded_at <= $3 and ($4::text is null or d.template = $4)
      group by d.template, d.read_at, ${key}`
  return `${counted(isUntallied('d.read_at'))}
     union all ${counted('d.read_at = $2 and d.recorded_at > $5')}
     union all
     select template, read_at, ${column}, sum(points)::integer
       from night_tally_cell where read_at = $2 and tallied_at = $5 and ($4::text is null or template = $4)
      group by template, read_at, ${column}`
}

/** Due points by line, which is also what a line's evidence is measured against. */
const cellSql = `
  cell as materialized (${countedSql('line')})`

function placeSql(place: DuePlace): string {
  const counted = place === 'line' ? 'cell' : `(${countedSql(place)}) d`
  const keys = Object.entries(placeColumns).map(([each, column]) =>
    each === place ? column : `null::bigint as ${column}`,
  )
  return `
  place as materialized (
    select template, read_at, ${keys.join(', ')}, points from ${counted})`
}

/** What a whole line tells of each of its points. */
const evidenceSql = `
  night as materialized (
    select g.line_id, g.template, g.read_at,
           due.points > 1 as has_neighbours,
           due.points > g.missed as neighbour_read,
           due.points > g.missed or coalesce(g.first_failed_at <= g.window_end, false)
             or exists (select from line_statistics s
                         where s.line_id = g.line_id and s.window_start >= g.read_at and s.window_start < g.window_end
                           and s.recorded_at <= $3) as attended,
           l.kind = 'mqtt_concentrator' as concentrator,
           case when l.kind = 'mqtt_concentrator' then (select there from concentrator_presence($3, g.line_id, g.read_at, g.window_end))
                else false end as contact
      from (select line_id, template, read_at, read_at + $6 * interval '1 millisecond' as window_end, min(first_failed_at) as first_failed_at,
                   count(*) filter (where outcome <> 'first_pass'
                                      and not (outcome = 'retried' and served_at <= read_at + $6 * interval '1 millisecond')) as missed
              from judged group by line_id, template, read_at) g
      join (select line_id, template, read_at, sum(points) as points from cell group by line_id, template, read_at) due
     using (line_id, template, read_at)
      join line l using (line_id)),
  -- Materialised before anything is picked out of it: how few the planner takes the points to be must not make it compare each with each line.
  placed as materialized (
    select j.*, n.attended, n.neighbour_read, n.has_neighbours, n.concentrator, n.contact
      from judged j join night n using (line_id, template, read_at) where j.outcome <> 'first_pass'),
  fault as materialized (
    select line_id, meter_id from concentrator_table_fault
     where reported_at > $1 and reported_at <= least($3, $2::timestamptz + interval '1 day')),
  explained as (
    select j.meter_id, j.template, j.read_at, j.usage_point_id, j.line_id, u.transformer_area_id, u.organisation_id, j.outcome, j.excuse, j.causes,
           coalesce(j.late_no_freeze, false) as late_no_freeze, least(j.failed_windows, 9) as failed_windows,
           $3::timestamptz >= j.read_at + $6 * interval '1 millisecond' as window_over,
           j.attended, j.neighbour_read, j.has_neighbours, j.contact, j.served_at is not null as served,
           exists (select from planned_outage o
                    where o.recorded_at <= least($3, o.starts_at) and (o.line_id = j.line_id or o.transformer_area_id = u.transformer_area_id)
                      and o.starts_at <= j.read_at + $6 * interval '1 millisecond' and o.ends_at > j.read_at) as planned_outage,
           coalesce(case when j.concentrator
                         then (select fault from concentrator_table_state($3, j.read_at + $6 * interval '1 millisecond', j.line_id, j.meter_id)) end,
                    case when (j.line_id, j.meter_id) in (select line_id, meter_id from fault) then 'reported_elsewhere' end) as table_fault,
           case when j.concentrator then (select doubted from clock_doubt_as_of($3, j.meter_id, j.read_at)) else false end as clock_doubt,
           case when exists (select from installation_timeline t
                              where t.meter_id = j.meter_id and t.recorded_at <= $3
                                and t.effective_from > j.read_at - $7 * interval '1 millisecond')
                then not exists (select from reading r
                                  where r.meter_id = j.meter_id and r.quantity = 1 and r.read_at <= j.read_at
                                    and r.read_at > j.read_at - $7 * interval '1 millisecond' and r.recorded_at <= $3
                                    and r.recorded_at <= j.read_at + $6 * interval '1 millisecond')
                else false end as never_read,
           o.due_at as order_due_at, q.outcome as order_outcome
      from placed j
      join usage_point u using (usage_point_id)
      left join field_order o on j.outcome = 'open' and o.meter_id = j.meter_id and o.read_at = j.read_at and o.recorded_at <= $3
      left join field_order_result q on q.field_order_id = o.field_order_id and q.recorded_at <= $3)`

/** Crews own areas as of the instant of looking. */
const ownerSql = `
  owner as materialized (
    select a.transformer_area_id, a.code as area_code, c.code as crew_code
      from transformer_area a
      left join lateral (
        select t.crew_id from crew_area_timeline t
         where t.transformer_area_id = a.transformer_area_id and t.recorded_at <= $3 and t.effective_from <= $3
           and (t.effective_to is null or t.effective_to > $3)
           and not exists (select from crew_area_timeline n where n.transformer_area_id = t.transformer_area_id
                              and n.revision > t.revision and n.recorded_at <= $3)) t on true
      left join crew c using (crew_id))`

const evidenceColumns = `outcome, excuse, causes, late_no_freeze, planned_outage, window_over, attended, neighbour_read, has_neighbours,
           contact, table_fault, clock_doubt, never_read, served, failed_windows, order_due_at, order_outcome`

function accountsSql(place: DuePlace): string {
  return `with ${judgedSql}, ${cellSql}, ${placeSql(place)}, ${evidenceSql}, ${ownerSql},
  counted as (
    select template, read_at, line_id, transformer_area_id, organisation_id, count(*)::integer as points, ${evidenceColumns}
      from explained
     group by template, read_at, line_id, transformer_area_id, organisation_id, ${evidenceColumns}
    union all
    select template, read_at, line_id, transformer_area_id, organisation_id, points, null, null, null, false, false, false, false, false, false,
           false, null, false, false, false, 0, null, null
      from place)
  select n.*, l.code as line_code, l.kind as line_kind, w.area_code, w.crew_code
    from counted n left join line l using (line_id) left join owner w using (transformer_area_id)
   order by n.read_at, l.code, w.area_code, n.organisation_id, n.outcome, n.causes`
}

const gapPointsSql = `with ${judgedSql}, ${cellSql}, ${evidenceSql}, ${ownerSql}
  select e.*, 1 as points, l.code as line_code, l.kind as line_kind, w.area_code, w.crew_code,
         m.code as meter_code, p.code as usage_point_code
    from explained e join line l using (line_id) join owner w using (transformer_area_id)
    join meter m using (meter_id) join usage_point p using (usage_point_id)
   where (not $13 or e.outcome = 'open') and ($8::text is null or coalesce(w.crew_code, '') = $8)
     and ($9::timestamptz is null or e.read_at < $9 or e.read_at = $9 and (e.meter_id, e.template) > ($10, $11))
   order by e.read_at desc, e.meter_id, e.template limit $12`

const standingsSql = `with ${judgedSql}
  select j.meter_id, m.code as meter_code, j.template, j.read_at, j.laid_at, j.outcome
    from judged j join meter m using (meter_id)
   order by j.read_at, j.meter_id, j.template`
