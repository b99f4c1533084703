import { groupBy } from '../../domain/group-by.js'
import type { LineId } from '../../domain/reading.js'
import { unreachable } from '../../domain/result.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type ModelOnLine, modelsOnLines } from '../../storage/headend/line-models.js'
import { loadLines } from '../../storage/headend/lines.js'
import { type LineSubject, loadLineSubjects } from '../../storage/headend/plan-subjects.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import { modelsOf } from '../acquisition/models-of.js'
import { inOrderOfTrying } from '../acquisition/order-of-trying.js'
import { portGroupOf } from '../acquisition/prepare-due.js'
import { parseLine } from '../line-settings.js'
import { quarterHourRecords } from '../reading-sets/curve-source.js'
import type { PlannedSet } from '../reading-sets/set-airtime.js'
import type { ForecastBus } from '../schedule/line-forecast.js'
import { forecastBus, isSeenBus, measuredSpeeds, type SeenBus, toSpeed } from '../schedule/foretell.js'
import { setCostMs } from '../schedule/set-cost.js'
import { covers, groupOf, spanOf, templateOf } from './plan-coverage.js'
import type { CollectionPlan, Every, PlanSchedule } from './plan-document.js'

/** What one window of a plan takes on one line of the registry, with nothing left over from earlier ones. Milliseconds. */
export interface LineFeasibility {
  readonly schedule: string
  readonly line: string
  /** Reads of meters that the window wants. */
  readonly jobs: number
  readonly predictedMs: number
  /** From the first pass to the close. */
  readonly windowMs: number
  /** Reads that the window does not hold, and the airtime that is missing for them. */
  readonly unfitJobs: number
  readonly missingMs: number
}

/**
 * Every window of a plan on every line that it covers and whose bus we see: gateways and concentrators mind their own meters. Predicted
 * with what was measured on the line, otherwise with what lines are usually like.
 */
export async function planFeasibility(
  queryable: Queryable,
  plan: CollectionPlan,
  now: Instant,
): Promise<readonly LineFeasibility[]> {
  const rows = await loadLines(queryable)
  const buses = new Map<LineId, SeenBus>()
  for (const row of rows) {
    const parsed = parseLine(row)
    if (parsed.ok && isSeenBus(parsed.value)) buses.set(row.line_id, parsed.value)
  }
  const speeds = await measuredSpeeds(queryable, [...buses.keys()], now)
  const models = groupBy(await modelsOnLines(queryable, now), ({ lineId }) => lineId)
  return (await loadLineSubjects(queryable, now)).flatMap((subject) => {
    const bus = buses.get(subject.lineId)
    if (bus === undefined) return []
    const measured = toSpeed(speeds.get(subject.lineId))
    return busFeasibility(plan, subject, { bus, models: models.get(subject.lineId) ?? [], measured })
  })
}

/** Every window of a plan on one bus that it covers. */
export function busFeasibility(
  plan: CollectionPlan,
  subject: LineSubject,
  asked: AskedBus,
): readonly LineFeasibility[] {
  if (subject.meters === 0) return []
  return plan.schedules
    .filter(({ group }) => covers(groupOf(plan, group), subject))
    .map((each) => lineFeasibility(plan, each, asked))
    .filter(({ jobs }) => jobs > 0)
}

export interface AskedBus {
  readonly bus: SeenBus
  readonly models: readonly ModelOnLine[]
  readonly measured: ForecastBus['measured']
}

function lineFeasibility(plan: CollectionPlan, schedule: PlanSchedule, asked: AskedBus): LineFeasibility {
  const { passStarts, end } = spanOf(schedule, 0)
  const windowMs = end - (passStarts[0] ?? end)
  const isFreeze = templateOf(plan, schedule.template).reads === 'daily_freeze'
  const freezes = forecastBus(asked.bus, asked.measured, {
    due: isFreeze ? freezesOf(plan, asked.models) : [],
    window: { passStarts, end },
    quirksOf: modelsOf(plan),
  })
  const sets = fitSets(setCosts(plan, schedule, asked), windowMs - freezes.airtimeMs)
  return {
    schedule: schedule.name,
    line: asked.bus.code,
    jobs: freezes.jobs + sets.jobs,
    predictedMs: Math.ceil(freezes.airtimeMs + freezes.missingMs + sets.totalMs),
    windowMs,
    unfitJobs: freezes.unfit.length + sets.unfitJobs,
    missingMs: Math.ceil(freezes.missingMs + sets.missingMs),
  }
}

