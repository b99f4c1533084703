import { minuteMs } from '../../../domain/time.js'
import type { IntervalRates } from './interval-rates.js'
import type { ShardDays } from './lay-days.js'

/**
 * Where the days of an account stand, written to `dayAt` from `first` on, if they are exactly the days of its period, one after the other,
 * and count the same times: what nearly all accounts are. `bytesAt`: where the kernel has the bytes that the days came in.
 * @returns whether they are
 */
export function placeDays(
  { links, found }: ShardDays,
  row: number,
  { whole: { firsts, intervals }, minutes }: IntervalRates,
  bytesAt: number,
  dayAt: Int32Array,
  first: number,
): boolean {
  const [from, to] = [links.linkStart[row] ?? 0, links.linkStart[row + 1] ?? 0]
  if (to - from !== firsts.length) return false
  const [start, multiplier] = [links.periodStart[row] ?? 0, links.multiplier[from]]
  for (let link = from; link < to; link++) {
    const day = link - from
    const interval = firsts[day] ?? 0
    const valuesAt = found.valuesAt[link] ?? 0
    const isPlain =
      valuesAt > 0 &&
      found.slotMinutes[link] === minutes &&
      links.multiplier[link] === multiplier &&
      links.dayStart[link] === start + interval * minutes * minuteMs &&
      found.slots[link] === (firsts[day + 1] ?? intervals) - interval
    if (!isPlain) return false
    dayAt[first + day] = bytesAt + valuesAt
  }
  return true
}
