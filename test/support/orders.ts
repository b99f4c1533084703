import type { MeterOrder } from '../../domain/meter-order.js'
import { hourMs, type Instant } from '../../domain/time.js'
import { MeterCredential, sealCredential } from '../../headend/orders/credential.js'
import { orderDigestOf, orderIdOf, type OrderContent } from '../../headend/orders/order-digest.js'
import type { Database } from '../../storage/database.js'
import { insertSealedCredential } from '../../storage/headend/meter-credentials.js'
import { addressOf } from './field-world.js'
import { plantApprovers } from './people.js'

/** A secret that must show up nowhere. */
export const secretPassword = '739156'
export const secretOperator = '84627351'
export const credential = new MeterCredential({ level: '02', password: secretPassword, operator: secretOperator })
export const credentialKey = Buffer.alloc(32, 7)
export const credentialCode = 'county-2026'

export const people = ['author', 'first', 'second', 'third'] as const

export async function plantPeople(owner: Database): Promise<void> {
  await plantApprovers(owner, people)
}

export async function plantCredential(console: Database): Promise<void> {
  const name = { credentialCode, version: 1 }
  const sealed = sealCredential(credential, name, credentialKey, Buffer.alloc(12, 1))
  await insertSealedCredential(console, sealed, { actor: 'author', recordedAt: 0 })
}

/** By the server's clock, whatever the story's shows. */
export async function plantLease(owner: Database, lineId: bigint): Promise<void> {
  await owner.execute(
    `insert into line_lease (line_id, owner, fencing_token, expires_at) values ($1, 'node-1', 1, now() + interval '1 hour')`,
    [lineId],
  )
}

/** A whole order; what is not said is harmless. */
export function orderOf(now: Instant, content: Partial<OrderContent> = {}): MeterOrder {
  const meterId = content.meterId ?? 1n
  const whole: OrderContent = {
    meterId,
    communicationAddress: addressOf(Number(meterId)),
    kind: 'set_clock',
    parameters: { item: '0400010C', mostStepSeconds: 3600, acrossDays: false },
    credentialCode,
    reason: 'the clock is wrong',
    author: 'author',
    notBefore: now - hourMs,
    expiresAt: now + hourMs,
    ...content,
  }
  const named = { ...whole, orderId: orderIdOf(whole), recordedAt: now - hourMs }
  return { ...named, orderDigest: orderDigestOf(named) }
}
