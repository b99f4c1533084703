import type { MeterId } from './reading.js'
import type { Instant } from './time.js'

/** What is to be written to one meter, once. `parameters` are as stored; `headend/orders/order-kinds.ts` says what they must be. */
export interface MeterOrder {
  /** UUID of everything below but `recordedAt`, so that the same proposal twice is one order. */
  readonly orderId: string
  readonly meterId: MeterId
  /** Twelve digits under which the author knew the meter. */
  readonly communicationAddress: string
  readonly kind: string
  readonly parameters: unknown
  /** Which sealed password goes with it; null where the meter asks for none. */
  readonly credentialCode: string | null
  readonly reason: string
  readonly author: string
  /** Valid in [notBefore, expiresAt). */
  readonly notBefore: Instant
  readonly expiresAt: Instant
  /** SHA-256 of the order; approvals name it. */
  readonly orderDigest: Buffer
  readonly recordedAt: Instant
}

export interface OrderApproval {
  readonly approver: string
  readonly orderDigest: Buffer
  readonly approvedAt: Instant
}

/** Approvals that a kind of order needs. */
export interface OrderRule {
  readonly kind: string
  readonly approvals: number
  readonly longestMinutes: number
}

/** Why nothing is written. */
export const orderRefusalReasons = [
  'not_approved',
  'expired',
  'not_yet',
  'already_used',
  'wrong_meter',
  'not_installed',
  'kind_unknown',
  'limits_exceeded',
  'edited',
  'not_line_owner',
  'credential_missing',
] as const
export type OrderRefusalReason = (typeof orderRefusalReasons)[number]

/**
 * What became of an order once its frame may have left.
 * - `verified`: asked afterwards, the meter shows what was ordered.
 * - `not_verified`: asked afterwards, it shows something else, whatever it answered to the write.
 * - `refused`: it said no.
 * - `unknown`: nobody could ask it yet; asked again later, never written again.
 */
export type OrderVerdict = 'verified' | 'not_verified' | 'refused' | 'unknown'

/** Why broadcast time does not go out on a line now. */
export const broadcastRefusalReasons = [
  'standing_order_not_approved',
  'standing_order_not_valid',
  'standing_order_disabled',
  'line_not_covered',
  'broadcast_done_today',
  'outside_hours',
  'near_midnight',
  'near_settlement',
  'near_slot_border',
  'clock_not_checked',
  'step_too_big',
] as const
export type BroadcastRefusalReason = (typeof broadcastRefusalReasons)[number]

/**
 * What keeps an order from being used besides the guard: no such order, no line, a meter that does not tell its time. Or what keeps its
 * frame from leaving: the line may be another's by now, or the frame could not leave at once.
 */
export type NotSentReason = 'order_not_found' | 'line_down' | 'no_reply' | 'line_lost' | 'frame_stale'

/** Everything that the commands about orders may say no with. */
export type OrderReason =
  | OrderRefusalReason
  | BroadcastRefusalReason
  | NotSentReason
  | 'meter_unknown'
  | 'actor_unknown'
  | 'approver_not_person'
  | 'author_is_approver'
  | 'reason_missing'
  | 'validity_wrong'
  | 'exists_with_different_document'
  | 'order_not_verified'
  | 'line_kind_unsupported'
