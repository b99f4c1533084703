import type { Clock, Network } from '../../domain/runtime.js'
import { minuteMs } from '../../domain/time.js'
import { type ExecutedOrder, executeOrder } from '../../headend/orders/execute-order.js'
import { parseLine } from '../../headend/line-settings.js'
import { openDlt645Line } from '../../headend/sessions/dlt645-line.js'
import type { Database } from '../../storage/database.js'
import { releaseLineLease, takeLineLease } from '../../storage/headend/line-lease.js'
import { loadLines } from '../../storage/headend/lines.js'
import { findOrderInPlace } from '../../storage/headend/orders.js'
import { orderRefusal } from './order-refusal.js'

export interface ByHand {
  readonly database: Database
  readonly clock: Clock
  readonly network: Network
  /** Names this process as the owner of the line while it talks. */
  readonly node: string
  readonly credentialKey: Buffer | null
}

/** A silent meter is asked several times over before and after; nothing of that takes longer. */
const leaseMs = 5 * minuteMs
const lineWaitMs = 10_000

/**
 * Carries out an order where no process owns the line: takes the line, writes, reads back, gives it up.
 * @throws UserError for an order, a line or an owner that stand in the way.
 */
export async function executeByHand(options: ByHand, orderId: string): Promise<ExecutedOrder> {
  const { database, clock, network, node, credentialKey } = options
  const found = await findOrderInPlace(database, orderId, clock.now())
  if (found === null) throw orderRefusal('order_not_found', orderId)
  if (found.place === null) throw orderRefusal('not_installed', orderId)
  const { lineId } = found.place
  const row = (await loadLines(database)).find((each) => each.line_id === lineId)
  const parsed = row === undefined ? null : parseLine(row)
  if (parsed === null || !parsed.ok || parsed.value.kind !== 'dlt645_tcp')
    throw orderRefusal('line_kind_unsupported', orderId)
  const { settings } = parsed.value
  const now = clock.now()
  const lease = await takeLineLease(database, { lineId, owner: node, now, expiresAt: now + leaseMs })
  if (lease === null) throw orderRefusal('not_line_owner', parsed.value.code)
  const line = openDlt645Line({ clock, connect: () => network.connect(settings), settings })
  try {
    const deadline = clock.now() + lineWaitMs
    return await executeOrder({ database, clock, line, lease, node, credentialKey, deadline }, orderId)
  } finally {
    line.close()
    await releaseLineLease(database, lease, clock.now())
  }
}
