import { dayMs, type Instant } from '../../../domain/time.js'
import type { DayLinks } from '../../../storage/billing/interval-day-links.js'
import { eachIntervalDay } from '../../../storage/billing/interval-day-bytes.js'

/** For each link of a shard the day that it names: where its energies begin in the bytes, 0 where none came; how many there are, and how long. */
export interface FoundDays {
  readonly valuesAt: Uint32Array
  readonly slots: Uint16Array
  readonly slotMinutes: Uint8Array
}

/** Links that follow each other and name one meter. */
interface Run {
  readonly first: number
  readonly end: number
  /** Another run of the same meter. */
  readonly next: Run | undefined
}

/** Finds the days by meter, beginning and revision; other revisions are passed over. */
export function findDays(links: DayLinks, bytes: Uint8Array): FoundDays {
  const count = links.meter.length
  const found = { valuesAt: new Uint32Array(count), slots: new Uint16Array(count), slotMinutes: new Uint8Array(count) }
  const runs = runsByMeter(links)
  eachIntervalDay(bytes, (meter, dayStart, revision, slotMinutes, valuesAt, slots) => {
    for (let run = runs.get(meter); run !== undefined; run = run.next) {
      const link = linkOf(links, run, dayStart)
      if (link < 0 || links.revision[link] !== revision) continue
      found.valuesAt[link] = valuesAt
      found.slots[link] = slots
      found.slotMinutes[link] = slotMinutes
    }
  })
  return found
}

function runsByMeter({ meter, linkStart, count }: DayLinks): ReadonlyMap<number, Run> {
  const runs = new Map<number, Run>()
  for (let row = 0; row < count; row++) {
    const end = linkStart[row + 1] ?? 0
    for (let first = linkStart[row] ?? 0; first < end; ) {
      const own = meter[first] ?? 0
      let next = first + 1
      while (next < end && meter[next] === own) next++
      runs.set(own, { first, end: next, next: runs.get(own) })
      first = next
    }
  }
  return runs
}

/** −1 where the run does not name the day. Most runs name one day after the other, so that its place is known. */
function linkOf({ dayStart: starts }: DayLinks, { first, end }: Run, dayStart: Instant): number {
  const likely = first + Math.round((dayStart - (starts[first] ?? 0)) / dayMs)
  if (likely >= first && likely < end && starts[likely] === dayStart) return likely
  const place = starts.subarray(first, end).indexOf(dayStart)
  return place < 0 ? -1 : first + place
}
