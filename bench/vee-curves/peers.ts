import { slotQualities } from '../../domain/interval-day.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { toSlotBytes } from '../../storage/mdm/interval-days.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { month, monthStart, slotsPerDay } from './fill.js'

interface PieceRow {
  readonly slot_end: Instant
  readonly register_e4: bigint
}

/** The peer as it is often written: for each meter and day its pieces by a query, the differences, and an insert. Without any filling. */
export async function settleOneByOne(owner: Database, meters: number, now: Instant): Promise<void> {
  await owner.execute(
    'create temp table interval_day_one (like interval_day including defaults, primary key (meter_id, day_start))',
  )
  for (let meter = 1; meter <= meters; meter++)
    for (let day = 0; day < month.days; day++) await settleOne(owner, meter, monthStart + day * dayMs, now)
  await owner.execute('drop table interval_day_one')
}

async function settleOne(owner: Database, meter: number, start: Instant, now: Instant): Promise<void> {
  const rows = await owner.query<PieceRow>(
    `select slot_end, values_e4[1] as register_e4 from interval_piece
      where meter_id = $1 and curve = 4 and slot_start >= $2::timestamptz - interval '15 minutes' and slot_start < $3 order by slot_start`,
    [meter, toTimestamptz(start), toTimestamptz(start + dayMs)],
  )
  const energiesE4 = new BigInt64Array(slotsPerDay)
  const qualities = new Uint8Array(slotsPerDay).fill(slotQualities.missing)
  const slotMs = dayMs / slotsPerDay
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1]
    const slot = (row.slot_end - start) / slotMs - 1
    if (before === undefined || row.slot_end - before.slot_end !== slotMs || slot < 0) continue
    energiesE4[slot] = row.register_e4 - before.register_e4
    qualities[slot] = slotQualities.measured
  }
  const sumE4 = energiesE4.reduce((sum, energyE4) => sum + energyE4, 0n)
  await owner.execute(
    `insert into interval_day_one values ($1, 1, $2, 1, '2026-07-01', 15, $3, $4, $5, null, null, $6, null, 'complete', '{}', '', null, '', 'peer', $7)`,
    [meter, toTimestamptz(start), slotsPerDay, toSlotBytes(energiesE4), qualities, sumE4, toTimestamptz(now)],
  )
}

/** The differences of the registers by a window, packed by an aggregate: one statement, no checks, nothing filled. */
export async function sumByWindow(owner: Database, meters: number): Promise<void> {
  await owner.execute(
    `create temp table interval_day_window as
     select meter_id, day, string_agg(int4send(energy_e4), '' order by slot_end) as values_e4, sum(energy_e4) as sum_e4
       from (select meter_id, slot_end, floor(extract(epoch from slot_start - $2::timestamptz) / 86400) as day,
                    (values_e4[1] - lag(values_e4[1]) over (partition by meter_id order by slot_start))::integer as energy_e4
               from interval_piece where curve = 4 and meter_id <= $1) slot
      where energy_e4 is not null group by meter_id, day`,
    [meters, toTimestamptz(monthStart)],
  )
  await owner.execute('drop table interval_day_window')
}
