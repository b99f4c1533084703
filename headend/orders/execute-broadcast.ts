import type { MeterId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import {
  insertUnsentBroadcast,
  lastBroadcastDate,
  standingApprovals,
  standingOrdersInForce,
} from '../../storage/headend/standing-orders.js'
import type { Dlt645Line, UnsentReason } from '../sessions/dlt645-line.js'
import { approveBroadcast } from './guard.js'
import { type BroadcastFacts, type BroadcastLine, mayBroadcast } from './may-broadcast.js'
import { parseStandingOrder } from './standing-order.js'
import { useStandingOrder } from './use-order.js'

export interface ExecuteBroadcastOptions {
  /** With the rights of the head-end. */
  readonly database: Database
  readonly clock: Clock
  readonly line: Dlt645Line
  readonly lease: LineLease
  readonly node: string
  readonly deadline: Instant
}

export type ExecutedBroadcast =
  /** Nobody answers a broadcast: what came of it, the next clock checks show. */
  | { readonly kind: 'sent'; readonly code: string; readonly version: number }
  | {
      readonly kind: 'not_sent'
      readonly reason: UnsentReason
      readonly meters: readonly MeterId[]
    }

/** Tells a line the time under the standing order that covers it, at most once a local day. */
export async function executeBroadcast(
  options: ExecuteBroadcastOptions,
  target: BroadcastLine,
): Promise<ExecutedBroadcast> {
  const { database, clock, line, lease, node, deadline } = options
  const facts = await loadBroadcastFacts(database, target, clock.now())
  if (facts === null) return notSent('standing_order_not_approved')
  const may = mayBroadcast(facts, clock.now())
  if (!may.ok) return notSent(may.reason, may.meters)
  if (!(await line.ready(deadline))) return notSent('line_down')
  const { code, version } = facts.standingOrder
  const now = clock.now()
  const serviceDate = target.calendar.dateAt(now)
  const used = await useStandingOrder(database, { code, version, serviceDate }, { lease, node, now })
  if (used.kind === 'not_line_owner') return notSent('not_line_owner')
  if (used.kind === 'already_used') return notSent('broadcast_done_today')
  const approved = approveBroadcast(facts, used.use, clock.now())
  const told = approved.ok ? await line.broadcast(approved.value) : approved.error.kind
  if (told === 'sent') return { kind: 'sent', code, version }
  // The day is used up, and whoever looks for the frame finds why there is none.
  await insertUnsentBroadcast(database, { lineId: lease.lineId, serviceDate, reason: told, recordedAt: clock.now() })
  return notSent(told)
}

/** The standing order in force that covers the line; when none does, the first, which then says why not. */
export async function loadBroadcastFacts(
  database: Database,
  line: BroadcastLine,
  now: Instant,
): Promise<BroadcastFacts | null> {
  const [rows, lastBroadcast] = await Promise.all([
    standingOrdersInForce(database, now),
    lastBroadcastDate(database, line.lineId),
  ])
  const candidates: BroadcastFacts[] = []
  for (const { document, author, code, version } of rows) {
    const parsed = parseStandingOrder(document)
    if (!parsed.ok) continue
    const approvals = await standingApprovals(database, code, version)
    candidates.push({ standingOrder: parsed.value, author, approvals, line, lastBroadcast })
  }
  const covers = ({ standingOrder: { lines } }: BroadcastFacts) => lines === 'all' || lines.includes(line.code)
  return candidates.find(covers) ?? candidates[0] ?? null
}

function notSent(
  reason: Extract<ExecutedBroadcast, { kind: 'not_sent' }>['reason'],
  meters: readonly MeterId[] = [],
): ExecutedBroadcast {
  return { kind: 'not_sent', reason, meters }
}
