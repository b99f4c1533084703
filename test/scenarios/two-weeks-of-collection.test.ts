import t from 'tap'
import type { DeliveryReceipt } from '../../domain/channel.js'
import { holding } from '../../domain/runtime.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { addDays, beijing, hourMs } from '../../domain/time.js'
import { assess } from '../../dunning/runs/assess.js'
import { receive } from '../../dunning/runs/receive.js'
import { sendDue } from '../../dunning/runs/send-due.js'
import { settle } from '../../dunning/runs/settle.js'
import { createMessageProviders } from '../../simulators/providers/message-providers.js'
import { createVirtualClock } from '../../simulators/virtual-clock.js'
import { selectCasesByState, selectManualTasks } from '../../storage/dunning/report.js'
import { everywhere, openDunningTown, outboxStory } from '../support/dunning-town.js'
import { pay, townDueDate } from '../support/overdue-town.js'

const seed = 20260718
const accounts = Array.from({ length: 60 }, (_, index) => ({
  accountId: BigInt(index + 1),
  openFen: BigInt(1_000 + index),
  contacts: index % 10 === 9 ? (['sms'] as const) : everywhere,
}))
const days = 14
const neverPays = 8

/** Day after the due date on which an account pays; none for a few. */
function payDay(accountId: bigint): number | null {
  const day = createSeededRandom(seed).below(days + neverPays, 'pays', accountId.toString())
  return day < days ? day : null
}

/** Given a town in arrears, when two weeks pass with payments at night and providers that refuse, fail, repeat and fall silent … */
async function tellTwoWeeks(t: Parameters<typeof openDunningTown>[0]) {
  const town = await openDunningTown(t, accounts)
  const clock = createVirtualClock(beijing.startOfDay(townDueDate))
  const receipts: DeliveryReceipt[] = []
  const random = createSeededRandom(seed)
  const providers = createMessageProviders({ clock, random, onReceipt: (receipt) => receipts.push(receipt) })
  for (let day = 0; day <= days; day++) {
    await clock.sleep(beijing.startOfDay(addDays(townDueDate, day)) + 9.5 * hourMs - clock.now())
    await holding(clock, async () => {
      for (const { accountId, openFen } of accounts)
        if (payDay(accountId) === day) await pay(town.owner, accountId, openFen)
      await receive(town.dunning, clock, receipts.splice(0))
      await settle(town.dunning, clock, 'system')
      await assess(town.dunning, clock, 'standard')
      await sendDue(town.dunning, clock, providers.channels)
    })
  }
  clock.close()
  return { ...town, handedOver: providers.handedOver() }
}

t.test('two weeks of collection keep every promise', async (t) => {
  const { owner, reader, handedOver } = await tellTwoWeeks(t)
  t.comment(`seed ${seed}`)

  const ids = handedOver.map(({ message }) => message.messageId)
  t.ok(ids.length > accounts.length, `${ids.length} messages handed over`)
  t.equal(new Set(ids).size, ids.length, 'no message twice')

  const late = handedOver.filter(({ message, at }) => {
    const paid = payDay(BigInt(message.address.split('-').at(-1) ?? ''))
    return paid !== null && at >= beijing.startOfDay(addDays(townDueDate, paid)) + 9.5 * hourMs
  })
  t.same(late, [], 'nothing leaves for a debt that was paid')

  const tasks = await selectManualTasks(reader)
  t.ok(tasks.length > 0, `${tasks.length} manual tasks`)
  const effective = await owner.query<{ readonly notices: bigint }>(
    `select count(*) filter (where s.kinds @> '{delivered}' or (s.kinds @> '{accepted}' and not s.kinds @> '{failed}')) as notices
       from manual_task k join notice n on n.case_id = k.case_id
       cross join lateral (select array_agg(e.kind) as kinds from outbox_event e where e.message_id = n.notice_id) s
      group by k.task_id`,
  )
  t.same([...new Set(effective.map(({ notices }) => notices))], [3n], 'each after three notices that took effect')

  const unpaid = accounts.filter(({ accountId }) => payDay(accountId) === null).length
  const states = new Map((await selectCasesByState(reader)).map(({ state, cases }) => [state, Number(cases)]))
  t.equal((states.get('active') ?? 0) + (states.get('manual') ?? 0), unpaid, 'the unpaid are all still looked after')
})

t.test('the same seed tells the same story', async (t) => {
  const [first, second] = [await tellTwoWeeks(t), await tellTwoWeeks(t)]
  t.same(await outboxStory(second.reader), await outboxStory(first.reader))
  t.same(second.handedOver, first.handedOver)
})
