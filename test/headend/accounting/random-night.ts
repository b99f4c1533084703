import { createSeededRandom } from '../../../domain/seeded-random.js'
import { beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import { layDueReads } from '../../../storage/headend/due-reads.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { plantApprovers } from '../../support/people.js'

export const midnight = beijing.startOfDay('2026-07-02')
export const day = { after: midnight - dayMs, through: midnight }
export const meterCount = 60
export const historySeed = 20260702

/** A statement that becomes known at an instant. */
export interface Fact {
  readonly at: Instant
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** Whatever may happen to due points, by seed: readings of every source, failures, estimates, excuses, each at a moment of its own. */
export function factsOf(seed: number): readonly Fact[] {
  const random = createSeededRandom(seed)
  const facts: Fact[] = []
  for (let meter = 1; meter <= meterCount; meter += 1) {
    const moment = (name: string): Instant => midnight + random.below(5 * 24 * 60, name, meter) * minuteMs + 1
    const happens = (percent: number, name: string): boolean => random.below(100, `${name}?`, meter) < percent
    const add = (at: Instant, sql: string, ...values: readonly (string | number)[]): number =>
      facts.push({ at, sql, values })
    if (happens(70, 'reading')) {
      const at = moment('reading')
      add(
        at,
        `insert into reading (meter_id, quantity, read_at, total_e4, source, line_id, frame_received_at, recorded_at)
         values ($1, 1, $2, 1, $3, 1, $4, $4)`,
        meter,
        toTimestamptz(midnight),
        at < midnight + dayMs ? 1 + 2 * random.below(2, 'source', meter) : 2,
        toTimestamptz(at),
      )
    }
    if (happens(20, 'live')) {
      const after = random.below(20, 'live', meter) * minuteMs + 1
      add(
        midnight + after,
        `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, 1, 4, $2)`,
        meter,
        toTimestamptz(midnight + after),
      )
    }
    for (let attempt = 1; attempt <= random.below(4, 'attempts', meter); attempt += 1) {
      const causes = ['no_reply', 'damaged', 'refused', 'no_freeze', 'wrong_stamp', 'window_over', 'line_down']
      const at = moment(`attempt ${attempt}`)
      add(
        at,
        `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at) values ($1, $2, $3, $4, $5, $5)`,
        meter,
        toTimestamptz(midnight),
        attempt,
        causes[random.below(causes.length, 'cause', meter, attempt)] ?? 'no_reply',
        toTimestamptz(at),
      )
    }
    if (happens(15, 'noted')) {
      const at = moment('noted')
      add(
        at,
        `insert into manual_reading (meter_id, quantity, read_at, total_e4, source, document, recorded_at, actor_id)
         values ($1, 1, $2, 1, 5, 'sheet', $3, 'system')`,
        meter,
        toTimestamptz(midnight),
        toTimestamptz(at),
      )
    }
    for (const [revision, verdict] of [...(['estimated', 'held'] as const)].entries()) {
      if (!happens(25, verdict)) continue
      const at = moment(verdict)
      add(
        at,
        `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, rules, reason, recorded_at)
         values ($1, 1, $2, $3, $4::text, case when $4::text = 'held' then null else 1 end, '{}', '', $5)`,
        meter,
        toTimestamptz(midnight),
        revision + 1,
        verdict,
        toTimestamptz(at),
      )
    }
    if (happens(10, 'suspended'))
      add(
        moment('suspended'),
        `insert into suspension_timeline values ($1, 1, $2, null, 'sheet', $3, 'system', '')`,
        meter,
        toTimestamptz(midnight - hourMs),
        toTimestamptz(moment('suspended')),
      )
    if (happens(15, 'exemption')) {
      const asked = moment('exemption')
      add(
        asked,
        `insert into due_exemption values ($1, $2, $3, $4, 'flooded', 'sheet', 'system', $5)`,
        `exemption-${meter}`,
        meter,
        toTimestamptz(midnight),
        toTimestamptz(midnight + 1),
        toTimestamptz(asked),
      )
      if (happens(60, 'granted'))
        add(
          asked + hourMs,
          `insert into due_exemption_approval values ($1, 'second', $2)`,
          `exemption-${meter}`,
          toTimestamptz(asked + hourMs),
        )
    }
  }
  return facts.toSorted((a, b) => a.at - b.at)
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** Four lines in two areas of two counties of one city, one of them a concentrator. */
export async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const [owner, reader] = [databases.as('owner'), databases.as('reader')]
  const metersOf = (line: number) =>
    Array.from({ length: meterCount }, (_, index) => index + 1).filter((meter) => meter % 4 === line)
  await plantRegistry(
    owner,
    [0, 1, 2, 3].map((line) => ({
      lineId: line + 1,
      code: `line-${line + 1}`,
      kind: line === 3 ? ('mqtt_concentrator' as const) : ('dlt645_tcp' as const),
      settings: {},
      meters: metersOf(line),
    })),
  )
  const since = `'2026-06-01 00:00+08'`
  await plantApprovers(owner, ['second', 'third'])
  await owner.execute(
    `insert into organisation values (2, 'city', null, 'c', 'city', 'Asia/Shanghai', 'CNY', 2), (3, 'county-b', 2, 'c', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute('update organisation set parent_id = 2 where organisation_id = 1')
  await owner.execute(`insert into transformer_area values (2, 3, 'area-b', 'area')`)
  await owner.execute(
    'update usage_point set transformer_area_id = 2, organisation_id = 3 where usage_point_id % 3 = 0',
  )
  await owner.execute(`insert into crew values (1, 1, 'crew-a', 'a'), (2, 3, 'crew-b', 'b')`)
  await owner.execute(`insert into crew_area_timeline values (2, 1, ${since}, null, 2, ${since}, 'system', '')`)
  await ensureTimePartitions(owner, midnight - 14 * dayMs, midnight + 14 * dayMs)
  await layDueReads(databases.as('headend'), { midnight, timeZone: 'Asia/Shanghai', recordedAt: midnight })
  return { owner, reader, headend: databases.as('headend') }
}

export const outcomeFields = [
  'firstPass',
  'retried',
  'backFilled',
  'fieldRead',
  'estimated',
  'corrected',
  'held',
  'exempt',
  'open',
] as const

/** The same sums by another hand: point by point, in plain SQL, without any of the product's views or functions. */
export async function recomputed(reader: Database, asOf: Instant): Promise<Readonly<Record<string, number>>> {
  const rows = await reader.query<{ readonly state: string; readonly points: number }>(
    `select state, count(*)::integer as points from (
       select case
           when decided.verdict = 'estimated' then 'estimated'
           when decided.verdict = 'held' and first.source is not null then 'held'
           when first.source is null and (
                exists (select from suspension_timeline s where s.usage_point_id = d.usage_point_id and s.recorded_at <= $2 and s.effective_from < d.read_at)
             or exists (select from due_exemption e, due_exemption_approval a where a.exemption_id = e.exemption_id and e.meter_id = d.meter_id
                          and a.recorded_at <= $2)) then 'exempt'
           when decided.verdict = 'held' then 'held'
           when first.source is null then 'open'
           when first.source = 5 then 'fieldRead'
           when first.source = 2 or first.recorded_at > d.read_at + interval '6 hours' then 'backFilled'
           when (select count(*) from failed_read f where f.meter_id = d.meter_id and f.failed_at <= first.recorded_at) > 0 then 'retried'
           else 'firstPass'
         end as state
         from due_read d
         left join lateral (
           select c.source, c.recorded_at from (
             select source, recorded_at from reading r where r.meter_id = d.meter_id
                and (r.read_at = d.read_at or r.source = 4 and r.read_at - d.read_at between interval '0' and interval '15 minutes')
             union all
             select source, recorded_at from manual_reading m where m.meter_id = d.meter_id and m.read_at = d.read_at) c
            where c.recorded_at <= $2 order by c.recorded_at, c.source limit 1) first on true
         left join lateral (
           select verdict from validation_decision v
            where v.meter_id = d.meter_id and v.read_at = d.read_at and v.recorded_at <= $2 order by revision desc limit 1) decided on true
        where d.read_at = $1 and d.recorded_at <= $2) judged
      group by state`,
    [toTimestamptz(midnight), toTimestamptz(asOf)],
  )
  return Object.fromEntries(rows.map(({ state, points }) => [state, points]))
}

/** Values of some meters for the midnight, stored at an instant. */
export async function storeAt(owner: Database, meters: readonly number[], at: Instant): Promise<void> {
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, line_id, frame_received_at, recorded_at)
     select m, 1, $1, 1, 1, 1, $2, $2 from unnest($3::bigint[]) m`,
    [toTimestamptz(midnight), toTimestamptz(at), meters.map(String)],
  )
}

export const allMeters = Array.from({ length: meterCount }, (_, index) => index + 1)
