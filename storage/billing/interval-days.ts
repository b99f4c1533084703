import { quantities } from '../../domain/quantities.js'
import { invariant } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { readBytes } from './read-bytes.js'

// In whatever order the table has them: whoever takes them knows where each belongs.
const days = `copy (
  select meter_id, day_start, revision, slot_minutes, values_e4
    from interval_day
   where channel = ${quantities.forward_active_energy.code}
     and day_start >= current_setting('shuangwu.first_day')::timestamptz
     and day_start <= current_setting('shuangwu.last_day')::timestamptz
     and meter_id = any (current_setting('shuangwu.meters')::bigint[])) to stdout (format binary)`
const fieldCount = 5
/** Bytes of a row beside its energies. */
const rowBytes = 44
const usualSlotBytes = 4 * 96

/** All revisions of these meters' interval days that begin in [first, last], as the bytes of a binary COPY, for `eachIntervalDay`. */
export async function readIntervalDays(
  tx: Transaction,
  meters: readonly number[],
  { first, last, expected }: { readonly first: Instant; readonly last: Instant; readonly expected: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const settings = {
    first_day: toTimestamptz(first),
    last_day: toTimestamptz(last),
    meters: `{${meters.join(',')}}`,
  }
  return readBytes(tx, days, settings, expected * (rowBytes + usualSlotBytes) + 1024)
}

/** Takes a day: `valuesAt` is where its energies (little-endian int32, e4) begin in the bytes. */
export type TakeDay = (
  meter: number,
  dayStart: Instant,
  revision: number,
  slotMinutes: number,
  valuesAt: number,
  slots: number,
) => void

/** PostgreSQL counts microseconds from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
const headerBytes = 19
const word = 2 ** 32

/** Walks over what `readIntervalDays` read; its fields have known places, so nothing is looked up. */
export function eachIntervalDay(bytes: Uint8Array, take: TakeDay): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = (at: number) => view.getInt32(at) * word + view.getUint32(at + 4)
  let at = headerBytes
  while (view.getInt16(at) !== -1) {
    invariant(view.getInt16(at) === fieldCount, `a row has ${fieldCount} columns`)
    const size = view.getInt32(at + 40)
    take(
      whole(at + 6),
      epochMs + whole(at + 18) / 1000,
      view.getInt32(at + 30),
      view.getInt16(at + 38),
      at + 44,
      size / 4,
    )
    at += rowBytes + size
  }
  invariant(at + 2 === view.byteLength, 'a binary COPY ends with its trailer')
}
