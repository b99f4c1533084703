import { invariant } from '../../domain/result.js'
import type { DeliveryReceipt } from '../../domain/channel.js'
import { holding } from '../../domain/runtime.js'
import { addDays, datesIn, hourMs, type LocalDate } from '../../domain/time.js'
import { importBankFile } from '../../billing/cash/import-bank-file.js'
import { assess } from '../../dunning/runs/assess.js'
import { receive } from '../../dunning/runs/receive.js'
import { registerPolicy } from '../../dunning/runs/register-policy.js'
import { sendDue } from '../../dunning/runs/send-due.js'
import { settle } from '../../dunning/runs/settle.js'
import { readStandardPolicy } from '../../dunning/runs/standard-policy.js'
import { bankDeliveries } from '../../simulators/payers/bank-file.js'
import { type DeliveredNotice, paymentsOn } from '../../simulators/payers/payers.js'
import { createMessageProviders, type MessageProviders } from '../../simulators/providers/message-providers.js'
import { at } from '../../simulators/utility/story-calendar.js'
import { selectIssuedBills } from '../../storage/status/billing-totals.js'
import type { StageProgress } from '../progress.js'
import { accountsByAddress } from './accounts-by-address.js'
import { dueDate } from './bill-month.js'
import type { DemoWorld } from './demo-world.js'
import { sleepUntil } from './sleep-until.js'

/** From the day after close day until every case has ended or reached a person. */
const days: readonly LocalDate[] = datesIn(addDays(dueDate, -14), addDays(dueDate, 16))
export const moneyDays = days.length

const policyCode = 'standard'
const assessmentHour = 8.5
/** The bank's file of a day comes the next morning, after the notices of that morning were queued and before they are sent. */
const bankFileHour = 9
const sendingHours = [9.5, 14, 18] as const

/** Customers pay or do not; notices go out, a payment in between stops the rest, and what remains is left to people. */
export async function collectMoney(world: DemoWorld, stage: StageProgress): Promise<MessageProviders> {
  const { clock, random, databases } = world
  const { dunning } = databases
  const receipts: DeliveryReceipt[] = []
  const delivered: DeliveredNotice[] = []
  const providers = createMessageProviders({ clock, random, onReceipt: (receipt) => void receipts.push(receipt) })
  const policy = await registerPolicy(dunning, clock, readStandardPolicy(), {
    author: 'dunning-1',
    approver: 'dunning-2',
  })
  invariant(policy.ok, 'the standard policy is lawful')
  const hear = async () => {
    const heard = receipts.splice(0)
    delivered.push(...deliveredNotices(world, providers, heard))
    const { unmatched } = await receive(dunning, clock, heard)
    receipts.unshift(...unmatched)
  }
  for (const day of days) {
    await sleepUntil(clock, at(day) + assessmentHour * hourMs)
    await holding(clock, async () => {
      await hear()
      await settle(dunning, clock, 'system')
      await assess(dunning, clock, policyCode)
    })
    await sleepUntil(clock, at(day, bankFileHour))
    await holding(clock, () => bookPayments(world, addDays(day, -1), delivered))
    for (const hour of sendingHours) {
      await sleepUntil(clock, at(day) + hour * hourMs)
      await holding(clock, async () => {
        await hear()
        await sendDue(dunning, clock, providers.channels)
      })
    }
    stage.advance()
  }
  return providers
}

/** Books what the bank reports of a day; a payment cancels the notices that have not left yet. */
async function bookPayments(world: DemoWorld, day: LocalDate, delivered: readonly DeliveredNotice[]): Promise<void> {
  const { clock, random, databases } = world
  const bills = await selectIssuedBills(databases.reader)
  const payments = paymentsOn(random, day, bills, delivered)
  for (const text of bankDeliveries(day, payments))
    await importBankFile(databases.billing, clock, { text, actor: 'system' })
  await settle(databases.dunning, clock, 'system')
}

/** What the customers noticed: the receipts that say `delivered`, by the account whose address they went to. */
function deliveredNotices(
  { description }: DemoWorld,
  providers: MessageProviders,
  receipts: readonly DeliveryReceipt[],
): readonly DeliveredNotice[] {
  const accounts = accountsByAddress(description)
  const addresses = new Map(
    providers
      .handedOver()
      .flatMap(({ message, outcome }) =>
        outcome.kind === 'accepted' ? [[outcome.providerReference, message.address] as const] : [],
      ),
  )
  return receipts.flatMap(({ providerReference, status, at: deliveredAt }) => {
    const accountCode = accounts.get(addresses.get(providerReference) ?? '')
    return status === 'delivered' && accountCode !== undefined ? [{ accountCode, deliveredAt }] : []
  })
}
