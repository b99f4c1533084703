import { quantities } from '../../domain/quantities.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { intervalDayRowBytes } from './interval-day-bytes.js'
import { readBytes, type Room } from './read-bytes.js'

// In whatever order the table has them: whoever takes them knows where each belongs.
const days = `copy (
  select meter_id, day_start, revision, slot_minutes, values_e4
    from interval_day
   where channel = ${quantities.forward_active_energy.code}
     and day_start >= current_setting('shuangwu.days_from')::timestamptz
     and day_start < current_setting('shuangwu.days_to')::timestamptz
     and meter_id = any (current_setting('shuangwu.meters')::bigint[])) to stdout (format binary)`
const usualSlotBytes = 4 * 96

export interface DaysWanted {
  readonly from: Instant
  readonly to: Instant
  /** About how many there are. */
  readonly expected: number
  /** Memory to read into. */
  readonly room: Room
}

/** All revisions of these meters' interval days that begin in [from, to), as the bytes of a binary COPY, for `eachIntervalDay`. */
export async function readIntervalDays(
  tx: Transaction,
  meters: readonly number[],
  { from, to, expected, room }: DaysWanted,
): Promise<Uint8Array> {
  const settings = {
    days_from: toTimestamptz(from),
    days_to: toTimestamptz(to),
    meters: `{${meters.join(',')}}`,
  }
  return readBytes(tx, days, settings, { expected: expected * (intervalDayRowBytes + usualSlotBytes) + 1024, room })
}
