import type { DeliveryReceipt } from '../../domain/channel.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import { selectByReference } from '../../storage/dunning/outbox.js'
import { hearOfNotices } from './hear-of-notices.js'
import { loadPolicies, type Policies } from './policies.js'

const receiptsPerTransaction = 1000

export interface ReceiveCounts {
  readonly heard: number
  /** Heard before, or after the message's end. */
  readonly repeated: number
  /** No accepted message has this reference: the provider's answer is still unknown, or it is not ours. Offer them again later. */
  readonly unmatched: readonly DeliveryReceipt[]
}

/** Takes delivery receipts, in any order and any number of times. */
export async function receive(
  database: Database,
  clock: Clock,
  receipts: readonly DeliveryReceipt[],
): Promise<ReceiveCounts> {
  const policies = await loadPolicies(database, clock)
  const total = { heard: 0, repeated: 0, unmatched: [] as DeliveryReceipt[] }
  for (let start = 0; start < receipts.length; start += receiptsPerTransaction) {
    const page = receipts.slice(start, start + receiptsPerTransaction)
    const counts = await receivePage(database, clock, policies, page)
    total.heard += counts.heard
    total.repeated += counts.repeated
    total.unmatched.push(...counts.unmatched)
  }
  return total
}

function receivePage(
  database: Database,
  clock: Clock,
  policies: Policies,
  receipts: readonly DeliveryReceipt[],
): Promise<ReceiveCounts> {
  return database.transaction(async (tx) => {
    const matches = await selectByReference(tx, receipts)
    const messageIds = new Map(matches.map((match) => [keyOf(match), match.messageId]))
    const unmatched = receipts.filter((receipt) => !messageIds.has(keyOf(receipt)))
    const news = receipts.flatMap((receipt) => {
      const messageId = messageIds.get(keyOf(receipt))
      if (messageId === undefined) return []
      const { status: kind, providerReference } = receipt
      return [{ messageId, kind, providerReference, detail: evidenceOf(receipt) }]
    })
    const heard = await hearOfNotices(tx, policies, clock.now(), news)
    return { heard, repeated: news.length - heard, unmatched }
  })
}

/** The provider's reason and the time it gives, kept as evidence only: every deadline counts from our own clock. */
function evidenceOf({ reason, at }: DeliveryReceipt): string {
  return `${reason} ${new Date(at).toISOString()}`.trimStart()
}

function keyOf({ channel, providerReference }: Pick<DeliveryReceipt, 'channel' | 'providerReference'>): string {
  return `${channel} ${providerReference}`
}
