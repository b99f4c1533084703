import type { AccountTransferChange } from '../../domain/registry-document.js'
import { ok, present, type Result } from '../../domain/result.js'
import { calendarOf, type Instant } from '../../domain/time.js'
import { reviseTimeline, type Segment, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { insertRegistryRows } from '../../storage/registry/tables.js'
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
  const at = Date.parse(change.at)
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  const oldAccountId = await registry.findAccount(tx, change.oldAccount)
  const organisationId = await registry.findOrganisation(tx, change.account.organisation)
  if (point === null || oldAccountId === null || organisationId === null)
    return refuse('unknown_code', `${change.usagePoint}, ${change.oldAccount} or ${change.account.organisation} is not in the registry`)
  if (change.account.customer !== change.customer.code)
    return refuse('unknown_code', `account ${change.account.code} does not name customer ${change.customer.code}`)
  const existing = await registry.findAccount(tx, change.account.code)
  if (existing !== null) {
    return (await isTransferred(tx, change, existing, point.usagePointId))
      ? ok('exists')
      : refuse('exists_with_different_content', `account ${change.account.code} is in the registry with another content`)
  }
  const calendar = present(calendarOf(point.timeZone), `calendar of ${point.timeZone}`)
  if (calendar.minuteOfDay(at) !== 0 || at !== calendar.startOfDay(calendar.dateAt(at)))
    return refuse('not_at_midnight', `${change.at} is no local midnight`)
  const old = await registry.readAgreements(tx, oldAccountId)
  const current = segmentAt(old.segments, at)
  if (current === null || current.value.usagePointId !== point.usagePointId || current.from === at)
    return refuse('no_agreement', `account ${change.oldAccount} is not supplied at ${change.usagePoint} before ${change.at}`)
  const customerId = await takeCustomer(tx, change)
  if (customerId === null)
    return refuse('exists_with_different_content', `customer ${change.customer.code} is in the registry with another content`)
  const accountId = await registry.nextAccountId(tx)
  await insertRegistryRows(tx, 'account', [
    { account_id: accountId, organisation_id: organisationId, code: change.account.code, customer_id: customerId },
  ])
  const recorded = { recorded_at: stamp.recordedAt, actor_id: stamp.actor, reason: `account transfer ${change.document}` }
  const ended = reviseTimeline(old.segments, { from: at, to: current.to, value: null })
  const begun = { ...current, from: at, value: { ...current.value, ladderFrom: calendar.dateAt(at) } }
  await insertRegistryRows(tx, 'agreement_timeline', [
    ...ended.map((segment) => ({ ...toAgreementRow(oldAccountId, old.revision + 1, segment), ...recorded })),
    { ...toAgreementRow(accountId, 1, begun), ...recorded },
  ])
  await insertRegistryRows(tx, 'contact_timeline', toContactRows(change, accountId, at).map((row) => ({ ...row, ...recorded })))
  return ok('applied')
}

function toAgreementRow(accountId: bigint, revision: number, segment: Segment<registry.Agreement>) {
  return {
    account_id: accountId,
    revision,
    effective_from: segment.from,
    effective_to: segment.to,
    usage_point_id: segment.value.usagePointId,
    tariff_code: segment.value.tariffCode,
    ladder_from: segment.value.ladderFrom,
  }
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
