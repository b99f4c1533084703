import { groupBy } from '../../../domain/group-by.js'
import { dayMs } from '../../../domain/time.js'
import { monthlySetPoints } from '../../../storage/headend/set-due-reads.js'
import { readMonthlySet, type SettlementFit } from '../../reading-sets/read-monthly-set.js'
import { askedMeters } from './asked-meters.js'
import { broughtBy, isKept } from './brought-by.js'
import type { SetCause, SetJob, SetJobsOptions } from './set-job.js'
import { doneBefore, toJob } from './to-job.js'

/** The last settlement overwrites nothing that is a month away: an older reading moment is no longer under DI0 = 01. */
const monthlyReachMs = 27 * dayMs

/** Reading moments that nothing serves, and those whose set was not whole when it was read in this window. */
export async function monthlyJobs(options: SetJobsOptions): Promise<readonly SetJob[]> {
  const { database, clock, dueAt } = options
  const asked = new Map(askedMeters(options).map((each) => [each.meterId, each]))
  const points = await monthlySetPoints(database, {
    meterIds: [...asked.keys()],
    after: dueAt - monthlyReachMs,
    through: dueAt,
  })
  const jobs: SetJob[] = []
  for (const [readAt, ofMoment] of groupBy(points, (point) => point.readAt)) {
    const point = { template: 'monthly_set', readAt }
    const done = await doneBefore(options, point)
    for (const { meterId, isServed, hasFailed } of ofMoment) {
      const each = asked.get(meterId)
      if (each === undefined || (isServed && (!hasFailed || done.has(meterId)))) continue
      const { meter } = each
      const { edition, hasParity } = meter
      const read: SetJob['read'] = async (line) => {
        const set = await readMonthlySet(line, clock, meter, readAt)
        const brought = broughtBy(set, isKept)
        return { ...brought, cause: brought.cause ?? fitCause(set.fit) }
      }
      jobs.push(toJob(each, point, { planned: { set: 'monthly_set', edition, hasParity }, read }))
    }
  }
  return jobs
}

function fitCause(fit: SettlementFit): SetCause | null {
  return fit === 'agrees' || fit === 'settlement_elsewhen' ? null : fit
}
