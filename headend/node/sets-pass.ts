import type { FailureCause } from '../acquisition/failure-cause.js'
import { sessionOf, sessionThrough } from '../acquisition/collect-window.js'
import { noQuirks } from '../../domain/meter-quirks.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import { dayMs, type Instant, secondMs } from '../../domain/time.js'
import type { FailedAttempt } from '../../storage/headend/collected.js'
import { metersOnLine } from '../../storage/headend/set-due-reads.js'
import { storeCollected } from '../../storage/headend/store-collected.js'
import { storeReadingSet } from '../../storage/headend/store-reading-set.js'
import { storeSetPass } from '../../storage/headend/store-pass.js'
import { lastMeasured } from '../../storage/headend/window-forecasts.js'
import type { PlanTemplate } from '../plan/plan-document.js'
import { type ObservedLine, observeLine } from '../reading-sets/exchange-statistics.js'
import type { JobOutcome } from '../schedule/line-job.js'
import { setCostMs } from '../schedule/set-cost.js'
import { type LineCounters, noTraffic } from '../sessions/line-counters.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { LineSession } from '../transports/line-session.js'
import { mayTalk, type PassOptions, type PassReport } from './collect-pass.js'
import type { SetBrought, SetCause, SetJob } from './set-jobs/set-job.js'
import { setJobs } from './set-jobs/set-jobs.js'

export interface SetsPassOptions extends Omit<PassOptions, 'gapLine' | 'wants' | 'onRead'> {
  readonly template: PlanTemplate
  /** Names the window among those of its line. */
  readonly windowName: string
  /** From 1; tells the passes of a window apart. */
  readonly attempt: number
  /** A way to the meters behind a concentrator that passes frames; null where there is none. */
  readonly openLine: (lineId: LineId) => Dlt645Line | null
}

/** A line that does not open within this time is tried again later, with a growing delay. */
const connectPatienceMs = 10 * secondMs
const oldestMeasurementMs = 60 * dayMs
const million = 1_000_000

/**
 * Reads what a window still wants of the reading sets of its line, set by set, under the line's lease. What each set brought is stored
 * at once; the pass that follows asks for what is missing then.
 */
export async function setsPass(options: SetsPassOptions): Promise<PassReport> {
  const { database, clock, line, hold, midnight, plan, isLast } = options
  const meters = await metersOnLine(database, line.lineId, clock.now())
  const jobs = await setJobs({ ...options, meters, dueAt: midnight })
  if (jobs.length === 0) return reportOf('passed', 0, 0, noTraffic)
  const session = openSession(options)
  const { dlt645 } = session
  try {
    const isReady = dlt645 !== null && (await dlt645.ready(Math.min(options.end, clock.now() + connectPatienceMs)))
    if (isReady) return await talk(options, session, observeLine(dlt645, clock), jobs)
    const cause = line.kind === 'mqtt_concentrator' ? 'no_upload' : 'line_down'
    if (isLast) await storeUntried(options, jobs, cause)
    return reportOf(line.kind === 'mqtt_concentrator' ? 'passed' : 'line_down', jobs.length, 0, noTraffic)
  } finally {
    session.reader.close()
  }

  function openSession({ openLine }: SetsPassOptions): LineSession {
    return line.kind === 'mqtt_concentrator'
      ? sessionThrough(openLine(line.lineId), { clock, plan, newestMidnight: midnight, right: hold })
      : sessionOf({ ...options, right: hold }, line, midnight)
  }
}

