import { minuteMs } from '../../../domain/time.js'
import type { IntervalRates } from './interval-rates.js'
import type { ShardDays } from './lay-days.js'

/**
 * Where the days of an account stand, written to `dayAt` from `first` on, if they are exactly the days of its period, one after the other,
 * and count the same times: what nearly all accounts are. `bytesAt`: where the kernel has the bytes that the days came in.
 * @returns whether they are
 */
export function placeDays(
  { links, named }: ShardDays,
  row: number,
  { whole: { firsts, intervals }, minutes }: IntervalRates,
  bytesAt: number,
  dayAt: Int32Array,
  first: number,
): boolean {
  const [from, to] = [named.firstOf[row] ?? 0, named.firstOf[row + 1] ?? 0]
  if (to - from !== firsts.length) return false
  const [start, multiplier] = [links.periodStart[row] ?? 0, named.multiplier[from]]
  for (let day = 0; day < firsts.length; day++) {
    const interval = firsts[day] ?? 0
    const valuesAt = named.valuesAt[from + day] ?? 0
    const isPlain =
      valuesAt > 0 &&
      named.slotMinutes[from + day] === minutes &&
      named.multiplier[from + day] === multiplier &&
      named.start[from + day] === start + interval * minutes * minuteMs &&
      named.slots[from + day] === (firsts[day + 1] ?? intervals) - interval
    if (!isPlain) return false
    dayAt[first + day] = bytesAt + valuesAt
  }
  return true
}
