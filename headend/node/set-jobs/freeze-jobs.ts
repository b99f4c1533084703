import type { Quantity } from '../../../domain/quantities.js'
import { dayMs } from '../../../domain/time.js'
import { selectUnreadFreezes } from '../../../storage/headend/unread-freezes.js'
import { readDailyFreezes } from '../../reading-sets/read-daily-freezes.js'
import { askedMeters } from './asked-meters.js'
import { isGoneBy, nothingBrought } from './brought-by.js'
import type { SetJob, SetJobsOptions } from './set-job.js'
import { toJob, type Wanted } from './to-job.js'

/** Further quantities of midnights that are due, the newest first. */
export async function freezeJobs(options: SetJobsOptions, quantities: readonly Quantity[]): Promise<readonly SetJob[]> {
  const { database, plan, dueAt } = options
  const asked = new Map(askedMeters(options).map((each) => [each.meterId, each]))
  const unread = await selectUnreadFreezes(database, {
    meterIds: [...asked.keys()],
    quantities,
    from: dueAt - plan.ladder.backfillDays * dayMs,
    through: dueAt,
    noFreezeLimit: plan.ladder.noFreezeLimit,
    template: furtherFreezes,
  })
  return unread.flatMap(({ meterId, readAt, missing }) => {
    const each = asked.get(meterId)
    if (each === undefined || each.meter.edition !== '2007') return []
    const { meter } = each
    const wanted: Wanted = {
      planned: { set: 'daily_freeze', quantities: missing, hasParity: meter.hasParity },
      read: async (line) => {
        const { readings, problems } = await readDailyFreezes(line, meter, readAt, dueAt, missing)
        const cause = problems[0]?.cause ?? null
        const isGone = problems.some((problem) => isGoneBy(problem.cause))
        return { ...nothingBrought, readings, cause, isGone }
      },
    }
    return [toJob(each, { template: furtherFreezes, readAt }, wanted)]
  })
}

const furtherFreezes = 'further_freeze'
