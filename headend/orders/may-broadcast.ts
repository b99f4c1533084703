import type { BroadcastRefusalReason, OrderApproval } from '../../domain/meter-order.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import { type Calendar, dayMs, hourMs, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { mostStepMs, type StandingOrder, standingOrderDigest } from './standing-order.js'

/** What a meter's clock showed when it was asked last. */
export interface CheckedClock {
  readonly meterId: MeterId
  /** The meter's time less true time, exact to ± uncertainty. */
  readonly offsetMs: number
  readonly uncertaintyMs: number
  readonly checkedAt: Instant
}

export interface BroadcastLine {
  readonly lineId: LineId
  readonly code: string
  readonly calendar: Calendar
  /** The latest check of each of its meters. */
  readonly clocks: readonly CheckedClock[]
}

export interface BroadcastFacts {
  readonly standingOrder: StandingOrder
  readonly author: string
  readonly approvals: readonly OrderApproval[]
  readonly line: BroadcastLine
  /** Local day of the line's last broadcast; null when there was none. */
  readonly lastBroadcast: LocalDate | null
}

export type MayBroadcast =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: BroadcastRefusalReason
      /** Meters that need an order of their own before the line can be told the time. */
      readonly meters: readonly MeterId[]
    }

const approvalsNeeded = 2

/** Whether the time may go out to all meters of a line now, and what forbids it. */
export function mayBroadcast(facts: BroadcastFacts, now: Instant): MayBroadcast {
  const { standingOrder, line, lastBroadcast } = facts
  const today = line.calendar.dateAt(now)
  const reason =
    paperReason(facts, today, now) ??
    (lastBroadcast !== null && lastBroadcast >= today ? 'broadcast_done_today' : null) ??
    timeReason(standingOrder, line.calendar, now)
  if (reason !== null) return { ok: false, reason, meters: [] }
  return judgeSteps(standingOrder, line, now)
}

function paperReason(
  { standingOrder, author, approvals, line }: BroadcastFacts,
  today: LocalDate,
  now: Instant,
): BroadcastRefusalReason | null {
  const digest = standingOrderDigest(standingOrder)
  const approvers = new Set(
    approvals
      .filter(({ approver, approvedAt }) => approver !== author && approvedAt <= now)
      .filter(({ orderDigest }) => orderDigest.equals(digest))
      .map(({ approver }) => approver),
  )
  if (approvers.size < approvalsNeeded) return 'standing_order_not_approved'
  if (!standingOrder.enabled) return 'standing_order_disabled'
  if (today < standingOrder.validFrom || today >= standingOrder.validTo) return 'standing_order_not_valid'
  const isCovered = standingOrder.lines === 'all' || standingOrder.lines.includes(line.code)
  return isCovered ? null : 'line_not_covered'
}

function timeReason(order: StandingOrder, calendar: Calendar, now: Instant): BroadcastRefusalReason | null {
  const { hours, clearOf, settlements, slotBorders } = order
  const today = calendar.dateAt(now)
  const sinceMidnight = now - calendar.startOfDay(today)
  if (sinceMidnight < msOfTime(hours.from) || sinceMidnight >= msOfTime(hours.to)) return 'outside_hours'
  if (roundTheDay(sinceMidnight, 0) < clearOf.midnightMinutes * minuteMs) return 'near_midnight'
  // Either side of a midnight: the settlement moment may be on the day before or after.
  const days = [-dayMs, 0, dayMs].map((offset) => calendar.dateAt(now + offset))
  const isNearSettlement = days.some((date) =>
    settlements.some(
      (moment) =>
        date.slice(-2) === moment.slice(0, 2) &&
        Math.abs(calendar.startOfDay(date) + Number(moment.slice(2)) * hourMs - now) <
          clearOf.settlementMinutes * minuteMs,
    ),
  )
  if (isNearSettlement) return 'near_settlement'
  const isNearSlot = slotBorders.some(
    (border) => roundTheDay(sinceMidnight, msOfTime(border)) < clearOf.slotMinutes * minuteMs,
  )
  return isNearSlot ? 'near_slot_border' : null
}

function judgeSteps(order: StandingOrder, { clocks }: BroadcastLine, now: Instant): MayBroadcast {
  const recent = clocks.filter(
    ({ checkedAt }) => checkedAt <= now && now - checkedAt <= order.checkedWithinHours * hourMs,
  )
  if (recent.length === 0) return { ok: false, reason: 'clock_not_checked', meters: [] }
  const tooFar = recent.filter(({ offsetMs, uncertaintyMs }) => Math.abs(offsetMs) + uncertaintyMs > mostStepMs(order))
  if (tooFar.length === 0) return { ok: true }
  return { ok: false, reason: 'step_too_big', meters: tooFar.map(({ meterId }) => meterId) }
}

/** Time between two times of day, the short way round. */
function roundTheDay(left: number, right: number): number {
  const apart = Math.abs(left - right)
  return Math.min(apart, dayMs - apart)
}

function msOfTime(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * hourMs + minute * minuteMs
}
