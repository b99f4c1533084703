import type { BroadcastRefusalReason, OrderRefusalReason } from '../../domain/meter-order.js'
import { err, invariant, ok, present, type Result, unreachable } from '../../domain/result.js'
import { type Instant, minuteMs, secondMs, weekdayOf } from '../../domain/time.js'
import { sealedHex } from '../../protocols/dlt645/masked-hex.js'
import type { Message } from '../../protocols/dlt645/message.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import {
  broadcastTimeRequest,
  clearEventsRequest,
  encodeWriteRequest,
  freezeNowRequest,
  permitCloseRequest,
  type WriteAuthority,
  writeItemRequest,
  type WriteRequest,
} from '../../protocols/dlt645/write-requests.js'
import type { MeterCredential } from './credential.js'
import { type FreshUse, spend } from './fresh-use.js'
import { judgeOrder, type OrderFacts, type ShownClock } from './judge-order.js'
import { type BroadcastFacts, mayBroadcast } from './may-broadcast.js'
import { type ClockItem, itemBytes, type OrderAct } from './order-kinds.js'

/*
 * The only module that turns an order into a frame that changes a meter. What it answers cannot be made anywhere else: the type has
 * a brand that is not exported, and `redeem` knows each frame it gave out and gives its bytes once, at the moment at which they go
 * out: what was approved then is judged once more, and a time that is written is the time of that moment.
 */

declare const approved: unique symbol

/** One write to one meter, approved and used. */
export interface ApprovedFrame {
  readonly [approved]: 'write'
}

/** One broadcast of the time on a line, under a standing order. */
export interface ApprovedBroadcast {
  readonly [approved]: 'broadcast'
}

export interface RedeemedFrame {
  /** What the answer has to match. */
  readonly request: Message
  readonly bytes: Buffer
  /** The bytes for people and records: without password, operator code and checksum. */
  readonly trace: string
}

/** Why an approved frame is dropped at the last moment. */
export type UnsaidReason = OrderRefusalReason | BroadcastRefusalReason | 'frame_stale'

/** When a frame goes out, as the line sees it. */
export interface RedeemMoment {
  readonly wakeUpBytes: number
  readonly now: Instant
  /** Part of the time since its approval that the line's own silence before a request called for. */
  readonly waitedMs: number
}

interface Unredeemed {
  readonly approvedAt: Instant
  readonly requestAt: (now: Instant) => Result<WriteRequest, { readonly kind: UnsaidReason }>
}

/** A frame leaves so soon after its approval, the line's silence before it not counted, or never. */
export const mostDelayMs = secondMs

const unredeemed = new WeakMap<object, Unredeemed>()

/** What an approval rests on beside the stored facts. */
export interface WriteMoment {
  readonly now: Instant
  /** What the meter's clock showed a moment ago; null for orders that do not set it. */
  readonly clock: ShownClock | null
  readonly credential: MeterCredential | null
}

/**
 * The frame of an order whose use was committed just now. Everything is judged again, because time has passed since; a refusal here
 * leaves a use without a frame. `facts.isUsed` speaks of uses other than this one.
 */
export function approveWrite(
  facts: OrderFacts,
  use: FreshUse,
  { now, clock, credential }: WriteMoment,
): Result<ApprovedFrame, { readonly kind: OrderRefusalReason }> {
  const of = spend(use)
  if (of?.kind !== 'order' || of.orderId !== facts.order.orderId) return err({ kind: 'already_used' })
  const judgedFacts = { ...facts, ownedLine: of.lineId, hasCredential: credential !== null }
  const { communicationAddress, expiresAt } = facts.order
  const requestAt = (at: Instant): Result<WriteRequest, { readonly kind: OrderRefusalReason }> => {
    const judged = judgeOrder(judgedFacts, at, clock)
    if (!judged.ok) return err({ kind: judged.reason })
    if (judged.act.kind === 'set_clock' && clock === null) return err({ kind: 'limits_exceeded' })
    return ok(requestOf(judged.act, communicationAddress, credential, { now: at, expiresAt }))
  }
  const request = requestAt(now)
  return request.ok ? ok(issue({ approvedAt: now, requestAt }) as ApprovedFrame) : request
}

