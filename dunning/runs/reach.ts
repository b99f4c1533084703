import type { MessageChannelName } from '../../domain/channel.js'
import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import { calendarFor, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { selectContacts } from '../../storage/dunning/contacts.js'
import type { OverdueItem } from '../../storage/dunning/overdue-items.js'
import type { DunningPolicy } from '../policy/policy.js'
import { earliestSend } from '../policy/sending-hours.js'
import { callAllowed } from '../policy/voice-calls.js'
import { recentCalls } from './recent-calls.js'

/** Where the accounts of one page of items may be addressed now; knows the calls planned on the way. */
export interface Reach {
  readonly channels: (item: OverdueItem, policy: DunningPolicy) => readonly MessageChannelName[]
  readonly address: (accountId: bigint, channel: MessageChannelName) => string
  /** Counts a call that was just planned, so that another debt of the account does not plan one too. */
  readonly planCall: (accountId: bigint, at: Instant) => void
}

/** Reads contacts, consents and calls of all accounts at once. */
export async function loadReach(client: Queryable, items: readonly OverdueItem[], now: Instant): Promise<Reach> {
  const accountIds = [...new Set(items.map(({ accountId }) => accountId))]
  const contacts = groupBy(await selectContacts(client, accountIds, now), ({ accountId }) => accountId)
  const calls = new Map(await recentCalls(client, accountIds, now, 'planned'))
  const contactsOf = (accountId: bigint) => contacts.get(accountId) ?? []
  return {
    channels({ accountId, timeZone }, policy) {
      const calendar = calendarFor(timeZone)
      const callDays = (calls.get(accountId) ?? []).map(calendar.dateAt)
      const mayCall = callAllowed(policy, callDays, calendar.dateAt(earliestSend(policy, calendar, now)))
      return contactsOf(accountId)
        .map(({ channel }) => channel)
        .filter((channel) => channel !== 'voice' || mayCall)
    },
    address: (accountId, channel) =>
      present(
        contactsOf(accountId).find((contact) => contact.channel === channel),
        `${channel} contact of account ${accountId}`,
      ).address,
    planCall: (accountId, at) => calls.set(accountId, [...(calls.get(accountId) ?? []), at]),
  }
}
