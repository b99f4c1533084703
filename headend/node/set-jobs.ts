import { groupBy } from '../../domain/group-by.js'
import { type MeterQuirks, quirksOf } from '../../domain/meter-quirks.js'
import type { Quantity } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import { unreachable } from '../../domain/result.js'
import type { Clock, Parity } from '../../domain/runtime.js'
import { addDays, type Calendar, dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectDriftBase } from '../../storage/headend/clock-checks.js'
import type { CollectedReading, QuarantinedMessage } from '../../storage/headend/collected.js'
import type { AbsentSlots, CollectedValue, CountedEvents } from '../../storage/headend/collected-values.js'
import { selectMissingSlots } from '../../storage/headend/curves.js'
import { selectKnownEvents } from '../../storage/headend/events.js'
import { type MeterOnLine, metersDone, monthlySetPoints } from '../../storage/headend/set-due-reads.js'
import { selectUnreadFreezes } from '../../storage/headend/unread-freezes.js'
import type { Line } from '../line-settings.js'
import type { CollectionPlan, PlanTemplate } from '../plan/plan-document.js'
import type { SetItemCause, SetMeter } from '../reading-sets/ask-item.js'
import { quarterHourRecords } from '../reading-sets/curve-source.js'
import { type EventKind, lastingEventKinds } from '../reading-sets/event-kinds.js'
import { readClock } from '../reading-sets/read-clock.js'
import { type LoadCurve, readCurve } from '../reading-sets/read-curve.js'
import { readDailyFreezes } from '../reading-sets/read-daily-freezes.js'
import { readEvents } from '../reading-sets/read-events.js'
import { readMonthlySet, type SettlementFit } from '../reading-sets/read-monthly-set.js'
import { readRelayStatus } from '../reading-sets/read-relay-status.js'
import { isLost, readTouTables } from '../reading-sets/read-tou-tables.js'
import type { PlannedSet } from '../reading-sets/set-airtime.js'
import { type SetOutcome, unreadableOf } from '../reading-sets/set-outcome.js'
import type { FailureCause } from '../acquisition/failure-cause.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { calledAddress } from '../transports/dlt645-reader.js'

/** A set of one meter that a window wants. */
export interface SetJob {
  readonly key: string
  readonly meterId: MeterId
  readonly quirks: MeterQuirks
  /** As the meter is called. */
  readonly address: string
  /** What it costs. */
  readonly planned: PlannedSet
  /** Under what a failure is recorded. */
  readonly template: string
  readonly readAt: Instant
  readonly read: (line: Dlt645Line) => Promise<SetBrought>
}

/** Why a set is not whole. */
export type SetCause =
  | FailureCause
  | SetItemCause
  /** The meter has no settlement day 1. */
  | 'settlement_unused'
  /** A settlement was too near to tell which one the set is of. */
  | 'settlement_at_hand'
  /** The settlement day could not be read. */
  | 'settlement_unknown'

export interface SetBrought {
  readonly values: readonly CollectedValue[]
  readonly readings: readonly CollectedReading[]
  readonly unreadable: readonly QuarantinedMessage[]
  readonly counts: readonly CountedEvents[]
  readonly absent: AbsentSlots | null
  /** Null for a set that brought all that the meter has. */
  readonly cause: SetCause | null
  /** The meter or its line is gone: it is not asked for more in this pass. */
  readonly isGone: boolean
}

export interface SetJobsOptions {
  readonly database: Queryable
  readonly clock: Clock
  readonly plan: CollectionPlan
  readonly line: Line
  readonly template: PlanTemplate
  readonly meters: readonly MeterOnLine[]
  /** Names the window in the statistics of its passes. */
  readonly windowName: string
  readonly dueAt: Instant
  readonly end: Instant
}

