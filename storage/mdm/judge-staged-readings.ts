import { readingSources } from '../../domain/reading.js'
import { quantities } from '../../domain/quantities.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Columns of a file by quantity and register, as faults name them. */
export type RegisterFields = ReadonlyMap<number, readonly string[]>

/**
 * Finds the meter of each staged row, and adds to the faults whatever the registry says against it: a code that is not there, a meter that
 * hung elsewhere or nowhere at the instant, two that did, an instant to come, a value that no display of that meter shows, two values for
 * one key. Instants in `found` and `expected` are ISO 8601; what is right is for the caller to say.
 */
export async function findStagedFaults(tx: Transaction, now: Instant, fields: RegisterFields): Promise<void> {
  await tx.execute(saidTwice)
  await tx.execute('analyze staged_row, staged_value')
  await tx.execute(placedRows)
  await tx.execute('create unique index on placed_row (sheet, line)')
  await tx.execute('analyze placed_row')
  await tx.execute(unknownCodes)
  await tx.execute(stillToCome, [toTimestamptz(now)])
  await tx.execute(notThere)
  await tx.execute(twoMeters)
  await tx.execute(outsideDisplay(fields))
  await tx.execute(twoValues(fields))
}

/** A cell that could not be read lacks nothing; some of them are known when their row has gone by. */
const saidTwice = `
  delete from staged_fault f using staged_fault o
   where (o.sheet, o.line, o.field) = (f.sheet, f.line, f.field) and f.code = 'missing_cell' and o.code <> 'missing_cell'`

/** A meter belongs to a place from the instant it was hung until it was taken down, both ends included: registers are noted at either. */
const placedRows = `
  create temporary table placed_row on commit drop as
  with hung as (
         select t.usage_point_id, t.meter_id, t.effective_from, coalesce(t.effective_to, 'infinity') as effective_to
           from installation_timeline t
           join (select usage_point_id, max(revision) as revision from installation_timeline group by 1) l using (usage_point_id, revision)),
       found as (
         select r.sheet, r.line, h.meter_id
           from staged_row r join meter m on m.code = r.meter
           join hung h on h.meter_id = m.meter_id and r.read_at between h.effective_from and h.effective_to
           left join usage_point u on u.code = r.usage_point
          where r.usage_point is null or h.usage_point_id = u.usage_point_id
         union all
         select r.sheet, r.line, h.meter_id
           from staged_row r join usage_point u on u.code = r.usage_point
           join hung h on h.usage_point_id = u.usage_point_id and r.read_at between h.effective_from and h.effective_to
          where r.meter is null),
       hanging as (select sheet, line, count(distinct meter_id)::integer as meters, min(meter_id) as meter_id from found group by sheet, line)
  select r.sheet, r.line, r.read_at, m.meter_id as named_id, u.usage_point_id, coalesce(h.meters, 0) as meters,
         coalesce(m.meter_id, h.meter_id) as meter_id,
         r.read_at is not null and (r.meter is null or m.meter_id is not null) and (r.usage_point is null or u.usage_point_id is not null)
           and (m.meter_id is not null or u.usage_point_id is not null) as is_clear
    from staged_row r
    left join meter m on m.code = r.meter
    left join usage_point u on u.code = r.usage_point
    left join hanging h on (h.sheet, h.line) = (r.sheet, r.line)`

const unknownCodes = `
  insert into staged_fault
  select r.sheet, r.line, c.field, 'unknown_code', c.code, ''
    from staged_row r join placed_row p using (sheet, line)
   cross join lateral (values ('meter', r.meter, p.named_id), ('usagePoint', r.usage_point, p.usage_point_id)) c (field, code, id)
   where c.code is not null and c.id is null`

const instantText = (instant: string): string => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

const stillToCome = `
  insert into staged_fault
  select sheet, line, 'at', 'still_to_come', ${instantText('read_at')}, ${instantText('$1::timestamptz')} from staged_row where read_at > $1`

/** `expected`: where the meter was when, or what hung there when. */
const notThere = `
  insert into staged_fault
  select p.sheet, p.line,
         case when p.named_id is not null and p.usage_point_id is not null
               and exists (select from installation_timeline t
                            where t.meter_id = p.named_id and p.read_at between t.effective_from and coalesce(t.effective_to, 'infinity')
                              and t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id))
              then 'usagePoint' else 'at' end, 'not_installed_then', ${instantText('p.read_at')},
         coalesce((select string_agg(u.code || ' ' || m.code || ' ' || ${instantText('t.effective_from')}
                                       || coalesce(' – ' || ${instantText('t.effective_to')}, ' –'), ', ' order by t.effective_from)
                     from installation_timeline t join usage_point u using (usage_point_id) join meter m using (meter_id)
                    where (t.meter_id = p.named_id or (p.named_id is null and t.usage_point_id = p.usage_point_id))
                      and t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id)), '')
    from placed_row p where p.is_clear and p.meters = 0`

