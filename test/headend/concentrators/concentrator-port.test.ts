import t from 'tap'
import { present } from '../../../domain/result.js'
import { createFixedOffsetCalendar, secondMs } from '../../../domain/time.js'
import { openConcentratorPort, passesFrames } from '../../../headend/concentrators/concentrator-port.js'
import type { ApprovedFrame } from '../../../headend/orders/guard.js'
import { uplinkOf } from '../../../headend/concentrators/uplink.js'
import { decodeEnvelope } from '../../../protocols/concentrator/envelope.js'
import type { EncodedEnvelope } from '../../../protocols/concentrator/encode-envelope.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'
import { readRequest } from '../../../protocols/dlt645/message.js'
import { encodeReadRequest } from '../../../protocols/dlt645/messages-2007.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { frameStart } from '../../../protocols/stream-splitter.js'
import { createVirtualClock } from '../../../simulators/virtual-clock.js'
import { addressOf, simulatedMeter, worldStart } from '../../support/field-world.js'

const energy = '00010000'

function uplinkWith(profile: string) {
  const uplink = uplinkOf(
    {
      lineId: 1n,
      code: 'C1',
      timeZone: 'Asia/Shanghai',
      calendar: createFixedOffsetCalendar(480),
      kind: 'mqtt_concentrator',
      settings: { brokerUrl: 'mqtt://broker', profile },
    },
    envelopeProfiles,
  )
  if (!uplink.ok) throw new Error(uplink.error.message)
  return uplink.value
}

/** A port whose requests end in a list, on a virtual clock. */
function portOf(profile: string, connected = true) {
  const clock = createVirtualClock(worldStart)
  const sent: EncodedEnvelope[] = []
  const state = { connected }
  const uplink = uplinkWith(profile)
  const port = openConcentratorPort({
    uplink,
    clock,
    isConnected: () => state.connected,
    async publish(message) {
      sent.push(message)
    },
  })
  const contentOf = (index: number) => {
    const message = present(sent[index], 'a message')
    const decoded = decodeEnvelope(uplink.profile, message.topic, message.payload)
    if (!decoded.ok) throw new Error(decoded.error.kind)
    return decoded.value
  }
  return { clock, sent, state, port, contentOf }
}

/** What the meter answers to a read of an identifier, from 68H on. */
function replyOf(ordinal: number, dataIdentifier = energy): Buffer {
  const request = openFrame(encodeReadRequest(addressOf(ordinal), dataIdentifier))
  const reply = present(simulatedMeter(ordinal).answer(request, worldStart), 'an answer')
  return reply.subarray(reply.indexOf(frameStart))
}

const carried = (bytes: Buffer) => [{ bytes, meter: null, time: null }]
const turn = () => new Promise<void>((done) => setImmediate(done))

t.test(
  'a request goes down in the profile’s form, and its answer is matched by message id, address and item',
  async (t) => {
    const { clock, port, sent, contentOf } = portOf('shuangwu')
    const line = port.openLine()
    const asked = line.exchange(readRequest('2007', addressOf(7), energy))
    await turn()
    t.equal(sent[0]?.topic, 'metering/C1/down')
    t.same(contentOf(0).frames[0]?.bytes, encodeReadRequest(addressOf(7), energy))
    const { messageId } = contentOf(0)
    t.equal(port.hear({ messageId: 'another', frames: carried(replyOf(7)), failure: null }), false)
    t.equal(port.hear({ messageId, frames: carried(replyOf(8)), failure: null }), false)
    t.equal(port.hear({ messageId, frames: carried(replyOf(7, '00010100')), failure: null }), false)
    t.equal(port.hear({ messageId, frames: carried(replyOf(7)), failure: null }), true)
    const { outcome, heard, request } = await asked
    t.match(outcome, { kind: 'data', address: addressOf(7), bytes: replyOf(7) })
    t.same(request, encodeReadRequest(addressOf(7), energy))
    t.same(
      heard.dropped.map(({ reason }) => reason),
      ['wrong_address', 'wrong_identifier'],
    )
    t.same(port.dropped(), { wrong_message: 1, wrong_address: 1, wrong_identifier: 1 })
    t.match(line.counters(), { requests: 1, replies: 1, dropped: 2, timeouts: 0 })
    t.equal(port.hear({ messageId, frames: carried(replyOf(7)), failure: null }), false)
    t.equal(port.dropped().too_late, 1)
    clock.close()
  },
)

