import t from 'tap'
import { type DeliveryReceipt, messageChannels, type OutgoingMessage } from '../../../domain/channel.js'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs } from '../../../domain/time.js'
import { fateOf } from '../../../simulators/providers/message-fate.js'
import { createMessageProviders } from '../../../simulators/providers/message-providers.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'

const random = createSeededRandom(1)
const messageIds = Array.from({ length: 500 }, (_, index) => `message-${index}`)
/** As many as are sent for real; they hold each fate at least once. */
const someIds = messageIds.slice(0, 80)

t.test('of many messages most arrive, some fail, a few are refused or never heard of again', async (t) => {
  for (const channel of messageChannels) {
    const fates = messageIds.map((messageId) => fateOf(random, channel, messageId))
    const share = (what: string) =>
      fates.filter((fate) => (fate.kind === 'receipt' ? fate.status : fate.kind) === what).length / 5
    t.ok(share('delivered') > 75 && share('delivered') < 92, `${channel} delivered`)
    t.ok(share('failed') > 4 && share('failed') < 16, `${channel} failed`)
    t.ok(share('silent') > 0 && share('silent') < 9, `${channel} silent`)
    t.ok(share('refused') > 0 && share('refused') < 6, `${channel} refused`)
  }
})

t.test('each message meets its fate on the virtual clock, the same in every run', async (t) => {
  const heard = await sendAll(1)
  t.same(await sendAll(1), heard)
  t.notSame(await sendAll(2), heard)
  for (const channel of messageChannels)
    for (const messageId of someIds) {
      const fate = fateOf(random, channel, messageId)
      const statuses = heard.filter(({ message }) => message === `${channel} ${messageId}`).map(({ status }) => status)
      t.same(statuses, fate.kind === 'receipt' ? Array(fate.times).fill(fate.status) : [], `${channel} ${messageId}`)
    }
})

t.test('one id is one delivery, and a query tells what became of it', async (t) => {
  const clock = createVirtualClock(0)
  const { channels, handedOver } = createMessageProviders({ clock, random, onReceipt: () => {} })
  t.same(await channels.sms.query('message-0'), { kind: 'unknown_message' })
  const outcome = await channels.sms.send(messageOf('sms', 'message-0'))
  t.same(await channels.sms.send(messageOf('sms', 'message-0')), outcome)
  t.same(await channels.sms.query('message-0'), outcome)
  t.same(await channels.voice.query('message-0'), { kind: 'unknown_message' })
  t.equal(handedOver().length, 1)
  clock.close()
})

interface Heard {
  readonly message: string
  readonly status: string
  readonly at: number
}

async function sendAll(seed: number): Promise<readonly Heard[]> {
  const clock = createVirtualClock(0)
  const messageOfReference = new Map<string, string>()
  const receipts: DeliveryReceipt[] = []
  const onReceipt = (receipt: DeliveryReceipt) => void receipts.push(receipt)
  const { channels } = createMessageProviders({ clock, random: createSeededRandom(seed), onReceipt })
  for (const channel of messageChannels)
    for (const messageId of someIds) {
      const outcome = await channels[channel].send(messageOf(channel, messageId))
      if (outcome.kind === 'accepted') messageOfReference.set(outcome.providerReference, `${channel} ${messageId}`)
    }
  await clock.sleep(dayMs)
  clock.close()
  return receipts.map(({ providerReference, status, at }) => ({
    message: messageOfReference.get(providerReference) ?? 'unknown',
    status,
    at,
  }))
}

function messageOf(channel: OutgoingMessage['channel'], messageId: string): OutgoingMessage {
  return { messageId, channel, address: '00000000001', subject: null, text: '演示' }
}
