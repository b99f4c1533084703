import { type AskedMeter, askedMeters } from './asked-meters.js'
import type { SetJob, SetJobsOptions } from './set-job.js'
import { doneBefore, toJob, type Wanted } from './to-job.js'

/** One look at each meter a window, whatever was seen before. */
export async function lookJobs(
  options: SetJobsOptions,
  edition: '2007' | 'any',
  wantedOf: (asked: AskedMeter) => Wanted,
): Promise<readonly SetJob[]> {
  const point = { template: options.template.reads, readAt: options.dueAt }
  const done = await doneBefore(options, point)
  return askedMeters(options)
    .filter(({ meter }) => !done.has(meter.meterId) && (edition === 'any' || meter.edition === edition))
    .map((asked) => toJob(asked, point, wantedOf(asked)))
}
