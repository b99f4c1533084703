import t from 'tap'
import { admit, type LineLoad } from '../../../headend/schedule/admission.js'
import type { PlannedJob } from '../../../headend/schedule/feasibility.js'
import type { Admission } from '../../../headend/schedule/line-job.js'

function job(airtimeMs: number, deadline = 1_000_000): PlannedJob {
  return { key: `job of ${airtimeMs}`, releaseAt: 0, deadline, airtimeMs, priority: 0 }
}

const idle: LineLoad = { now: 1000, busyUntil: 1000, admitted: [], planned: [], longestWaitMs: 10_000 }

const cases: readonly (readonly [title: string, load: Partial<LineLoad>, asked: PlannedJob, admission: Admission])[] = [
  ['an idle line takes it now', {}, job(500), { kind: 'now' }],
  ['behind a job that runs', { busyUntil: 1400 }, job(500), { kind: 'later', startsAt: 1400 }],
  ['behind those who asked before', { admitted: [job(500), job(500)] }, job(500), { kind: 'later', startsAt: 2000 }],
  [
    'nobody waits longer than the longest wait',
    { admitted: [job(10_500)] },
    job(500),
    { kind: 'refused', reason: 'too_many_waiting', missingMs: 500 },
  ],
  [
    'what would end too late is said at once',
    {},
    job(500, 1300),
    { kind: 'refused', reason: 'ends_too_late', missingMs: 200 },
  ],
  ['before work of the plan that can wait', { planned: [job(5000, 7000)] }, job(500), { kind: 'now' }],
  [
    'never at the cost of a planned read',
    { planned: [job(5000, 6400)] },
    job(500),
    { kind: 'refused', reason: 'would_cost_planned_reads', missingMs: 100 },
  ],
  ['a planned read that is lost already does not count', { planned: [job(9000, 6400)] }, job(500), { kind: 'now' }],
]

for (const [title, load, asked, admission] of cases)
  t.test(title, async (t) => t.same(admit({ ...idle, ...load }, asked), admission))
