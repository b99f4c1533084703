import type { MeterOrder, OrderApproval, OrderRefusalReason, OrderRule } from '../../domain/meter-order.js'
import type { LineId, MeterId } from '../../domain/reading.js'
import { beijing, dayMs, type Instant, minuteMs, secondMs } from '../../domain/time.js'
import { reachesMany } from '../../protocols/dlt645/address.js'
import { orderDigestOf } from './order-digest.js'
import { needsCredential, type OrderAct, parseOrderAct } from './order-kinds.js'

/** Where the order's meter hangs now. */
export interface OrderInstallation {
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly communicationAddress: string
  readonly protocol: string
  /** Meters on the line that answer to this address; more than one and nobody can say whom a frame reaches. */
  readonly sameAddress: number
}

/** What the meter's clock showed when it was asked: less true time, exact to ± uncertainty. */
export interface ShownClock {
  readonly offsetMs: number
  readonly uncertaintyMs: number
}

export interface OrderFacts {
  readonly order: MeterOrder
  readonly approvals: readonly OrderApproval[]
  /** How many approvals the kind needs; null when nobody said so. */
  readonly rule: Pick<OrderRule, 'approvals'> | null
  readonly isUsed: boolean
  /** Null when the meter hangs nowhere. */
  readonly installation: OrderInstallation | null
  /** The line that is ours to talk on; null when it is another's. */
  readonly ownedLine: LineId | null
  readonly hasCredential: boolean
}

export type Judged =
  | { readonly ok: true; readonly act: OrderAct }
  | { readonly ok: false; readonly reason: OrderRefusalReason }

/** A step near midnight could make a daily freeze twice or not at all. */
const clearOfMidnightMs = 10 * minuteMs

/**
 * Whether an order may be turned into a frame now. `clock` is what the meter showed, for orders that set it; null while it was not
 * asked yet, then the size of the step is not judged.
 */
export function judgeOrder(facts: OrderFacts, now: Instant, clock: ShownClock | null): Judged {
  const { order } = facts
  if (!orderDigestOf(order).equals(order.orderDigest)) return refuse('edited')
  const act = parseOrderAct(order.kind, order.parameters)
  if (!act.ok) return refuse('kind_unknown')
  const reason =
    paperReason(facts, now) ??
    timeReason(order, now) ??
    placeReason(facts) ??
    (needsCredential(act.value.kind) && !facts.hasCredential ? 'credential_missing' : null) ??
    limitReason(act.value, now, clock)
  return reason === null ? { ok: true, act: act.value } : refuse(reason)
}

function paperReason({ order, approvals, rule, isUsed }: OrderFacts, now: Instant): OrderRefusalReason | null {
  if (isUsed) return 'already_used'
  const approvers = new Set(
    approvals
      .filter(({ approver, approvedAt }) => approver !== order.author && approvedAt <= now)
      .filter(({ orderDigest }) => orderDigest.equals(order.orderDigest))
      .map(({ approver }) => approver),
  )
  return rule === null || approvers.size < Math.max(1, rule.approvals) ? 'not_approved' : null
}

function timeReason({ notBefore, expiresAt }: MeterOrder, now: Instant): OrderRefusalReason | null {
  if (now < notBefore) return 'not_yet'
  return now >= expiresAt ? 'expired' : null
}

function placeReason({ order, installation, ownedLine }: OrderFacts): OrderRefusalReason | null {
  if (installation === null) return 'not_installed'
  const isMeant =
    installation.meterId === order.meterId &&
    installation.communicationAddress === order.communicationAddress &&
    installation.protocol === 'dlt645_2007' &&
    installation.sameAddress === 1 &&
    !reachesMany(order.communicationAddress)
  if (!isMeant) return 'wrong_meter'
  return ownedLine === installation.lineId ? null : 'not_line_owner'
}

function limitReason(act: OrderAct, now: Instant, clock: ShownClock | null): OrderRefusalReason | null {
  if (act.kind !== 'set_clock') return null
  if (isNearMidnight(now)) return 'limits_exceeded'
  if (clock === null) return null
  const shown = now + clock.offsetMs
  const step = Math.abs(clock.offsetMs) + clock.uncertaintyMs
  const sameDay = beijing.dateAt(shown) === beijing.dateAt(now)
  const isWithin = step <= act.mostStepSeconds * secondMs && (act.acrossDays || (sameDay && !isNearMidnight(shown)))
  return isWithin ? null : 'limits_exceeded'
}

function isNearMidnight(at: Instant): boolean {
  const sinceMidnight = at - beijing.startOfDayAt(at)
  return Math.min(sinceMidnight, dayMs - sinceMidnight) < clearOfMidnightMs
}

function refuse(reason: OrderRefusalReason): Judged {
  return { ok: false, reason }
}
