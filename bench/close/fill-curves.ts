import { quantities } from '../../domain/quantities.js'
import { dayMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import type { ClosedMonth } from './close-month.js'

/** Hours of a household day, 08:00 to 22:00 at the peak: how many of the valley, of the peak, of the valley again. */
const hours = { before: 8, peak: 14, after: 2 } as const

/** Eight hexadecimal digits of the four bytes of an int4, little-endian. */
const littleEndian = (value: string) =>
  `lpad(to_hex(((${value} & 255) << 24) | (((${value} >> 8) & 255) << 16) | (((${value} >> 16) & 255) << 8) | (${value} >> 24)), 8, '0')`

/** So many equal parts of a value, what is left over with the first of them. */
const parts = (value: string, of: number) =>
  `${littleEndian(`(${value} / ${of} + ${value} % ${of})`)} || repeat(${littleEndian(`(${value} / ${of})`)}, ${of - 1})`

/** Hourly days of all meters, which come to just what their registers counted from one reading to the next, by the hours of Zhejiang's households. */
export async function fillCurves(owner: Database, { from, to }: Pick<ClosedMonth, 'from' | 'to'>): Promise<void> {
  const days = Math.round((to - from) / dayMs)
  const perDay = (register: string) =>
    `(b.${register} - a.${register}) / ${days} + case when day = 0 then (b.${register} - a.${register}) % ${days} else 0 end`
  await owner.execute(
    `insert into interval_day (meter_id, channel, day_start, revision, service_date, slot_minutes, slot_count, values_e4, qualities,
            start_e4, end_e4, sum_e4, difference_e4, verdict, rules, reason, content_digest, policy_version, recorded_at)
     select meter_id, ${quantities.forward_active_energy.code}, day_start, 1, (day_start at time zone 'Asia/Shanghai')::date, 60, 24,
            decode(${parts('valley', hours.before)} || ${parts('peak', hours.peak)} || ${parts('evening', hours.after)}, 'hex'), '\\x${'00'.repeat(24)}',
            0, peak + valley + evening, peak + valley + evening, 0, 'complete', '{}', '', '', 'built-in/1', day_start + interval '32 hours'
       from (select a.meter_id, $1::timestamptz + day * interval '24 hours' as day_start, ${perDay('tou2_e4')} as peak,
                    (${perDay('tou4_e4')}) / 2 as evening, (${perDay('tou4_e4')} + 1) / 2 as valley
               from validation_decision a join validation_decision b using (meter_id) cross join generate_series(0, ${days - 1}) day
              where a.read_at = $1 and b.read_at = $2) d`,
    [toTimestamptz(from), toTimestamptz(to)],
  )
  for (const statement of ['vacuum analyze interval_day', 'checkpoint']) await owner.execute(statement)
}
