import type { AccountTransferChange } from '../../domain/registry-change.js'
import { ok, type Result } from '../../domain/result.js'
import { calendarFor, type Instant, type LocalDate } from '../../domain/time.js'
import { reviseTimeline, type Segment, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
import { toAgreementRow } from './agreement-row.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'

/**
 * The old account's agreement ends at the local midnight and the new account's begins, under the same tariff. The new account's
 * ladder counts months from that day (billing-rules 3.3).
 */
export async function transferAccount(
  tx: Transaction,
  change: AccountTransferChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const { account, customer } = change
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  if (point === null) return refuse('unknown_code', `usage point ${change.usagePoint} is not in the registry`)
  if (account.customer !== customer.code)
    return refuse('unknown_code', `account ${account.code} does not name customer ${customer.code}`)
  const existing = await registry.findAccount(tx, account.code)
  if (existing !== null) {
    if (await isTransferred(tx, change, existing, point.usagePointId)) return ok('exists')
    return refuse('exists_with_different_content', `account ${account.code} is in the registry with another content`)
  }
  const ending = await locate(tx, change, point)
  if (!ending.ok) return ending
  const customerId = await takeCustomer(tx, change)
  if (customerId === null)
    return refuse('exists_with_different_content', `customer ${customer.code} is in the registry with another content`)
  await record(tx, change, { ...ending.value, customerId }, stamp)
  return ok('applied')
}

interface Ending {
  readonly at: Instant
  readonly day: LocalDate
  readonly organisationId: bigint
  readonly oldAccountId: bigint
  readonly timeline: registry.Timeline<registry.Agreement>
  readonly current: Segment<registry.Agreement>
}

/** The agreement that ends, if the old account is really supplied there and the instant is a local midnight. */
async function locate(
  tx: Transaction,
  change: AccountTransferChange,
  { usagePointId, timeZone }: { readonly usagePointId: bigint; readonly timeZone: string },
): Promise<Result<Ending, ChangeRefused>> {
  const at = Date.parse(change.at)
  const calendar = calendarFor(timeZone)
  const day = calendar.dateAt(at)
  if (at !== calendar.startOfDay(day)) return refuse('not_at_midnight', `${change.at} is no local midnight`)
  const oldAccountId = await registry.findAccount(tx, change.oldAccount)
  if (oldAccountId === null) return refuse('unknown_code', `account ${change.oldAccount} is not in the registry`)
  const organisationId = await registry.findOrganisation(tx, change.account.organisation)
  if (organisationId === null)
    return refuse('unknown_code', `organisation ${change.account.organisation} is not in the registry`)
  const timeline = await registry.readAgreements(tx, oldAccountId)
  const current = segmentAt(timeline.segments, at)
  if (current === null || current.value.usagePointId !== usagePointId || current.from === at) {
    const reason = `account ${change.oldAccount} is not supplied at ${change.usagePoint} before ${change.at}`
    return refuse('no_agreement', reason)
  }
  if (timeline.segments.some(({ from }) => from > at))
    return refuse(
      'rests_on_it',
      `a later change of the agreement of ${change.oldAccount} is on record; correct that one first`,
    )
  return ok({ at, day, organisationId, oldAccountId, timeline, current })
}

async function record(
  tx: Transaction,
  change: AccountTransferChange,
  ending: Ending & { readonly customerId: bigint },
  stamp: Stamp,
): Promise<void> {
  const { at, day, organisationId, oldAccountId, timeline, current, customerId } = ending
  const accountId = await registry.nextAccountId(tx)
  await insertRegistryRows(tx, 'account', [
    { account_id: accountId, organisation_id: organisationId, code: change.account.code, customer_id: customerId },
  ])
  const reason = `account transfer ${change.document}`
  const recorded = { recorded_at: stamp.recordedAt, actor_id: stamp.actor, reason }
  const ended = reviseTimeline(timeline.segments, { from: at, to: current.to, value: null })
  const begun = { ...current, from: at, value: { ...current.value, ladderFrom: day } }
  const agreements = [
    ...ended.map((segment) => toAgreementRow(oldAccountId, timeline.revision + 1, segment)),
    toAgreementRow(accountId, 1, begun),
  ]
  const stamped = <R extends object>(row: R) => ({ ...row, ...recorded })
  await insertRegistryRows(tx, 'agreement_timeline', agreements.map(stamped))
  await insertRegistryRows(tx, 'contact_timeline', toContactRows(change, accountId, at).map(stamped))
}

function toContactRows(change: AccountTransferChange, accountId: bigint, at: Instant) {
  return change.contacts.map((contact) => ({
    account_id: accountId,
    channel: contact.channel,
    revision: 1,
    effective_from: at,
    effective_to: null,
    address: contact.address,
    purpose: 'contract',
    consent_evidence: contact.consentEvidence,
    verified: contact.verified,
  }))
}

/** The id of the customer: a new one, or one that is there with the same content. Null when it contradicts. */
async function takeCustomer(tx: Transaction, { customer }: AccountTransferChange): Promise<bigint | null> {
  const there = await registry.findCustomer(tx, customer.code)
  if (there !== null) return isSameCustomer(there, customer) ? there.customerId : null
  const customerId = await registry.nextCustomerId(tx)
  await insertRegistryRows(tx, 'customer', [
    {
      customer_id: customerId,
      code: customer.code,
      name: customer.name,
      kind: customer.kind,
      key_account: customer.keyAccount,
    },
  ])
  return customerId
}

/** The transfer is there when the account began then and there, for the same customer, addressed in the same ways. */
async function isTransferred(
  tx: Transaction,
  change: AccountTransferChange,
  accountId: bigint,
  usagePointId: bigint,
): Promise<boolean> {
  const first = (await registry.readFirstAgreements(tx, accountId)).segments[0]
  if (first?.from !== Date.parse(change.at) || first.value.usagePointId !== usagePointId) return false
  const customer = await registry.findCustomer(tx, change.customer.code)
  if (customer === null || !isSameCustomer(customer, change.customer)) return false
  const contacts = change.contacts.map(({ channel, address }) => `${channel} ${address}`).sort()
  return contacts.join('\n') === (await registry.readFirstAddresses(tx, accountId)).join('\n')
}

function isSameCustomer(
  there: { readonly name: string; readonly kind: string; readonly keyAccount: boolean },
  wanted: AccountTransferChange['customer'],
): boolean {
  return there.name === wanted.name && there.kind === wanted.kind && there.keyAccount === wanted.keyAccount
}
