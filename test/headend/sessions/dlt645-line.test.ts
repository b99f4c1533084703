import type { Socket } from 'node:net'
import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs, secondMs } from '../../../domain/time.js'
import { openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { longestReplyMs } from '../../../headend/sessions/reply-timeout.js'
import { decodeFrame } from '../../../protocols/dlt645/frame.js'
import { parseMessage, type ReadMessage, readRequest } from '../../../protocols/dlt645/message.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { createWorld, local, worldStart } from '../../support/field-world.js'

const address = '000000000042'
const request = readRequest('2007', address, '05060001')
const payload = Buffer.from('0000010726', 'hex')
const good = encodeDataReply(address, '05060001', payload)
const wakeUpBytes = 4

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

/** A serial server with somebody behind it who answers as told, and a head-end's view of it. */
async function open(t: Teardown, answer: (asked: Buffer, socket: Socket) => void) {
  const { clock, network } = createWorld()
  const listener = await network.listen(local, (socket) => {
    socket.on('data', (chunk: Buffer) => answer(chunk, socket))
  })
  const settings = { ...listener.endpoint, baud: 2400, wakeUpBytes, replyTimeoutMs: 500, requestGapMs: 50 }
  const line = openDlt645Line({ clock, connect: () => network.connect(listener.endpoint), settings })
  t.teardown(async () => {
    line.close()
    await listener.close()
    clock.close()
  })
  return { clock, line, listener, deadline: clock.now() + 60 * secondMs }
}

await t.test('echo, strangers, noise and prefixes around the reply do not hide it', async (t) => {
  const { line, deadline } = await open(t, (asked, socket) => {
    const stranger = encodeDataReply('000000000043', '05060001', payload)
    socket.write(Buffer.concat([asked, Buffer.from('0d0a68', 'hex'), stranger, Buffer.from('68ff', 'hex'), good]))
  })
  await line.ready(deadline)
  const { outcome, request: sent } = await line.exchange(request)
  t.match(outcome, { kind: 'data', payload, bytes: good })
  const decoded = decodeFrame(sent.subarray(wakeUpBytes))
  t.match(decoded.ok && parseMessage(decoded.value), {
    direction: 'request',
    function: 'read',
    address: request.address,
    dataIdentifier: request.dataIdentifier,
  })
  t.match(line.counters(), { requests: 1, replies: 1, dropped: 2, damaged: 0 })
})

await t.test('silence and noise end when the reply time is over', async (t) => {
  const answers = [Buffer.alloc(0), good.subarray(0, -3), Buffer.from(good).fill(0, 12, 14)]
  const { clock, line, deadline } = await open(t, (_asked, socket) => socket.write(answers.shift() ?? good))
  await line.ready(deadline)
  const firstByteMs = 500 + Math.ceil((20 * 11_000) / 2400)
  const silenceMs = 500
  const gapMs = 50
  let at = worldStart - gapMs
  for (const [kind, tookMs] of [
    ['no_reply', firstByteMs],
    ['damaged', silenceMs],
    ['damaged', silenceMs],
  ] as const) {
    const { outcome, heard } = await line.exchange(request)
    t.same(outcome, { kind })
    t.equal(heard.noise.length > 0, kind === 'damaged', 'what was heard is there for a look')
    at += gapMs + tookMs
    t.equal(clock.now(), at, 'with the gap between requests')
  }
  t.match((await line.exchange(request)).outcome, { kind: 'data' })
  t.match(line.counters(), { requests: 4, replies: 1, timeouts: 1, damaged: 2 })
})

await t.test('a reply that comes too late is not taken for the answer to the next request', async (t) => {
  const next: ReadMessage = { ...request, dataIdentifier: '05060101' }
  const other = encodeDataReply(address, '05060101', Buffer.alloc(20))
  let asked = 0
  const { line, deadline } = await open(t, (_chunk, socket) => {
    asked += 1
    if (asked === 2) socket.write(Buffer.concat([good, other]))
  })
  await line.ready(deadline)
  t.same((await line.exchange(request)).outcome, { kind: 'no_reply' })
  t.match((await line.exchange(next)).outcome, { kind: 'data', bytes: other })
  t.match(line.counters(), { dropped: 1 })
})

await t.test('a reply may drip in, byte by byte, with pauses just below the longest', async (t) => {
  const { clock, line, deadline } = await open(t, (_asked, socket) => {
    for (const [index, byte] of good.entries()) clock.setTimer(index * 490, () => socket.write(Buffer.from([byte])))
  })
  await line.ready(deadline)
  t.match((await line.exchange(request)).outcome, { kind: 'data', payload })
  t.equal(clock.now(), worldStart + (good.length - 1) * 490)
})

await t.test('a reply that begins too late is none, though its bytes come fast', async (t) => {
  const { clock, line, deadline } = await open(
    t,
    (_asked, socket) => void clock.setTimer(700, () => socket.write(good)),
  )
  await line.ready(deadline)
  t.same((await line.exchange(request)).outcome, { kind: 'no_reply' })
})

await t.test('somebody who never stops talking does not keep the line', async (t) => {
  let babbling = true
  const { clock, line, deadline } = await open(t, (_asked, socket) => {
    const babble = (): void => {
      if (!babbling) return
      socket.write(Buffer.from([0x00]))
      clock.setTimer(100, babble)
    }
    babble()
  })
  await line.ready(deadline)
  t.same((await line.exchange(request)).outcome, { kind: 'damaged' })
  t.equal(clock.now(), worldStart + 592 + longestReplyMs)
  babbling = false
})

await t.test('frames that were not the answer are named with their reasons', async (t) => {
  const stranger = encodeDataReply('000000000043', '05060001', payload)
  const { line, deadline } = await open(t, (asked, socket) => socket.write(Buffer.concat([asked, stranger])))
  await line.ready(deadline)
  const { outcome, heard } = await line.exchange(request)
  t.equal(outcome.kind, 'wrong_answer')
  t.same(
    heard.dropped.map(({ reason }) => reason),
    ['not_a_reply', 'wrong_address'],
  )
})

await t.test('a line that goes down in mid-exchange ends it, and is tried again until the deadline', async (t) => {
  const { clock, line, listener, deadline } = await open(t, (_asked, socket) => socket.destroy())
  await line.ready(deadline)
  t.same((await line.exchange(request)).outcome, { kind: 'line_down' })
  await listener.close()
  t.equal(await line.ready(clock.now() + dayMs), false)
  t.ok(clock.now() > worldStart + dayMs - 300 * secondMs, 'it went on trying for the whole day')
})

await t.test('after any garbage the next request is understood', async (t) => {
  const random = createSeededRandom(3)
  let round = 0
  const { line, deadline } = await open(t, (_asked, socket) => {
    const length = random.below(600, 'length', round)
    const garbage = Buffer.from(Array.from({ length }, (_, at) => random.below(256, 'garbage', round, at)))
    // Every third ends like the head of a long frame, which would wait for two hundred bytes more.
    const head = round % 3 === 0 ? Buffer.from('68420000000000 6891c8'.replace(' ', ''), 'hex') : Buffer.alloc(0)
    socket.write(Buffer.concat([garbage, head, good]))
  })
  await line.ready(deadline)
  for (; round < 200; round += 1)
    t.match((await line.exchange(request)).outcome, { kind: 'data', payload, bytes: good })
})

await t.test('whether the line is still ours is asked when the bytes go out, after the gap', async (t) => {
  const { clock, line, deadline } = await open(t, (_asked, socket) => socket.write(good))
  await line.ready(deadline)
  const askedAt: number[] = []
  const right = {
    isSafe() {
      askedAt.push(clock.now())
      return askedAt.length < 2
    },
  }
  const ours = line.under(right).withQuirks({})
  t.match((await ours.exchange(request)).outcome, { kind: 'data' })
  const answeredAt = clock.now()
  t.same((await ours.exchange(request)).outcome, { kind: 'line_lost' })
  t.same(askedAt, [worldStart, answeredAt + 50])
  t.match(line.counters(), { requests: 1, replies: 1, timeouts: 0 })
})
