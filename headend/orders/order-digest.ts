import { createHash } from 'node:crypto'
import { uuidOf } from '../../domain/ids.js'
import type { MeterOrder } from '../../domain/meter-order.js'

export type OrderContent = Omit<MeterOrder, 'orderId' | 'orderDigest' | 'recordedAt'>

/** The same proposal twice has one id. */
export function orderIdOf(content: OrderContent): string {
  return uuidOf('meter_order', canonical(content))
}

/** SHA-256 of everything an approver sees. Whoever edits a stored order changes it. */
export function orderDigestOf(order: OrderContent & Pick<MeterOrder, 'orderId' | 'recordedAt'>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([order.orderId, order.recordedAt, canonical(order)]))
    .digest()
}

function canonical(content: OrderContent): string {
  const { meterId, communicationAddress, kind, parameters, credentialCode, reason, author, notBefore, expiresAt } =
    content
  return JSON.stringify([
    String(meterId),
    communicationAddress,
    kind,
    sortedKeys(parameters),
    credentialCode,
    reason,
    author,
    notBefore,
    expiresAt,
  ])
}

/** The database keeps no order of keys. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sortedKeys(each)]))
}
