import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { decodeGdw1376 } from '../../../protocols/gdw1376/frame.js'
import {
  encodeConfirmation,
  encodeForwardReplyFrame,
  encodeForwardRequestFrame,
  encodeLink,
  type Gdw1376Message,
  messageOf,
} from '../../../protocols/gdw1376/messages.js'
import {
  decodeForwardReply,
  decodeForwardRequest,
  encodeForwardReply,
  encodeForwardRequest,
  type ForwardRequest,
} from '../../../protocols/gdw1376/transparent-forward.js'
import { record } from '../support/plain-record.js'
import { confirmation, forwardReply, forwardRequest, heartbeat, login } from './published-frames.js'

const exchange = { terminal: '02001234', master: 0, sequenceNumber: 1 }
const forwarding = { terminal: '02001234', master: 2, sequenceNumber: 0 }
const request: ForwardRequest = {
  port: 0x1f,
  settings: { baudRate: 2400, stopBits: 1, parity: 'even', dataBits: 8 },
  frameWait: { count: 60, unitMs: 1000 },
  byteWaitMs: 100,
  inner: Buffer.from('68611001301215681104333334337b16', 'hex'),
}
const reply = { port: 0x1f, inner: Buffer.from('6861100130121568910833333433ab3933334916', 'hex') }

t.test('writes the published frames of both sides', async (t) => {
  t.equal(encodeLink('login', exchange).toString('hex'), login.toString('hex'))
  t.equal(encodeLink('heartbeat', exchange).toString('hex'), heartbeat.toString('hex'))
  t.equal(encodeConfirmation('confirm', exchange).toString('hex'), confirmation.toString('hex'))
  const asked = encodeForwardRequestFrame(forwarding, request, {
    timeLabel: { frameCounter: 0, sentAt: '21235113', allowedDelayMinutes: 5 },
  })
  t.equal(asked.toString('hex'), forwardRequest.toString('hex'))
  const answered = encodeForwardReplyFrame(forwarding, reply, {
    eventCounters: Buffer.from('4f00', 'hex'),
    timeLabel: { frameCounter: 0, sentAt: '21235006', allowedDelayMinutes: 5 },
  })
  t.equal(answered.toString('hex'), forwardReply.toString('hex'))
})

const meanings: readonly [what: string, bytes: Buffer, message: Gdw1376Message][] = [
  ['a login', login, { kind: 'login' }],
  ['a heartbeat', heartbeat, { kind: 'heartbeat' }],
  ['a logout', encodeLink('logout', exchange), { kind: 'logout' }],
  ['a confirmation', confirmation, { kind: 'confirm' }],
  ['a denial', encodeConfirmation('deny', exchange), { kind: 'deny' }],
  ['a forwarded request', forwardRequest, { kind: 'forward_request', request }],
  ['its reply', forwardReply, { kind: 'forward_reply', reply }],
  [
    'a forward without password and label',
    encodeForwardRequestFrame(forwarding, request),
    { kind: 'forward_request', request },
  ],
  ['a reply without events', encodeForwardReplyFrame(forwarding, reply), { kind: 'forward_reply', reply }],
]

for (const [what, bytes, message] of meanings) {
  t.test(`understands ${what}`, async (t) => {
    const decoded = decodeGdw1376(bytes)
    t.same(decoded.ok && messageOf(decoded.value), message)
  })
}

t.test('takes a forward that is shorter than it says for nothing', async (t) => {
  t.equal(decodeForwardRequest(Buffer.from('1f6bbc0a1000', 'hex')), null)
  t.equal(decodeForwardRequest(Buffer.from('1f6bbc0a', 'hex')), null)
  t.equal(decodeForwardReply(Buffer.from('1f1400', 'hex')), null)
  t.equal(decodeForwardReply(Buffer.from('1f', 'hex')), null)
})

t.test('decodes what it encodes, whatever the port and its settings', async (t) => {
  const inner = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
  const requests = record({
    port: fc.nat({ max: 255 }),
    settings: record({
      baudRate: fc.constantFrom(300 as const, 600, 1200, 2400, 4800, 7200, 9600, 19_200),
      stopBits: fc.constantFrom(1 as const, 2),
      parity: fc.constantFrom('none' as const, 'even', 'odd'),
      dataBits: fc.constantFrom(5 as const, 6, 7, 8),
    }),
    frameWait: record({ count: fc.nat({ max: 127 }), unitMs: fc.constantFrom(10 as const, 1000) }),
    byteWaitMs: fc.nat({ max: 255 }).map((tens) => tens * 10),
    inner,
  })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(requests, (each) => {
          const answer = { port: each.port, inner: each.inner }
          return (
            isDeepStrictEqual(decodeForwardRequest(encodeForwardRequest(each)), each) &&
            isDeepStrictEqual(decodeForwardReply(encodeForwardReply(answer)), answer)
          )
        }),
        { seed: 1376, numRuns: 300 },
      ),
    '300 forwards',
  )
})

t.test('refuses waits that the fields cannot hold', async (t) => {
  t.throws(() => encodeForwardRequest({ ...request, byteWaitMs: 15 }))
  t.throws(() => encodeForwardRequest({ ...request, frameWait: { count: 128, unitMs: 10 } }))
})
