import t from 'tap'
import { assess } from '../../../dunning/runs/assess.js'
import { receive } from '../../../dunning/runs/receive.js'
import { sendDue } from '../../../dunning/runs/send-due.js'
import { selectCasesByState, selectManualTasks, selectNoticeOutcomes } from '../../../storage/dunning/report.js'
import { clockAt, everywhere, openDunningTown, outboxStory } from '../../support/dunning-town.js'
import { withdrawContact } from '../../support/overdue-town.js'

const quiet = { opened: 0, noticesQueued: 0, tasksOpened: 0, plausiblyDelivered: 0, unreachable: 0 }

t.test('nothing is asked for before the debt is overdue', async (t) => {
  const { dunning } = await openDunningTown(t)
  t.same(await assess(dunning, clockAt('18T23:59'), 'standard'), quiet)
})

t.test('the same run twice queues one notice', async (t) => {
  const { dunning, reader } = await openDunningTown(t)
  t.same(await assess(dunning, clockAt('19T09:30'), 'standard'), { ...quiet, opened: 1, noticesQueued: 1 })
  t.same(await assess(dunning, clockAt('19T09:30'), 'standard'), quiet)
  t.same(await outboxStory(reader), ['1.1 sms'])
})

t.test('two runs at once queue one notice', async (t) => {
  const { dunning, reader } = await openDunningTown(t)
  const runs = await Promise.all([1, 2].map(() => assess(dunning, clockAt('19T09:30'), 'standard')))
  t.equal(
    runs.reduce((sum, { noticesQueued }) => sum + noticesQueued, 0),
    1,
  )
  t.same(await outboxStory(reader), ['1.1 sms'])
})

t.test('three notices nobody answers bring the manager of the grid cell', async (t) => {
  const { dunning, reader, providers } = await openDunningTown(t)
  for (let day = 19; day <= 30; day++) {
    await assess(dunning, clockAt(`${day}T09:30`), 'standard')
    await sendDue(dunning, clockAt(`${day}T09:35`), providers.channels)
    if (day < 28) t.same(await selectManualTasks(reader), [], `nobody sets out on the ${day}th`)
  }
  t.same(
    providers.taken.map(({ channel, address, subject }) => [channel, address, subject]),
    [
      ['sms', 'sms-of-1', null],
      ['voice', 'voice-of-1', null],
      ['email', 'email-of-1', '示例供电公司电费缴纳最后一次自动提醒'],
    ],
  )
  t.match(await selectManualTasks(reader), [
    {
      accountCode: '3700000001',
      gridCellCode: 'grid-1',
      assignee: 'manager-1',
      openFen: 8_050n,
      dueDate: '2026-08-18',
      effectiveNotices: 3,
      outcome: null,
    },
  ])
  t.same(await selectCasesByState(reader), [{ state: 'manual', cases: 1n }])
  t.match(await selectNoticeOutcomes(reader), [
    { step: 1, channel: 'sms', notices: 1n, accepted: 1n },
    { step: 2, channel: 'voice', notices: 1n, accepted: 1n },
    { step: 3, channel: 'email', notices: 1n, accepted: 1n },
  ])
})

t.test('a failed delivery is tried again on the next channel and puts the person off', async (t) => {
  const { dunning, reader, providers } = await openDunningTown(t)
  const day = async (date: string) => {
    await assess(dunning, clockAt(`${date}T09:30`), 'standard')
    await sendDue(dunning, clockAt(`${date}T09:35`), providers.channels)
  }
  await day('19')
  const { messageId } = providers.taken[0]!
  const receipt = {
    channel: 'sms',
    providerReference: `ref-${messageId}`,
    status: 'failed',
    reason: 'unreachable',
    at: Date.UTC(2026, 7, 19, 1, 40),
  } as const
  t.same(await receive(dunning, clockAt('19T10:00'), [receipt, receipt]), { heard: 1, repeated: 1, unmatched: [] })
  t.same(await receive(dunning, clockAt('19T10:05'), [receipt]), { heard: 0, repeated: 1, unmatched: [] })
  await day('20')
  t.same(await outboxStory(reader), [
    '1.1 sms send_intent',
    '1.1 sms accepted',
    '1.1 sms failed unreachable 2026-08-19T01:40:00.000Z',
    '1.2 voice send_intent',
    '1.2 voice accepted',
  ])
})

t.test('a debt of an account without any contact waits for one and is counted', async (t) => {
  const { dunning } = await openDunningTown(t, [{ accountId: 1n, openFen: 1n, contacts: [] }])
  t.same(await assess(dunning, clockAt('19T09:30'), 'standard'), { ...quiet, opened: 1, unreachable: 1 })
  t.same(await assess(dunning, clockAt('20T09:30'), 'standard'), { ...quiet, unreachable: 1 })
})

t.test('a notice goes where the account still agrees to be addressed', async (t) => {
  const { owner, dunning, reader } = await openDunningTown(t)
  await withdrawContact(owner, 1n, 'sms', '2026-08-10')
  await assess(dunning, clockAt('19T09:30'), 'standard')
  t.same(await outboxStory(reader), ['1.1 voice'])
})

t.test('what is decided at night leaves in the morning', async (t) => {
  const { dunning, reader, providers } = await openDunningTown(t)
  await assess(dunning, clockAt('19T22:15'), 'standard')
  await sendDue(dunning, clockAt('20T07:59'), providers.channels)
  t.same(await outboxStory(reader), ['1.1 sms'])
  await sendDue(dunning, clockAt('20T08:00'), providers.channels)
  t.same(await outboxStory(reader), ['1.1 sms send_intent', '1.1 sms accepted'])
})

t.test('an account is not called twice a day for two debts', async (t) => {
  const { owner, dunning, reader, providers } = await openDunningTown(t, [
    { accountId: 1n, openFen: 100n, contacts: ['voice'] },
    { accountId: 2n, openFen: 200n, contacts: everywhere },
  ])
  await owner.transaction(async (tx) => {
    await tx.execute('set local session_replication_role = replica')
    await tx.execute(`insert into receivable values (1, 3, 1, '2026-08-18', 300)`)
  })
  t.match(await assess(dunning, clockAt('19T09:30'), 'standard'), { opened: 3, noticesQueued: 2, unreachable: 1 })
  await sendDue(dunning, clockAt('19T09:35'), providers.channels)
  t.match(await assess(dunning, clockAt('19T09:40'), 'standard'), { noticesQueued: 0, unreachable: 1 })
  t.match(await assess(dunning, clockAt('20T09:30'), 'standard'), { noticesQueued: 1, unreachable: 0 })
  t.same(await outboxStory(reader), [
    '1.1 voice send_intent',
    '1.1 voice accepted',
    '1.1 voice',
    '1.1 sms send_intent',
    '1.1 sms accepted',
  ])
})

t.test('an unknown policy is an error a person can act on', async (t) => {
  const { dunning } = await openDunningTown(t)
  await t.rejects(assess(dunning, clockAt('19T09:30'), 'nobody'), { code: 'not_found' })
})