const twoMeters = `
  insert into staged_fault
  select p.sheet, p.line, 'meter', 'two_meters_then', ${instantText('p.read_at')},
         (select string_agg(m.code, ', ' order by m.code) from installation_timeline t join meter m using (meter_id)
           where t.usage_point_id = p.usage_point_id and p.read_at between t.effective_from and coalesce(t.effective_to, 'infinity')
             and t.revision = (select max(n.revision) from installation_timeline n where n.usage_point_id = t.usage_point_id))
    from placed_row p where p.is_clear and p.named_id is null and p.meters > 1`

/** `expected`: digits and decimals of the display. */
function outsideDisplay(fields: RegisterFields): string {
  return `
  insert into staged_fault
  select v.sheet, v.line, f.fields[c.place], 'does_not_fit_display', trim_scale(c.value / 10000.0)::text, m.register_digits || ' ' || m.register_decimals
    from staged_value v join placed_row p using (sheet, line) join meter m on m.meter_id = p.meter_id
    join (values ${fieldRows(fields)}) f (quantity, fields) on f.quantity = v.quantity
   cross join lateral (values (1, v.total_e4), (2, v.tou1_e4), (3, v.tou2_e4), (4, v.tou3_e4), (5, v.tou4_e4)) c (place, value)
   where c.value >= ${powerOfTen('m.register_digits + 4')} or c.value % ${powerOfTen('4 - m.register_decimals')} <> 0`
}

/** Raising to a power takes as long as all the rest of the comparison. */
function powerOfTen(exponent: string): string {
  const powers = Array.from({ length: 19 }, (_, each) => 10n ** BigInt(each))
  return `('{${powers.join()}}'::bigint[])[${exponent} + 1]`
}

/** Nobody but the clerk knows which of them is right: all are refused. `expected`: another line that speaks of the key. */
function twoValues(fields: RegisterFields): string {
  return `
  insert into staged_fault
  with keyed as materialized (
         select v.sheet, v.line, p.meter_id, v.quantity, p.read_at, v.claim_digest, v.total_e4
           from staged_value v join placed_row p using (sheet, line) where p.is_clear and p.meters = 1),
       differing as (
         select meter_id, quantity, read_at from keyed group by 1, 2, 3 having count(distinct claim_digest) > 1)
  select k.sheet, k.line, f.fields[1], 'described_in_two_ways', trim_scale(k.total_e4 / 10000.0)::text,
         (select o.sheet || ' ' || o.line from keyed o
           where (o.meter_id, o.quantity, o.read_at) = (k.meter_id, k.quantity, k.read_at) and o.claim_digest <> k.claim_digest
           order by o.sheet, o.line limit 1)
    from keyed k join differing using (meter_id, quantity, read_at)
    join (values ${fieldRows(fields)}) f (quantity, fields) on f.quantity = k.quantity`
}

function fieldRows(fields: RegisterFields): string {
  return [...fields].map(([quantity, names]) => `(${quantity}, array['${names.join("', '")}'])`).join(', ')
}

/**
 * Says what becomes of each line, once its faults are known: nothing goes in where a sheet as a whole is wrong, or, unless the good ones
 * are wanted, where any line is. A value beside another one under its key goes in as a further claim, and is told.
 * @returns whether anything may go in
 */
export async function judgeStage(tx: Transaction, acceptGoodRows: boolean): Promise<boolean> {
  const [faulty] = await tx.query<{ readonly whole: boolean; readonly any: boolean }>(
    `select coalesce(bool_or(line = 0), false) as whole, count(*) > 0 as any from staged_fault`,
  )
  const isAccepted = faulty !== undefined && !faulty.whole && (acceptGoodRows || !faulty.any)
  await tx.execute('create index on staged_fault (sheet, line)')
  await tx.execute(await goodClaims(tx))
  await tx.execute('create index on good_claim (sheet, line)')
  await tx.execute(`
    create temporary table judged_line on commit drop as
    select sheet, line, 'refused' as outcome from (select distinct sheet, line from staged_fault where line > 0) f
    union all
    select sheet, line, case when bool_and(is_known or nth > 1) then 'exists' when ${!isAccepted} then 'held_back'
                             when bool_or(other_source is not null and nth = 1) then 'beside' else 'taken' end
      from good_claim group by sheet, line`)
  await tx.execute('analyze judged_line')
  await tx.execute(`
    insert into staged_fault
    select sheet, line, '', 'another_claim', trim_scale(total_e4 / 10000.0)::text, other_source || ' ' || trim_scale(other_e4 / 10000.0)
      from good_claim where other_source is not null and nth = 1 and not is_known`)
  return isAccepted
}