/** What a window still wants of the meters of its line, in the order of trying. */
export function setJobs(options: SetJobsOptions): Promise<readonly SetJob[]> {
  const { template } = options
  switch (template.reads) {
    case 'daily_freeze':
      return freezeJobs(options, template.quantities ?? [])
    case 'monthly_set':
      return monthlyJobs(options)
    case 'curve':
      return curveJobs(options, template.curve)
    case 'events':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'events' },
        read: async (line) => {
          const { database, clock } = options
          const rows = await selectKnownEvents(database, meter.meterId, lastingEventKinds)
          const known = new Map(
            rows.map(({ kind, counted, is_open }) => [kind as EventKind, { counted, isOpen: is_open }] as const),
          )
          const read = await readEvents(line, clock, meter, { known })
          // A meter that does not keep a kind of event has said so, and nothing is missing.
          return { ...broughtBy(read, isKept), counts: read.counts }
        },
      }))
    case 'clock':
      return lookJobs(options, 'any', ({ meter }) => ({
        planned: { set: 'clock', edition: meter.edition },
        read: async (line) => {
          const { database, clock, plan } = options
          const base = await selectDriftBase(database, meter.meterId, clock.now())
          const previous =
            base === null
              ? null
              : { at: base.checked_at, offsetMs: Number(base.offset_ms), uncertaintyMs: Number(base.uncertainty_ms) }
          return broughtBy(
            await readClock(line, clock, meter, { limits: plan.clock, baud: baudOf(options.line), previous }),
          )
        },
      }))
    case 'relay_status':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'relay_status' },
        read: async (line) => broughtBy(await readRelayStatus(line, meter), isKept),
      }))
    case 'tou_tables':
      return lookJobs(options, '2007', ({ meter }) => ({
        planned: { set: 'tou_tables' },
        // What the meter says that it does not have is a state of its tables, not a gap.
        read: async (line) => broughtBy(await readTouTables(line, meter), isLost),
      }))
    default:
      return Promise.resolve(unreachable(template))
  }
}

interface AskedMeter extends MeterOnLine {
  readonly meter: SetMeter
  readonly quirks: MeterQuirks
}

function askedMeters({ plan, line, meters }: SetJobsOptions): readonly AskedMeter[] {
  return meters.map((each) => {
    const quirks = quirksOf(plan.models, each.model)
    const meter: SetMeter = {
      meterId: each.meterId,
      address: calledAddress(each.communicationAddress, quirks),
      edition: quirks.edition ?? '2007',
      hasParity: (quirks.parity ?? parityOf(line)) !== 'none',
    }
    return { ...each, meter, quirks }
  })
}

function parityOf({ settings }: Line): Parity {
  return 'parity' in settings ? settings.parity : 'even'
}

/** Null where bytes reach the meters through a concentrator. */
function baudOf({ settings }: Line): number | null {
  return 'baud' in settings ? settings.baud : null
}

type Wanted = Pick<SetJob, 'planned' | 'read'>

function toJob({ meter, quirks }: AskedMeter, point: Pick<SetJob, 'template' | 'readAt'>, wanted: Wanted): SetJob {
  const key = `${point.template} ${meter.meterId} ${point.readAt}`
  return { key, meterId: meter.meterId, quirks, address: meter.address, ...point, ...wanted }
}

/** One look at each meter a window, whatever was seen before. */
async function lookJobs(
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

function doneBefore(
  { database, line, meters, windowName }: SetJobsOptions,
  point: Pick<SetJob, 'template' | 'readAt'>,
): Promise<ReadonlySet<MeterId>> {
  const meterIds = meters.map(({ meterId }) => meterId)
  return metersDone(database, { meterIds, lineId: line.lineId, keyPrefix: windowName, ...point })
}

/** The last settlement overwrites nothing that is a month away: an older reading moment is no longer under DI0 = 01. */
const monthlyReachMs = 27 * dayMs

/** Reading moments that nothing serves, and those whose set was not whole when it was read in this window. */
async function monthlyJobs(options: SetJobsOptions): Promise<readonly SetJob[]> {
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

/** Missing slots by meter and local day, the newest day of every meter first, as far back as the plan goes. */
async function curveJobs(options: SetJobsOptions, curve: LoadCurve): Promise<readonly SetJob[]> {
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

/** Further quantities of midnights that are due, the newest first. */
async function freezeJobs(options: SetJobsOptions, quantities: readonly Quantity[]): Promise<readonly SetJob[]> {
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

const nothingBrought: SetBrought = {
  values: [],
  readings: [],
  unreadable: [],
  counts: [],
  absent: null,
  cause: null,
  isGone: false,
}

/** @param counts which problems make a set not whole. */
function broughtBy(outcome: SetOutcome, counts: (cause: SetItemCause) => boolean = () => true): SetBrought {
  const cause = outcome.problems.find((problem) => counts(problem.cause))?.cause ?? null
  const isGone = outcome.problems.some((problem) => isGoneBy(problem.cause))
  return { ...nothingBrought, values: outcome.values, unreadable: unreadableOf(outcome), cause, isGone }
}

/** What a meter does not have by its own word is not missing. */
function isKept(cause: SetItemCause): boolean {
  return cause !== 'no_such_data' && cause !== 'value_absent'
}

function isGoneBy(cause: FailureCause | SetItemCause): boolean {
  return cause === 'line_down' || cause === 'line_lost' || cause === 'no_reply' || cause === 'wrong_answer'
}
