import type { MessageChannelName } from '../../domain/channel.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

export interface ContactRow {
  readonly accountId: bigint
  readonly channel: MessageChannelName
  readonly address: string
}

/**
 * Where accounts may be addressed about their contract at an instant, as known then: the last revision of each contact,
 * verified and for the purpose of the contract. A withdrawn contact has no segment there.
 */
export function selectContacts(
  client: Queryable,
  accountIds: readonly bigint[],
  at: Instant,
): Promise<readonly ContactRow[]> {
  return client.query(
    `select t.account_id as "accountId", t.channel, t.address
       from contact_timeline t
       join (select account_id, channel, max(revision) as revision
               from contact_timeline where account_id = any($1::bigint[]) and recorded_at <= $2
              group by account_id, channel) r using (account_id, channel, revision)
      where t.effective_from <= $2 and $2 < coalesce(t.effective_to, 'infinity')
        and t.purpose = 'contract' and t.verified and t.channel <> 'webhook'
      order by t.account_id, t.channel`,
    [accountIds, toTimestamptz(at)],
  )
}
