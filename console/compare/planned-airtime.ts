import { groupBy } from '../../domain/group-by.js'
import { isSeenBus } from '../../headend/schedule/foretell.js'
import { busFeasibility, type LineFeasibility } from '../../headend/plan/plan-feasibility.js'
import { templateOf } from '../../headend/plan/plan-coverage.js'
import type { CollectionPlan, Every, PlanSchedule } from '../../headend/plan/plan-document.js'
import type { LineSubject } from '../../storage/headend/plan-subjects.js'
import type { Line } from '../../headend/line-settings.js'
import { present } from '../../domain/result.js'

/** What the windows of a plan take that read one thing on lines of one kind, computed and not rehearsed. Milliseconds of one window. */
export interface PlannedAirtime {
  /** What is read, with what it is narrowed to: a curve, further quantities. */
  readonly reads: string
  readonly kind: Line['kind']
  /** `day 00:05–07:00`: how often, and from when to when after the due instant. */
  readonly window: string
  readonly lines: number
  readonly points: number
  readonly airtimeMs: number
  /** Of the line that is busiest. */
  readonly busiestMs: number
  readonly windowMs: number
  readonly unfitLines: number
}

export interface PlannedLine {
  readonly line: Line
  readonly subject: LineSubject
  /** Of its meters. */
  readonly models: readonly string[]
}

/** In order of what is read, kind of line and window. Gateways and concentrators mind their own meters and are not here. */
export function plannedAirtime(plan: CollectionPlan, lines: readonly PlannedLine[]): readonly PlannedAirtime[] {
  const windows = lines.flatMap(({ line, subject, models }) => {
    if (!isSeenBus(line)) return []
    const protocol = line.kind.startsWith('modbus') ? ('modbus' as const) : ('dlt645_2007' as const)
    const counted = [...groupBy(models, (model) => model)].map(([model, all]) => {
      return { lineId: line.lineId, model, protocol, meters: all.length }
    })
    const asked = { bus: line, models: counted, measured: null }
    return busFeasibility(plan, subject, asked).map((each) => ({ ...each, kind: line.kind, ...labelOf(plan, each) }))
  })
  const rows = [...groupBy(windows, ({ reads, kind, window }) => `${reads} ${kind} ${window}`)]
  return rows.toSorted(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, group]) => sumOf(group))
}

type Labelled = LineFeasibility & Pick<PlannedAirtime, 'reads' | 'kind' | 'window'>

function sumOf(group: readonly Labelled[]): readonly PlannedAirtime[] {
  const sum = (of: (each: Labelled) => number) => group.reduce((total, each) => total + of(each), 0)
  return group.slice(0, 1).map(({ reads, kind, window, windowMs }) => ({
    reads,
    kind,
    window,
    lines: group.length,
    points: sum(({ jobs }) => jobs),
    airtimeMs: sum(({ predictedMs }) => predictedMs),
    busiestMs: Math.max(...group.map(({ predictedMs }) => predictedMs)),
    windowMs,
    unfitLines: group.filter(({ unfitJobs }) => unfitJobs > 0).length,
  }))
}

function labelOf(plan: CollectionPlan, { schedule: name }: LineFeasibility): Pick<PlannedAirtime, 'reads' | 'window'> {
  const schedule = present(
    plan.schedules.find((each) => each.name === name),
    `schedule ${name}`,
  )
  const template = templateOf(plan, schedule.template)
  const narrowed =
    template.reads === 'curve'
      ? template.curve
      : template.reads === 'daily_freeze' && template.quantities !== undefined
        ? template.quantities.join('+')
        : null
  return { reads: narrowed === null ? template.reads : `${template.reads} ${narrowed}`, window: windowText(schedule) }
}

function windowText({ every, window: { opensMinutes, closesMinutes } }: PlanSchedule): string {
  return `${everyText(every)} ${clockText(opensMinutes)}–${clockText(closesMinutes)}`
}

function everyText(every: Every): string {
  return every.unit === 'minutes' ? `${every.minutes} min` : every.unit
}

function clockText(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
