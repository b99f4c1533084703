import { z } from 'zod'
import { calendarFor, type Instant } from '../../domain/time.js'
import type { WindowPayload } from '../../storage/headend/window-work.js'
import type { Line } from '../line-settings.js'
import { nextDue } from '../plan/next-due.js'
import { catchUpSpan, spanOf, type WindowSpan } from '../plan/plan-coverage.js'
import type { CollectionPlan, PlanSchedule } from '../plan/plan-document.js'

const payloadSchema: z.ZodType<WindowPayload> = z.object({
  schedule: z.string(),
  line: z.string(),
  device: z.string(),
  carrier: z.string().nullable(),
  dueAt: z.number(),
})

/** What the item of a window says. @throws ZodError for a row that this program did not write. */
export function parseWindow(payload: unknown): WindowPayload {
  return payloadSchema.parse(payload)
}

export function scheduleNamed(plan: CollectionPlan, name: string): PlanSchedule | null {
  return plan.schedules.find((each) => each.name === name) ?? null
}

/** When a window is collected that is taken up now; null when it is over and nothing makes up for it. */
export function spanNow(
  schedule: PlanSchedule,
  line: Pick<Line, 'timeZone'>,
  { dueAt, now, attempt }: { readonly dueAt: Instant; readonly now: Instant; readonly attempt: number },
): WindowSpan | null {
  const span = spanOf(schedule, dueAt)
  if (now < span.end) return span
  // A look that lies on the end itself comes a moment after it.
  if (!schedule.catchUp && span.passStarts.at(-1) !== span.end) return null
  const next = spanOf(schedule, nextDue(schedule.every, calendarFor(line.timeZone), dueAt))
  return now < next.start ? catchUpSpan(schedule, next.start, now, attempt) : null
}

/**
 * When the pass began in which a window is taken up; null where each try is a pass of its own: before the first one, and in a window that
 * is made up for.
 */
export function passBegunIn(schedule: PlanSchedule, dueAt: Instant, now: Instant): Instant | null {
  const { end, passStarts } = spanOf(schedule, dueAt)
  return now < end ? (passStarts.findLast((start) => start <= now) ?? null) : null
}
