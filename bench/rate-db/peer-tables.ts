import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { days, points, pointsPerDay, spotPriceE8, touProgram } from '../rate-kernel/interval-case.js'
import { fillDays } from './fill-month.js'
import { monthEnd, monthStart } from './month-case.js'

/**
 * What the peers read: the same interval days as arrays, a reading a row of the first meters in a table partitioned by time, and the slot
 * and the price of each point of the month. They write a table with the columns and keys of ours.
 */
export async function createPeerTables(owner: Database): Promise<void> {
  const statements = [
    'create table peer_interval_charge (like interval_charge including all)',
    `call create_time_series('peer_interval_day', 'day_start',
       'meter_id bigint not null, day_start timestamptz not null, values_e4 integer[] not null, primary key (meter_id, day_start)')`,
    `call create_time_series('peer_reading', 'slot_start', 'meter_id bigint not null, slot_start timestamptz not null, value_e4 integer not null')`,
    'create table peer_point (slot_start timestamptz primary key, slot smallint not null, price numeric not null)',
    'create table peer_day (day_start timestamptz primary key, slots smallint[] not null, prices numeric[] not null)',
  ]
  for (const statement of statements) await owner.execute(statement)
  await owner.query('select ensure_time_partitions($1, $2)', [toTimestamptz(monthStart), toTimestamptz(monthEnd)])
}

export async function fillPeerTables(owner: Database, meters: number, metersByRow: number): Promise<void> {
  await fillPoints(owner)
  const copy = 'copy peer_interval_day (meter_id, day_start, values_e4) from stdin (format binary)'
  await fillDays(owner, copy, meters, (writer, { meter, start, energies }) => {
    writer.int2(3)
    writer.wholeField(meter)
    writer.instantField(start)
    writer.int4Items(energies, 0, pointsPerDay)
  })
  const half = Math.ceil(metersByRow / 2)
  const parts = [
    [1, half],
    [half + 1, metersByRow],
  ] as const
  await Promise.all(
    parts.map(([first, last]) =>
      owner.execute(
        `insert into peer_reading
         select meter_id, day_start + (point - 1) * interval '15 minutes', value_e4
           from peer_interval_day cross join lateral unnest(values_e4) with ordinality v (value_e4, point)
          where meter_id between $1 and $2`,
        [first, last],
      ),
    ),
  )
  await owner.execute('vacuum (analyze) peer_interval_day, peer_reading, peer_point, peer_day')
  await owner.execute('checkpoint')
}

async function fillPoints(owner: Database): Promise<void> {
  const slotOf = touProgram().dayTypes[0]?.slotOf ?? new Uint8Array(pointsPerDay)
  const all = Array.from({ length: points }, (_, point) => point)
  await owner.execute(
    `insert into peer_point select $1::timestamptz + p.point * interval '15 minutes', p.slot, p.price_e8::numeric / 100000000
       from unnest($2::integer[], $3::smallint[], $4::bigint[]) p (point, slot, price_e8)`,
    [toTimestamptz(monthStart), all, all.map((point) => slotOf[point % pointsPerDay] ?? 0), all.map(spotPriceE8)],
  )
  await owner.execute(
    `insert into peer_day select d.day_start, array_agg(p.slot order by p.slot_start), array_agg(p.price order by p.slot_start)
       from generate_series(0, ${days - 1}) day cross join lateral (select $1::timestamptz + day * interval '1 day' as day_start) d
       join peer_point p on p.slot_start >= d.day_start and p.slot_start < d.day_start + interval '1 day' group by d.day_start`,
    [toTimestamptz(monthStart)],
  )
}
