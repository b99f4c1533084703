import t from 'tap'
import { assess } from '../../../dunning/runs/assess.js'
import { receive } from '../../../dunning/runs/receive.js'
import { sendDue } from '../../../dunning/runs/send-due.js'
import { settle } from '../../../dunning/runs/settle.js'
import { type DunningTown, clockAt, openDunningTown, outboxStory } from '../../support/dunning-town.js'
import { pay, withdrawContact } from '../../support/overdue-town.js'

async function withOneNotice(t: Parameters<typeof openDunningTown>[0]): Promise<DunningTown> {
  const town = await openDunningTown(t)
  await assess(town.dunning, clockAt('19T09:30'), 'standard')
  return town
}

t.test('a message whose answer was lost is asked for and never sent again', async (t) => {
  const { dunning, reader, providers } = await withOneNotice(t)
  providers.setMood('lost')
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { unknown: 1, accepted: 0 })
  t.same(await outboxStory(reader), ['1.1 sms send_intent'])
  providers.setMood('accepts')
  t.match(await sendDue(dunning, clockAt('19T09:36'), providers.channels), { accepted: 1 })
  t.match(await sendDue(dunning, clockAt('19T09:37'), providers.channels), { accepted: 0 })
  t.equal(providers.taken.length, 1)
  t.same(providers.queried, [providers.taken[0]?.messageId])
  t.same(await outboxStory(reader), ['1.1 sms send_intent', '1.1 sms accepted'])
})

t.test('a message that never arrived is given up after the provider had time to take it in', async (t) => {
  const { dunning, reader, providers } = await withOneNotice(t)
  providers.setMood('unreached')
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { unknown: 1 })
  t.match(await sendDue(dunning, clockAt('19T09:44'), providers.channels), { unknown: 1, not_taken: 0 })
  t.match(await sendDue(dunning, clockAt('19T09:45'), providers.channels), { unknown: 0, not_taken: 1 })
  t.equal(providers.taken.length, 0)
  await assess(dunning, clockAt('20T09:30'), 'standard')
  t.same(await outboxStory(reader), ['1.1 sms send_intent', '1.1 sms failed not_taken', '1.2 voice'])
})

t.test('a refusal is a failed delivery', async (t) => {
  const { dunning, reader, providers } = await withOneNotice(t)
  providers.setMood('refuses')
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { refused: 1 })
  t.same(await outboxStory(reader), ['1.1 sms send_intent', '1.1 sms failed empty_number'])
})

t.test('two senders at once send one message', async (t) => {
  const { dunning, providers } = await withOneNotice(t)
  await Promise.all([1, 2, 3].map(() => sendDue(dunning, clockAt('19T09:35'), providers.channels)))
  t.equal(providers.taken.length, 1)
})

t.test('nothing leaves for a debt that was paid, whenever the payment came', async (t) => {
  const steps = ['before assess', 'before settle', 'before send'] as const
  for (const paidAt of steps) {
    const { owner, dunning, reader, providers } = await openDunningTown(t)
    if (paidAt === 'before assess') await pay(owner, 1n, 8_050n)
    await assess(dunning, clockAt('19T09:30'), 'standard')
    if (paidAt === 'before settle') await pay(owner, 1n, 8_050n)
    await settle(dunning, clockAt('19T09:31'), 'system')
    if (paidAt === 'before send') await pay(owner, 1n, 8_050n)
    await sendDue(dunning, clockAt('19T09:35'), providers.channels)
    t.same(providers.taken, [], paidAt)
    t.same(await outboxStory(reader), paidAt === 'before assess' ? [] : ['1.1 sms suppressed paid'], paidAt)
    await settle(dunning, clockAt('19T09:36'), 'system')
    t.same(
      await reader.query('select state from dunning_case'),
      paidAt === 'before assess' ? [] : [{ state: 'closed_paid' }],
      paidAt,
    )
    await assess(dunning, clockAt('25T09:30'), 'standard')
    t.match(await sendDue(dunning, clockAt('25T09:35'), providers.channels), { accepted: 0 })
  }
})

t.test('a payment after the intent cannot call the message back, but stops all that follows', async (t) => {
  const { owner, dunning, reader, providers } = await withOneNotice(t)
  providers.onSend(async () => {
    await pay(owner, 1n, 8_050n)
    t.match(await settle(dunning, clockAt('19T09:35'), 'system'), { closed: 1, suppressed: 0 })
  })
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { accepted: 1 })
  await assess(dunning, clockAt('28T09:30'), 'standard')
  t.same(await outboxStory(reader), ['1.1 sms send_intent', '1.1 sms accepted'])
})

t.test('a notice that names another amount than is owed now does not leave', async (t) => {
  const { owner, dunning, reader, providers } = await withOneNotice(t)
  await pay(owner, 1n, 50n)
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { withheld: 1 })
  await assess(dunning, clockAt('20T09:30'), 'standard')
  await sendDue(dunning, clockAt('20T09:35'), providers.channels)
  t.same(await outboxStory(reader), [
    '1.1 sms suppressed amount_changed',
    '1.2 voice send_intent',
    '1.2 voice accepted',
  ])
  t.match(providers.taken[0]?.text, '80.00元')
})

t.test('a consent withdrawn after the decision keeps the notice in', async (t) => {
  const { owner, dunning, reader, providers } = await withOneNotice(t)
  await withdrawContact(owner, 1n, 'sms', '2026-08-19T09:34:00+08:00')
  t.match(await sendDue(dunning, clockAt('19T09:35'), providers.channels), { withheld: 1 })
  t.same(providers.taken, [])
  t.same(await outboxStory(reader), ['1.1 sms suppressed not_addressable'])
})

t.test('nothing leaves in quiet hours, and a notice that came too late is dropped', async (t) => {
  const { dunning, reader, providers } = await withOneNotice(t)
  t.match(await sendDue(dunning, clockAt('19T21:00'), providers.channels), { not_now: 1 })
  t.match(await sendDue(dunning, clockAt('20T21:30'), providers.channels), { expired: 1 })
  t.same(providers.taken, [])
  t.same(await outboxStory(reader), ['1.1 sms expired'])
})

t.test('a receipt with a reference nobody gave us is handed back', async (t) => {
  const { dunning } = await withOneNotice(t)
  const receipt = { channel: 'sms', providerReference: 'ref-unknown', status: 'delivered', reason: '', at: 0 } as const
  t.same(await receive(dunning, clockAt('19T10:00'), [receipt]), { heard: 0, repeated: 0, unmatched: [receipt] })
})

t.test('a failure after the delivery does not take the delivery back', async (t) => {
  const { dunning, reader, providers } = await withOneNotice(t)
  await sendDue(dunning, clockAt('19T09:35'), providers.channels)
  const providerReference = `ref-${providers.taken[0]?.messageId}`
  const receipt = { channel: 'sms', providerReference, reason: '', at: 0 } as const
  const both = [
    { ...receipt, status: 'delivered' },
    { ...receipt, status: 'failed' },
  ] as const
  t.match(await receive(dunning, clockAt('19T10:00'), both), { heard: 1, repeated: 1 })
  t.match(await reader.query('select step, effective_count from dunning_case'), [{ step: 1, effective_count: 1 }])
})