/** Values of lines without fault: whether the same came before, in this file or another, and one that says otherwise. */
async function goodClaims(tx: Transaction): Promise<string> {
  const [span] = await tx.query<{ readonly from_at: Instant | null; readonly to_at: Instant | null }>(
    'select min(read_at) as from_at, max(read_at) as to_at from placed_row',
  )
  // Constants, so that only the partitions of the span are looked into.
  const within =
    span === undefined || span.from_at === null || span.to_at === null
      ? 'false'
      : `c.read_at >= '${toTimestamptz(span.from_at)}' and c.read_at <= '${toTimestamptz(span.to_at)}'`
  return `
    create temporary table good_claim on commit drop as
    with good as materialized (
           select v.*, p.meter_id, p.read_at,
                  row_number() over (partition by p.meter_id, v.quantity, p.read_at, v.claim_digest order by v.sheet, v.line) as nth
             from staged_value v join placed_row p using (sheet, line)
            where p.is_clear and p.meters = 1
              and not exists (select from staged_fault f where (f.sheet, f.line) = (v.sheet, v.line))),
         another as (
           select distinct on (g.meter_id, g.quantity, g.read_at) g.meter_id, g.quantity, g.read_at, c.source, c.total_e4
             from good g join reading_claims c on (c.meter_id, c.quantity, c.read_at) = (g.meter_id, g.quantity, g.read_at) and ${within}
            where c.total_e4 <> g.total_e4 or c.tou1_e4 <> g.tou1_e4 or c.tou2_e4 <> g.tou2_e4 or c.tou3_e4 <> g.tou3_e4 or c.tou4_e4 <> g.tou4_e4
            order by g.meter_id, g.quantity, g.read_at, c.source, c.total_e4)
    select g.*, c.meter_id is not null as is_known, a.source as other_source, a.total_e4 as other_e4
      from good g
      left join manual_reading c on (c.meter_id, c.quantity, c.read_at, c.claim_digest) = (g.meter_id, g.quantity, g.read_at, g.claim_digest)
       and c.source = ${readingSources.imported} and ${within}
      left join another a on (a.meter_id, a.quantity, a.read_at) = (g.meter_id, g.quantity, g.read_at)`
}

/** @returns how many claims are new. */
export function insertStagedReadings(
  tx: Transaction,
  { actor, recordedAt }: { readonly actor: string; readonly recordedAt: Instant },
): Promise<number> {
  return tx.execute(
    `insert into manual_reading (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, document,
                                 recorded_at, actor_id, claim_digest, reader)
     select g.meter_id, g.quantity, g.read_at, g.total_e4, g.tou1_e4, g.tou2_e4, g.tou3_e4, g.tou4_e4, ${readingSources.imported}, r.document,
            $1, $2, g.claim_digest, r.reader
       from good_claim g join staged_row r using (sheet, line)
      where g.nth = 1 and not g.is_known order by g.meter_id, g.quantity, g.read_at
         on conflict do nothing`,
    [toTimestamptz(recordedAt), actor],
  )
}

/** Half-open range of the instants of good lines; null where there is none. */
export async function goodSpan(tx: Transaction): Promise<{ readonly from: Instant; readonly to: Instant } | null> {
  const [row] = await tx.query<{ readonly first: Instant | null; readonly last: Instant | null }>(
    'select min(read_at) as first, max(read_at) as last from good_claim',
  )
  return row === undefined || row.first === null || row.last === null ? null : { from: row.first, to: row.last + 1 }
}

/** The quantities that a file may bring, by the fields of their registers. */
export function registerFields(
  columns: Readonly<Partial<Record<keyof typeof quantities, readonly string[]>>>,
): RegisterFields {
  return new Map(
    Object.entries(columns).map(([name, fields]) => [quantities[name as keyof typeof quantities].code, fields]),
  )
}
