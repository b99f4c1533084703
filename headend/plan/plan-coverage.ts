import { present } from '../../domain/result.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import type { LineSubject } from '../../storage/headend/plan-subjects.js'
import type { CollectionPlan, PlanGroup, PlanReads, PlanSchedule, PlanTemplate } from './plan-document.js'

/** A line belongs to a group when every condition of the group holds for it, and for at least one of its meters. */
export function covers(group: PlanGroup, line: LineSubject): boolean {
  const { kinds, organisations, lines, areas, models } = group
  return (
    (kinds === undefined || kinds.includes(line.kind)) &&
    (lines === undefined || lines.includes(line.code)) &&
    (organisations === undefined || organisations.some((each) => line.organisations.includes(each))) &&
    (areas === undefined || areas.some((each) => line.areas.includes(each))) &&
    (models === undefined || models.some((each) => line.models.includes(each)))
  )
}

/** Schedules that read a template on a line, in the document's order. */
export function schedulesFor(plan: CollectionPlan, reads: PlanReads, line: LineSubject): readonly PlanSchedule[] {
  const templates = new Set(plan.templates.filter((each) => each.reads === reads).map((each) => each.name))
  return plan.schedules.filter(({ template, group }) => templates.has(template) && covers(groupOf(plan, group), line))
}

/** The carrier in whose network a line is reached; null where the plan names none. */
export function carrierOf(plan: CollectionPlan, line: LineSubject): string | null {
  return plan.limits.carriers.find(({ group }) => covers(groupOf(plan, group), line))?.name ?? null
}

export function groupOf(plan: CollectionPlan, name: string): PlanGroup {
  return present(
    plan.groups.find((each) => each.name === name),
    `group ${name}`,
  )
}

export function templateOf(plan: CollectionPlan, name: string): PlanTemplate {
  return present(
    plan.templates.find((each) => each.name === name),
    `template ${name}`,
  )
}

/** Half-open, as instants, with the starts of its passes. */
export interface WindowSpan {
  readonly start: Instant
  readonly end: Instant
  readonly passStarts: readonly Instant[]
}

/**
 * What is left of a window that begins when it should be over: the passes that were not tried, from now on, until the schedule's next
 * window opens. Each try counts as one pass.
 */
export function catchUpSpan({ window }: PlanSchedule, nextStart: Instant, now: Instant, attempt: number): WindowSpan {
  const { passesMinutes, closesMinutes } = window
  const first = passesMinutes[attempt - 1] ?? passesMinutes.at(-1) ?? 0
  const fromNow = (minutes: number) => now + (minutes - first) * minuteMs
  const passStarts = passesMinutes.slice(attempt - 1).map(fromNow)
  return { start: now, end: Math.min(fromNow(closesMinutes), nextStart), passStarts }
}

export function spanOf({ window }: PlanSchedule, due: Instant): WindowSpan {
  return {
    start: due + window.opensMinutes * minuteMs,
    end: due + window.closesMinutes * minuteMs,
    passStarts: window.passesMinutes.map((minutes) => due + minutes * minuteMs),
  }
}

/** When the window of uploads begins to which sums are booked, in milliseconds after local midnight. */
export function uploadsOpenMs(plan: CollectionPlan): number {
  const schedule = plan.schedules.find(({ group }) => groupOf(plan, group).kinds?.includes('mqtt_concentrator'))
  return (schedule?.window.opensMinutes ?? 0) * minuteMs
}
