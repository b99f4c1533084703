import { type ModelQuirks, quirksOf } from '../../domain/meter-quirks.js'
import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, minuteMs, secondMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { insertOrderAttempt } from '../../storage/headend/order-attempts.js'
import type { WaitingOrder } from '../../storage/headend/waiting-orders.js'
import type { Line } from '../line-settings.js'
import { executeBroadcast, loadBroadcastFacts } from '../orders/execute-broadcast.js'
import { executeOrder } from '../orders/execute-order.js'
import { mayBroadcast } from '../orders/may-broadcast.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { LineSession } from '../transports/line-session.js'
import { broadcastTarget } from './broadcast-target.js'
import type { LineHold } from './line-hold.js'
import { type LogEvent, messageOf } from './log.js'

export interface LineErrandsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly node: string
  /** Opens sealed passwords of meters; null where this node has no key. */
  readonly credentialKey: Buffer | null
  readonly log: LogEvent
  readonly metrics: Pick<HeadEndMetrics, 'order' | 'broadcast'>
}

/** A line on which this node talks. */
export interface ErrandTalk {
  readonly line: Pick<Line, 'lineId' | 'code' | 'calendar'>
  readonly session: LineSession
  readonly hold: LineHold
  readonly models: ModelQuirks
}

/** What is written to the meters of a line: approved orders, and the time under a standing order. Always between two exchanges. */
export interface LineErrands {
  /** Takes what may be done now; what was tried a moment ago waits. @returns codes of lines with something to do. */
  readonly takeOrders: (waiting: readonly WaitingOrder[]) => readonly string[]
  /** Looks which lines may be told the time now. @returns their codes. */
  readonly takeBroadcasts: (lines: readonly Line[]) => Promise<readonly string[]>
  readonly hasWork: (lineCode: string) => boolean
  /** Does at most one thing. False when nothing waits for the line. */
  readonly doOne: (talk: ErrandTalk) => Promise<boolean>
}

/** After an attempt that wrote nothing, such as on a line that is down. */
const retryMs = minuteMs
/** A line that may not be told the time is looked at again after this. */
const broadcastRetryMs = 5 * minuteMs
const readyPatienceMs = 10 * secondMs

export function createLineErrands({
  database,
  clock,
  node,
  credentialKey,
  log,
  metrics,
}: LineErrandsOptions): LineErrands {
  const orders = new Map<string, WaitingOrder[]>()
  /** Orders in hand, or to be left alone until then. */
  const orderAgainAt = new Map<string, Instant>()
  const broadcasts = new Set<string>()
  const broadcastAgainAt = new Map<LineId, Instant>()

  function isDue(again: Instant | undefined): boolean {
    return again === undefined || again <= clock.now()
  }

  async function carryOut({ session, hold, models }: ErrandTalk, order: WaitingOrder): Promise<void> {
    if (session.dlt645 === null) return
    const { orderId, model, lineCode } = order
    const line = session.dlt645.withQuirks(quirksOf(models, model))
    const deadline = clock.now() + readyPatienceMs
    const { lease } = hold
    const options = { database, clock, line, lease, node, credentialKey, deadline }
    try {
      const executed = await executeOrder(options, orderId)
      if (executed.kind === 'settled') {
        const { verdict, detail } = executed
        metrics.order(verdict)
        log('info', 'order_executed', { order: orderId, line: lineCode, verdict, detail })
        return
      }
      const { reason } = executed
      metrics.order(reason)
      log('warn', 'order_failed', { order: orderId, line: lineCode, reason })
      await insertOrderAttempt(database, orderId, { triedAt: clock.now(), node, reason })
    } catch (error) {
      metrics.order('failed')
      log('error', 'order_failed', { order: orderId, line: lineCode, reason: messageOf(error) })
    } finally {
      orderAgainAt.set(orderId, clock.now() + retryMs)
    }
  }

  async function tellTime(talk: ErrandTalk): Promise<void> {
    try {
      await broadcastTime(talk)
    } catch (error) {
      metrics.broadcast('failed')
      log('error', 'time_not_broadcast', { line: talk.line.code, reason: messageOf(error) })
    }
  }

  async function broadcastTime({ line, session, hold }: ErrandTalk): Promise<void> {
    if (session.dlt645 === null) return
    const deadline = clock.now() + readyPatienceMs
    const target = await broadcastTarget(database, line, clock.now())
    const options = { database, clock, line: session.dlt645, lease: hold.lease, node, deadline }
    const told = await executeBroadcast(options, target)
    metrics.broadcast(told.kind === 'sent' ? 'sent' : told.reason)
    if (told.kind === 'sent') log('info', 'time_broadcast', { line: line.code, code: told.code, version: told.version })
    else log('warn', 'time_not_broadcast', { line: line.code, reason: told.reason, meters: told.meters.length })
  }

  /** Papers and hours are looked at first; only then are the clocks of the line loaded. */
  async function mayTellTime(line: Line): Promise<boolean> {
    const now = clock.now()
    const facts = await loadBroadcastFacts(database, { ...line, clocks: [] }, now)
    if (facts === null) return false
    const may = mayBroadcast(facts, now)
    if (may.ok || may.reason !== 'clock_not_checked') return may.ok
    return mayBroadcast({ ...facts, line: await broadcastTarget(database, line, now) }, now).ok
  }

  return {
    takeOrders(waiting) {
      const codes = new Set<string>()
      for (const order of waiting.filter(({ orderId }) => isDue(orderAgainAt.get(orderId)))) {
        orderAgainAt.set(order.orderId, Number.POSITIVE_INFINITY)
        const ofLine = orders.get(order.lineCode) ?? []
        ofLine.push(order)
        orders.set(order.lineCode, ofLine)
      }
      for (const [code, ofLine] of orders) if (ofLine.length > 0) codes.add(code)
      return [...codes]
    },
    async takeBroadcasts(lines) {
      for (const line of lines.filter(({ kind, lineId }) => isBus(kind) && isDue(broadcastAgainAt.get(lineId)))) {
        if (!(await mayTellTime(line))) continue
        broadcastAgainAt.set(line.lineId, clock.now() + broadcastRetryMs)
        broadcasts.add(line.code)
      }
      return [...broadcasts]
    },
    hasWork: (code) => broadcasts.has(code) || (orders.get(code)?.length ?? 0) > 0,
    async doOne(talk) {
      const { code } = talk.line
      if (!talk.hold.isSafe() || talk.hold.signal.aborted) return false
      const order = orders.get(code)?.shift()
      if (order !== undefined) {
        await carryOut(talk, order)
        return true
      }
      if (!broadcasts.delete(code)) return false
      await tellTime(talk)
      return true
    },
  }
}

function isBus(kind: Line['kind']): boolean {
  return kind === 'dlt645_tcp' || kind === 'dlt645_serial'
}
