import { dayMs, type Instant } from '../../../domain/time.js'
import { eachIntervalDay } from '../../../storage/billing/interval-day-bytes.js'
import type { DayLinks } from '../../../storage/billing/interval-day-links.js'

/** The days that the links of a shard name, in their order; those of account i are [firstOf[i], firstOf[i + 1]). */
export interface NamedDays {
  readonly firstOf: Uint32Array
  readonly multiplier: Int32Array
  /** Where the energies of the day begin in the bytes, 0 where none came; how many there are, how long, and when the day begins. */
  readonly valuesAt: Uint32Array
  readonly slots: Uint16Array
  readonly slotMinutes: Uint8Array
  readonly start: Float64Array
}

/** Finds the days by meter, beginning and revision; other revisions are passed over. */
export function findDays(links: DayLinks, bytes: Uint8Array): NamedDays {
  const firstDay = countDays(links)
  const days = allocate(links, firstDay)
  const [first, next] = linksByMeter(links)
  const { from, to, revision: named } = links
  eachIntervalDay(bytes, (meter, dayStart, revision, slotMinutes, valuesAt, slots) => {
    for (let link = first.get(meter) ?? none; link !== none; link = next[link] ?? none) {
      const day = dayOf(dayStart, from[link] ?? 0, to[link] ?? 0, firstDay[link] ?? 0)
      if (day === none || named[link] !== revision) continue
      days.valuesAt[day] = valuesAt
      days.slots[day] = slots
      days.slotMinutes[day] = slotMinutes
      days.start[day] = dayStart
    }
  })
  return days
}

const none = -1

/** A local day has 23 to 25 hours. */
function daysBetween(from: Instant, to: Instant): number {
  return Math.round((to - from) / dayMs)
}

function dayOf(dayStart: Instant, from: Instant, to: Instant, first: number): number {
  if (dayStart < from || dayStart >= to) return none
  return first + Math.min(daysBetween(from, dayStart), daysBetween(from, to) - 1)
}

/** The first day of each link, and behind the last one how many days there are. */
function countDays({ from, to }: DayLinks): Uint32Array {
  const firstDay = new Uint32Array(from.length + 1)
  for (let link = 0; link < from.length; link++)
    firstDay[link + 1] = (firstDay[link] ?? 0) + daysBetween(from[link] ?? 0, to[link] ?? 0)
  return firstDay
}

function allocate({ count, linkStart, multiplier: each }: DayLinks, firstDay: Uint32Array): NamedDays {
  const firstOf = new Uint32Array(count + 1)
  for (let row = 0; row <= count; row++) firstOf[row] = firstDay[linkStart[row] ?? 0] ?? 0
  const all = firstDay[each.length] ?? 0
  const multiplier = new Int32Array(all)
  for (let link = 0; link < each.length; link++)
    multiplier.fill(each[link] ?? 1, firstDay[link] ?? 0, firstDay[link + 1] ?? 0)
  return {
    firstOf,
    multiplier,
    valuesAt: new Uint32Array(all),
    slots: new Uint16Array(all),
    slotMinutes: new Uint8Array(all),
    start: new Float64Array(all),
  }
}

/** A link of each meter, and for each link another one of its meter. */
function linksByMeter({ meter }: DayLinks): readonly [first: ReadonlyMap<number, number>, next: Int32Array] {
  const first = new Map<number, number>()
  const next = new Int32Array(meter.length)
  for (let link = 0; link < meter.length; link++) {
    const own = meter[link] ?? 0
    next[link] = first.get(own) ?? none
    first.set(own, link)
  }
  return [first, next]
}