/** A midnight of each meter, in the order of trying. */
function freezesOf(plan: CollectionPlan, models: readonly ModelOnLine[]): readonly OpenRead[] {
  let meterId = 0n
  const due = models.flatMap(({ model, meters }) =>
    Array.from({ length: meters }, () => ({ meterId: ++meterId, communicationAddress: '', model, readAt: 0 })),
  )
  return inOrderOfTrying(due, portGroupOf(plan))
}

/** Sets of one model's meters, each as long as the other. */
interface SetCost {
  readonly meters: number
  readonly costMs: number
}

function setCosts(
  plan: CollectionPlan,
  schedule: PlanSchedule,
  { bus, models, measured }: AskedBus,
): readonly SetCost[] {
  return models.flatMap(({ model, protocol, meters }): readonly SetCost[] => {
    if (protocol !== 'dlt645_2007') return []
    const planned = plannedSet(plan, schedule, bus, model)
    if (planned === null) return []
    return [{ meters, costMs: setCostMs(bus, modelsOf(plan)(model), planned, measured) }]
  })
}

/** What a schedule of sets wants of a meter of a model; null where such a meter has nothing of the kind. */
function plannedSet(
  plan: CollectionPlan,
  schedule: PlanSchedule,
  { settings }: SeenBus,
  model: string,
): PlannedSet | null {
  const quirks = modelsOf(plan)(model)
  const edition = quirks.edition ?? '2007'
  const hasParity = (quirks.parity ?? ('parity' in settings ? settings.parity : 'even')) !== 'none'
  const template = templateOf(plan, schedule.template)
  switch (template.reads) {
    case 'monthly_set':
      return { set: 'monthly_set', edition, hasParity }
    case 'clock':
      return { set: 'clock', edition }
    case 'daily_freeze':
      if (template.quantities === undefined || edition === '1997') return null
      return { set: 'daily_freeze', quantities: template.quantities, hasParity }
    case 'curve':
      return edition === '1997' ? null : { set: 'curve', curve: template.curve, slots: slotsOf(schedule.every) }
    case 'events':
    case 'relay_status':
    case 'tou_tables':
      return edition === '1997' ? null : { set: template.reads }
    default:
      return unreachable(template)
  }
}

const slotsOfDay = 96
const usualMonthDays = 31

/** Slots of a curve that have closed since the window before. */
function slotsOf(every: Every): number {
  if (every.unit === 'minutes') return Math.max(1, Math.ceil((every.minutes * minuteMs) / quarterHourRecords.slotMs))
  return every.unit === 'month' ? usualMonthDays * slotsOfDay : slotsOfDay
}

/** One set after the other until the room is full. */
function fitSets(costs: readonly SetCost[], roomMs: number) {
  let left = Math.max(0, roomMs)
  const sum = { jobs: 0, totalMs: 0, unfitJobs: 0, missingMs: 0 }
  for (const { meters, costMs } of costs) {
    const fitting = costMs === 0 ? meters : Math.min(meters, Math.floor(left / costMs))
    left -= fitting * costMs
    sum.jobs += meters
    sum.totalMs += meters * costMs
    sum.unfitJobs += meters - fitting
    sum.missingMs += (meters - fitting) * costMs
  }
  return sum
}

/** Windows of lines that do not hold what is read there. */
export function unfitOf(lines: readonly LineFeasibility[]): readonly LineFeasibility[] {
  return lines.filter(({ unfitJobs }) => unfitJobs > 0)
}