async function talk(
  options: SetsPassOptions,
  session: LineSession,
  bus: ObservedLine,
  jobs: readonly SetJob[],
): Promise<PassReport> {
  const { database, clock, line, end, hold, isLast, queue, onTalking } = options
  const measured = await lastMeasured(database, { lineId: line.lineId, since: clock.now() - oldestMeasurementMs })
  const speed =
    measured === null ? null : { turnaroundMs: measured.turnaroundUs / 1000, lossShare: measured.lossPpm / million }
  const open = new Set(jobs)
  const failures: FailedAttempt[] = []
  const gone = new Map<MeterId, SetCause>()
  let isDown = false

  /** Whether the meter gave the whole of it. */
  async function tryJob(job: SetJob, costMs: number): Promise<boolean> {
    if (gone.has(job.meterId) || isDown || !mayTalk(hold)) return false
    if (clock.now() + costMs > end) return false
    isDown = !(await bus.ready(Math.min(end, clock.now() + connectPatienceMs)))
    if (isDown) return false
    const brought = await job.read(bus.withQuirks(job.quirks))
    await storeBrought(options, brought)
    if (brought.cause === null) return open.delete(job)
    // Whoever has the line now asks for the rest.
    if (brought.cause === 'line_lost') return false
    failures.push(toFailure(job, brought.cause, clock.now()))
    if (brought.isGone) gone.set(job.meterId, brought.cause)
    return false
  }

  for (const [priority, job] of jobs.entries()) {
    const { key, meterId } = job
    const airtimeMs = setCostMs(line, job.quirks, job.planned, speed)
    const when = { releaseAt: clock.now(), deadline: end, priority, airtimeMs }
    const run = async (): Promise<JobOutcome> =>
      (await tryJob(job, airtimeMs)) ? { kind: 'done' } : { kind: 'failed', cause: 'no_reply' }
    queue.add({ key, meterId, ...when, run })
  }
  // One item that somebody waits for is as long as a look at a relay.
  onTalking(session, () => setCostMs(line, noQuirks, { set: 'relay_status' }, speed))
  await queue.runReleased(end)
  if (isLast && mayTalk(hold)) {
    const failed = new Set(failures.map(({ meterId, template, readAt }) => `${template} ${meterId} ${readAt}`))
    const untried = [...open].filter(({ key }) => !failed.has(key))
    const causeOf = ({ meterId }: SetJob) => gone.get(meterId) ?? (isDown ? 'line_down' : 'window_over')
    failures.push(...untried.map((job) => toFailure(job, causeOf(job), clock.now())))
  }
  const counters = session.reader.counters()
  const meterOf = new Map(jobs.map(({ address, meterId }) => [address, meterId]))
  await storeEnd(options, { counters, failures, statistics: bus.takeStatistics(), meterOf })
  const kind = mayTalk(hold) ? 'passed' : 'interrupted'
  return reportOf(kind, jobs.length, jobs.length - open.size, counters)
}

async function storeBrought(
  { database, clock, hold: { lease }, store, onStored }: SetsPassOptions,
  { values, readings, unreadable, counts, absent }: SetBrought,
): Promise<void> {
  const recordedAt = clock.now()
  if (values.length + unreadable.length + counts.length > 0 || absent !== null)
    await storeReadingSet(database, { lease, recordedAt, values, unreadable, counts, absent })
  if (readings.length === 0) return
  const rest = { failures: [], quarantined: [], statistics: null }
  const stored = await store({ lease, recordedAt, readings, ...rest })
  if (stored !== null) onStored(stored)
}

async function storeUntried(
  { database, clock, hold: { lease } }: SetsPassOptions,
  jobs: readonly SetJob[],
  cause: FailureCause,
): Promise<void> {
  const recordedAt = clock.now()
  const failures = jobs.map((job) => toFailure(job, cause, recordedAt))
  await storeCollected(database, { lease, recordedAt, failures, readings: [], quarantined: [], statistics: null })
}

interface PassEnd {
  readonly counters: LineCounters
  readonly failures: readonly FailedAttempt[]
  readonly statistics: ReturnType<ObservedLine['takeStatistics']>
  /** By the address that was called. */
  readonly meterOf: ReadonlyMap<string, MeterId>
}

async function storeEnd(
  { database, clock, hold, windowStart, windowName, attempt }: SetsPassOptions,
  { counters, failures, statistics, meterOf }: PassEnd,
): Promise<void> {
  await storeSetPass(database, {
    lease: hold.lease,
    recordedAt: clock.now(),
    failures,
    meters: [...statistics].flatMap(([address, each]) => {
      const meterId = meterOf.get(address)
      return meterId === undefined ? [] : [{ meterId, ...each }]
    }),
    sums: { ...counters, repaired: 0, windowStart, windowKey: `${windowName}${attempt}` },
  })
}

function toFailure({ meterId, template, readAt }: SetJob, cause: SetCause, failedAt: Instant): FailedAttempt {
  return { meterId, template, readAt, cause, failedAt }
}

function reportOf(kind: PassReport['kind'], due: number, read: number, counters: LineCounters): PassReport {
  return { kind, due, read, repaired: 0, open: due - read, probeAt: null, counters }
}