t.test('one request is in flight; the next one of any line waits for its turn', async (t) => {
  const { clock, port, sent, contentOf } = portOf('shuangwu')
  const first = port.openLine().exchange(readRequest('2007', addressOf(1), energy))
  const second = port.openLine().exchange(readRequest('2007', addressOf(2), energy))
  await turn()
  t.equal(sent.length, 1)
  port.hear({ messageId: contentOf(0).messageId, frames: carried(replyOf(1)), failure: null })
  t.match((await first).outcome, { kind: 'data', address: addressOf(1) })
  await turn()
  t.equal(sent.length, 2)
  t.not(contentOf(1).messageId, contentOf(0).messageId)
  port.hear({ messageId: contentOf(1).messageId, frames: carried(replyOf(2)), failure: null })
  t.match((await second).outcome, { kind: 'data', address: addressOf(2) })
  clock.close()
})

t.test('silence ends after the seconds of the profile', async (t) => {
  for (const [profile, seconds] of [
    ['shuangwu', 30],
    ['quecpython-dtu', 10],
  ] as const) {
    const { clock, port } = portOf(profile)
    const { outcome, receivedAt } = await port.openLine().exchange(readRequest('2007', addressOf(1), energy))
    t.same(outcome, { kind: 'no_reply' })
    t.equal(receivedAt, worldStart + seconds * secondMs)
    clock.close()
  }
})

t.test('without message ids a late answer is waited for before the same question is asked again', async (t) => {
  const { clock, port, sent } = portOf('air72x-bytes')
  const line = port.openLine()
  t.same((await line.exchange(readRequest('2007', addressOf(1), energy))).outcome, { kind: 'no_reply' })
  const again = line.exchange(readRequest('2007', addressOf(1), energy))
  await turn()
  t.equal(sent.length, 1, 'the port drains first')
  t.equal(port.hear({ messageId: null, frames: carried(replyOf(1)), failure: null }), false)
  t.same(port.dropped(), { too_late: 1 })
  await turn()
  t.equal(sent.length, 2)
  t.equal(port.hear({ messageId: null, frames: carried(replyOf(1)), failure: null }), true)
  t.match((await again).outcome, { kind: 'data' })
  clock.close()
})

t.test(
  'noise counts as damage, a failure of the concentrator as silence, a lost broker ends the exchange',
  async (t) => {
    const { clock, port, state, contentOf } = portOf('shuangwu')
    const line = port.openLine()
    const damaged = line.exchange(readRequest('2007', addressOf(1), energy))
    await turn()
    port.hear(null)
    t.same((await damaged).outcome, { kind: 'damaged' })
    const failed = line.exchange(readRequest('2007', addressOf(1), energy))
    await turn()
    port.hear({ messageId: contentOf(1).messageId, frames: [], failure: 'timeout' })
    t.same((await failed).outcome, { kind: 'no_reply' })
    const lost = line.exchange(readRequest('2007', addressOf(1), energy))
    await turn()
    state.connected = false
    port.lineDown()
    t.same((await lost).outcome, { kind: 'line_down' })
    t.same((await line.exchange(readRequest('2007', addressOf(1), energy))).outcome, { kind: 'line_down' })
    t.equal(await line.ready(clock.now() + secondMs), false)
    t.match(line.counters(), { requests: 2, damaged: 1, timeouts: 1 })
    clock.close()
  },
)

t.test('frames pass through profiles that have a way down for them', (t) => {
  const passing = [...envelopeProfiles.keys()].filter((name) => passesFrames(uplinkWith(name)))
  t.same(passing.sort(), ['air72x-bytes', 'air72x-hex', 'prefix-unit', 'quecpython-dtu', 'shuangwu'])

  t.end()
})

t.test(
  'nothing goes down to a concentrator whose line may be another’s, and nothing that changes a meter ever',
  async (t) => {
    const { clock, port, sent } = portOf('shuangwu')
    const line = port.openLine().under({ isSafe: () => false })
    t.same((await line.exchange(readRequest('2007', addressOf(7), energy))).outcome, { kind: 'line_lost' })
    t.same(await line.write({} as ApprovedFrame), { kind: 'unsent', reason: 'line_kind_unsupported' })
    t.equal(sent.length, 0)
    t.match(line.counters(), { requests: 0, bytesOut: 0 })
    clock.close()
  },
)
