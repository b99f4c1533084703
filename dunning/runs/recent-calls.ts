import { groupBy } from '../../domain/group-by.js'
import { dayMs, hourMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectCalls } from '../../storage/dunning/notices.js'
import { legalFrame } from '../policy/check-policy.js'

/** A call of the last seven local days was recorded at most this long ago: a week, a night, and the longest validity. */
const lookBackMs = 8 * dayMs + legalFrame.messageValidityHours * hourMs

/** When each account was called of late; `planned` counts calls still in the outbox as calls of now. */
export async function recentCalls(
  client: Queryable,
  accountIds: readonly bigint[],
  now: Instant,
  which: 'made' | 'planned',
): Promise<ReadonlyMap<bigint, readonly Instant[]>> {
  const calls = await selectCalls(client, accountIds, now - lookBackMs)
  const counted = calls.filter(({ calledAt }) => which === 'planned' || calledAt !== null)
  return new Map(
    [...groupBy(counted, ({ accountId }) => accountId)].map(([accountId, group]) => [
      accountId,
      group.map(({ calledAt }) => calledAt ?? now),
    ]),
  )
}