/** The day's broadcast of a line whose use was committed just now. */
export function approveBroadcast(
  facts: BroadcastFacts,
  use: FreshUse,
  now: Instant,
): Result<ApprovedBroadcast, { readonly kind: BroadcastRefusalReason }> {
  const of = spend(use)
  const { standingOrder, line } = facts
  const isOwn = of?.kind === 'standing' && of.code === standingOrder.code && of.version === standingOrder.version
  if (!isOwn || of.lineId !== line.lineId) return err({ kind: 'broadcast_done_today' })
  const requestAt = (at: Instant): Result<WriteRequest, { readonly kind: BroadcastRefusalReason }> => {
    const may = mayBroadcast(facts, at)
    return may.ok ? ok(broadcastTimeRequest(nearestSecond(at))) : err({ kind: may.reason })
  }
  const request = requestAt(now)
  return request.ok ? ok(issue({ approvedAt: now, requestAt }) as ApprovedBroadcast) : request
}

/**
 * The bytes of an approved frame as they go out now, or why they may not: too long ago approved (a process that stood still, a clock
 * that was set back), or no longer allowed. A frame is asked for once, whatever the answer; asking again, or with anything else, is a
 * defect of ours.
 */
export function redeem(
  frame: ApprovedFrame | ApprovedBroadcast,
  { wakeUpBytes, now, waitedMs }: RedeemMoment,
): Result<RedeemedFrame, { readonly kind: UnsaidReason }> {
  const issued = unredeemed.get(frame)
  invariant(issued !== undefined, 'a frame that writes comes from the guard and leaves once')
  unredeemed.delete(frame)
  const sinceApproval = now - issued.approvedAt
  if (sinceApproval < 0 || sinceApproval - waitedMs > mostDelayMs) return err({ kind: 'frame_stale' })
  const request = issued.requestAt(now)
  if (!request.ok) return request
  const bytes = encodeWriteRequest(request.value, { wakeUpBytes })
  return ok({ request: request.value, bytes, trace: sealedHex(bytes) })
}

/** Known to `redeem` and to nobody else. */
function issue(approval: Unredeemed): object {
  const frame = Object.freeze({})
  unredeemed.set(frame, approval)
  return frame
}

function requestOf(
  act: OrderAct,
  address: string,
  credential: MeterCredential | null,
  { now, expiresAt }: { readonly now: Instant; readonly expiresAt: Instant },
): WriteRequest {
  const authority = (): WriteAuthority => present(credential, 'a credential').open()
  switch (act.kind) {
    case 'set_clock':
      return writeItemRequest(address, authority(), act.item, clockBytes(act.item, now))
    case 'tariff_table':
    case 'tariff_switch':
      return writeItemRequest(address, authority(), act.item, present(itemBytes(act.item, act.values), act.item))
    case 'relay_permit_close': {
      const validUntil = Math.min(expiresAt, now + act.validMinutes * minuteMs)
      return permitCloseRequest(address, authority(), meterTimeAt(validUntil))
    }
    case 'event_reset':
      return clearEventsRequest(address, authority(), act.events)
    case 'freeze':
      return freezeNowRequest(address)
    default:
      return unreachable(act)
  }
}

/** Time, weekday and date in the order in which each clock item has them. */
function clockBytes(item: ClockItem, now: Instant): Buffer {
  const [date = '', time = ''] = nearestSecond(now).split('T')
  const weekday = `0${weekdayOf(date)}`
  const values = { '0400010C': [time, weekday, date], '04000101': [weekday, date], '04000102': [time] }[item]
  return present(itemBytes(item, values), item)
}

/** Meters show whole seconds; half a second early is as good as half a second late. */
function nearestSecond(now: Instant): string {
  return meterTimeAt(now + secondMs / 2)
}
