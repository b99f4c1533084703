import { minuteMs } from '../../../domain/time.js'
import type { DayLinks } from '../../../storage/billing/interval-day-links.js'
import type { NamedDays } from './find-days.js'

/** Why the days of an account do not make up its period. */
export const layingProblems = [
  'interval_day_missing',
  'interval_length_differs',
  'interval_day_outside_period',
  'interval_out_of_range',
] as const
export type LayingProblem = (typeof layingProblems)[number]

/** The days of a shard. */
export interface ShardDays {
  readonly links: DayLinks
  readonly named: NamedDays
  /** All bytes that the days came in. */
  readonly bytes: Uint8Array
}

const bytesPerValue = 4
const highest = 2 ** 31 - 1

/** What all energies of an account count times; null where its days do not agree. */
export function commonMultiplier({ linkStart, multiplier }: DayLinks, row: number): number | null {
  const first = linkStart[row] ?? 0
  const common = multiplier[first] ?? 1
  for (let link = first + 1; link < (linkStart[row + 1] ?? 0); link++) if (multiplier[link] !== common) return null
  return common
}

/**
 * Lays the days of an account one after the other over its period. Where a meter was exchanged, two of them share a day and are added up;
 * energies count their multiplier times where the account has several, and once otherwise.
 * @returns what stands against it
 */
export function layDays(days: ShardDays, row: number, minutes: number, into: Uint8Array): LayingProblem | null {
  const { links, named } = days
  const from = links.periodStart[row] ?? 0
  const each = commonMultiplier(links, row) === null
  let reached = 0
  for (let day = named.firstOf[row] ?? 0; day < (named.firstOf[row + 1] ?? 0); day++) {
    const valuesAt = named.valuesAt[day] ?? 0
    if (valuesAt === 0) return 'interval_day_missing'
    if (named.slotMinutes[day] !== minutes) return 'interval_length_differs'
    const first = (bytesPerValue * ((named.start[day] ?? 0) - from)) / (minutes * minuteMs)
    const values = days.bytes.subarray(valuesAt, valuesAt + bytesPerValue * (named.slots[day] ?? 0))
    const end = first + values.length
    if (first < 0 || end > into.length || first % bytesPerValue !== 0) return 'interval_day_outside_period'
    if (first > reached) return 'interval_day_missing'
    if (each || first < reached) {
      if (end > reached) into.fill(0, reached, end)
      if (!addDay(values, into, first, each ? (named.multiplier[day] ?? 1) : 1)) return 'interval_out_of_range'
    } else into.set(values, first)
    reached = Math.max(reached, end)
  }
  return reached === into.length ? null : 'interval_day_missing'
}

/** @returns whether all sums are numbers of 32 bits */
function addDay(values: Uint8Array, into: Uint8Array, first: number, multiplier: number): boolean {
  const from = new DataView(values.buffer, values.byteOffset, values.length)
  const to = new DataView(into.buffer, into.byteOffset, into.length)
  for (let at = 0; at < values.length; at += bytesPerValue) {
    const sum = to.getInt32(first + at, true) + from.getInt32(at, true) * multiplier
    if (Math.abs(sum) > highest) return false
    to.setInt32(first + at, sum, true)
  }
  return true
}
