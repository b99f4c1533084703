import { noQuirks } from '../../domain/meter-quirks.js'
import type { Clock, Network, SerialPorts } from '../../domain/runtime.js'
import { minuteMs } from '../../domain/time.js'
import { type ExecutedOrder, executeOrder, refusalOf } from '../../headend/orders/execute-order.js'
import { parseLine } from '../../headend/line-settings.js'
import { usualHoldTiming } from '../../headend/node/line-hold.js'
import { openLineSession } from '../../headend/transports/line-session.js'
import type { Database } from '../../storage/database.js'
import { releaseLineLease, takeLineLease } from '../../storage/headend/line-lease.js'
import { loadLines } from '../../storage/headend/lines.js'
import { findOrderInPlace } from '../../storage/headend/orders.js'
import { orderRefusal } from './order-refusal.js'

export interface ByHand {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  /** Names this process as the owner of the line while it talks. */
  readonly node: string
  readonly credentialKey: Buffer | null
}

/** A silent meter is asked several times over before and after; nothing of that takes longer. */
const leaseMs = 5 * minuteMs
const lineWaitMs = 10_000

/** `left_to_node`: the line is being talked to; whoever owns it carries the order out between two exchanges. */
export type DoneByHand = ExecutedOrder | { readonly kind: 'left_to_node'; readonly lineCode: string }

/**
 * Carries out an order where no process owns the line: takes the line, writes, reads back, gives it up.
 * @throws UserError for an order or a line that stand in the way.
 */
export async function executeByHand(options: ByHand, orderId: string): Promise<DoneByHand> {
  const { database, clock, network, serialPorts, node, credentialKey } = options
  const found = await findOrderInPlace(database, orderId, clock.now())
  if (found === null) throw orderRefusal('order_not_found', orderId)
  if (found.place === null) throw orderRefusal('not_installed', orderId)
  const { lineId } = found.place
  const row = (await loadLines(database)).find((each) => each.line_id === lineId)
  const parsed = row === undefined ? null : parseLine(row)
  if (parsed === null || !parsed.ok || parsed.value.kind === 'mqtt_concentrator')
    throw orderRefusal('line_kind_unsupported', orderId)
  const line = parsed.value
  const now = clock.now()
  const newestMidnight = line.calendar.startOfDayAt(now)
  const right = { isSafe: () => clock.now() < now + leaseMs - usualHoldTiming.safetyMs }
  const session = openLineSession({
    clock,
    network,
    serialPorts,
    line,
    newestMidnight,
    quirksOf: () => noQuirks,
    right,
  })
  if (session.dlt645 === null) throw orderRefusal('line_kind_unsupported', orderId)
  const given = await takeLineLease(database, { lineId, owner: node, holdMs: leaseMs })
  if (given === null) {
    const refusal = await refusalOf(database, orderId, { lineId, now })
    if (refusal !== null) return { kind: 'not_written', reason: refusal }
    return { kind: 'left_to_node', lineCode: line.code }
  }
  const { lease } = given
  try {
    const deadline = clock.now() + lineWaitMs
    return await executeOrder({ database, clock, line: session.dlt645, lease, node, credentialKey, deadline }, orderId)
  } finally {
    session.reader.close()
    await releaseLineLease(database, lease)
  }
}
