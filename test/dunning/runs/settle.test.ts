import t from 'tap'
import { assess } from '../../../dunning/runs/assess.js'
import { sendDue } from '../../../dunning/runs/send-due.js'
import { settle } from '../../../dunning/runs/settle.js'
import { selectManualTasks } from '../../../storage/dunning/report.js'
import { clockAt, everywhere, openDunningTown, outboxStory } from '../../support/dunning-town.js'
import { pay } from '../../support/overdue-town.js'

const nothing = { closed: 0, suppressed: 0, tasksSettled: 0 }

t.test('a payment closes its own case only, and twice is once', async (t) => {
  const { owner, dunning, reader } = await openDunningTown(t, [
    { accountId: 1n, openFen: 100n, contacts: everywhere },
    { accountId: 2n, openFen: 200n, contacts: everywhere },
  ])
  await assess(dunning, clockAt('19T09:30'), 'standard')
  await pay(owner, 1n, 99n)
  t.same(await settle(dunning, clockAt('19T09:31'), 'system'), nothing, 'one fen is still owed')
  await pay(owner, 1n, 1n)
  t.same(await settle(dunning, clockAt('19T09:32'), 'system'), { closed: 1, suppressed: 1, tasksSettled: 0 })
  t.same(await settle(dunning, clockAt('19T09:33'), 'system'), nothing)
  t.same(await outboxStory(reader), ['1.1 sms suppressed paid', '1.1 sms'])
})

t.test('a payment settles the manual task', async (t) => {
  const { owner, dunning, reader, providers } = await openDunningTown(t)
  for (let day = 19; day <= 28; day++) {
    await assess(dunning, clockAt(`${day}T09:30`), 'standard')
    await sendDue(dunning, clockAt(`${day}T09:35`), providers.channels)
  }
  await pay(owner, 1n, 8_050n)
  t.same(await settle(dunning, clockAt('29T08:00'), 'system'), { closed: 1, suppressed: 0, tasksSettled: 1 })
  t.match(await selectManualTasks(reader), [{ outcome: 'paid' }])
})
