import { addDays, type Calendar, dayMs, type Instant } from '../../../domain/time.js'
import { selectMissingSlots } from '../../../storage/headend/curves.js'
import { quarterHourRecords } from '../../reading-sets/curve-source.js'
import { type LoadCurve, readCurve } from '../../reading-sets/read-curve.js'
import { askedMeters } from './asked-meters.js'
import { broughtBy } from './brought-by.js'
import type { SetJob, SetJobsOptions } from './set-job.js'
import { toJob, type Wanted } from './to-job.js'

/** Missing slots by meter and local day, the newest day of every meter first, as far back as the plan goes. */
export async function curveJobs(options: SetJobsOptions, curve: LoadCurve): Promise<readonly SetJob[]> {
  const { database, clock, plan, dueAt, end, line } = options
  const { slotMs } = quarterHourRecords
  const jobs: { readonly closesAt: Instant; readonly job: SetJob }[] = []
  for (const asked of askedMeters(options)) {
    const { meter, since } = asked
    if (meter.edition !== '2007') continue
    const earliest = Math.max(dueAt - plan.ladder.backfillDays * dayMs, since)
    const from = Math.ceil(earliest / slotMs) * slotMs
    if (from >= dueAt) continue
    const missing = await selectMissingSlots(database, meter.meterId, { curve, slotMs, from, to: dueAt })
    for (const [closesAt, slots] of byDay(missing, line.calendar)) {
      const wanted: Wanted = {
        planned: { set: 'curve', curve, slots: slots.length },
        read: async (bus) => {
          const read = await readCurve(bus, clock, meter, { curve, missing: slots, until: end })
          return { ...broughtBy(read), absent: read.absent }
        },
      }
      const template = curve === 'load_energy' ? 'curve_day' : curve
      jobs.push({ closesAt, job: toJob(asked, { template, readAt: closesAt }, wanted) })
    }
  }
  return jobs.toSorted((left, right) => right.closesAt - left.closesAt).map(({ job }) => job)
}

/** Slots by the midnight that closes their local day. */
function byDay(slots: readonly Instant[], calendar: Calendar): ReadonlyMap<Instant, readonly Instant[]> {
  const days = new Map<Instant, Instant[]>()
  for (const slot of slots) {
    const closesAt = calendar.startOfDay(addDays(calendar.dateAt(slot), 1))
    const day = days.get(closesAt)
    if (day === undefined) days.set(closesAt, [slot])
    else day.push(slot)
  }
  return days
}
