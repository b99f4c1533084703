import t from 'tap'
import { present } from '../../../domain/result.js'
import { advanceExchange, type ExchangeInput, startExchange } from '../../../headend/sessions/dlt645-exchange.js'
import { decodeFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage, followUpRequest, readRequest } from '../../../protocols/dlt645/message.js'
import { encodeDataReply, encodeReadRequest, encodeRefusal } from '../../../protocols/dlt645/messages-2007.js'

const address = '000000000042'
const dataIdentifier = '05060001'
const request = readRequest('2007', address, dataIdentifier)
const payload = Buffer.from('0000010726', 'hex')

function frameInput(bytes: Buffer): ExchangeInput {
  const decoded = decodeFrame(bytes)
  return { kind: 'frame', frame: present(decoded.ok ? decoded.value : null, 'a frame'), bytes }
}

const reply = encodeDataReply(address, dataIdentifier, payload)
const moreToCome = Buffer.from(reply)
moreToCome.writeUInt8(0xb1, 8)
moreToCome.writeUInt8((moreToCome.readUInt8(moreToCome.length - 2) + 0x20) & 0xff, moreToCome.length - 2)

const refusal = encodeRefusal(address, ['no_such_data'])
const otherFunction = encodeMessage({
  ...followUpRequest(request, 1),
  direction: 'reply',
  payload: Buffer.concat([payload, Buffer.from([1])]),
})

const table: readonly (readonly [string, ExchangeInput, object])[] = [
  ['the reply', frameInput(reply), { kind: 'data', address, payload, hasMore: false, bytes: reply }],
  [
    'a reply that announces more',
    frameInput(moreToCome),
    { kind: 'data', address, payload, hasMore: true, bytes: moreToCome },
  ],
  ['a refusal', frameInput(refusal), { kind: 'refused', reasons: ['no_such_data'], bytes: refusal }],
  ['silence', { kind: 'timeout', noise: false, strangers: false }, { kind: 'no_reply' }],
  ['noise', { kind: 'timeout', noise: true, strangers: true }, { kind: 'damaged' }],
  ['a lost line', { kind: 'line_down' }, { kind: 'line_down' }],
]

for (const [name, input, outcome] of table) {
  t.test(`${name} settles the exchange`, async (t) => {
    t.same(advanceExchange(startExchange(request), input), { state: { kind: 'settled', outcome }, dropped: null })
  })
}

const dropped: readonly (readonly [string, Buffer, string])[] = [
  ['our own request as an echo', encodeReadRequest(address, dataIdentifier), 'not_a_reply'],
  ['another meter', encodeDataReply('000000000043', dataIdentifier, payload), 'wrong_address'],
  ['another meter’s refusal', encodeRefusal('000000000043', ['other']), 'wrong_address'],
  ['the late reply to an earlier request', encodeDataReply(address, '05060101', payload), 'wrong_identifier'],
  ['a reply to another function', otherFunction, 'not_understood'],
]

for (const [name, bytes, reason] of dropped) {
  t.test(`${name} is dropped and the exchange waits on`, async (t) => {
    const waiting = startExchange(request)
    t.same(advanceExchange(waiting, frameInput(bytes)), { state: waiting, dropped: reason })
  })
}

t.test('a further part is taken only under its own number, and without it', async (t) => {
  const waiting = startExchange(followUpRequest(request, 2))
  t.same(advanceExchange(waiting, frameInput(otherFunction)), { state: waiting, dropped: 'wrong_sequence' })
  const second = encodeMessage({
    ...followUpRequest(request, 2),
    direction: 'reply',
    payload: Buffer.concat([payload, Buffer.from([2])]),
  })
  t.match(advanceExchange(waiting, frameInput(second)).state, { outcome: { kind: 'data', payload, hasMore: false } })
})

t.test('a wildcard is answered by whoever is there', async (t) => {
  const waiting = startExchange(readRequest('2007', 'AAAAAAAAAAAA', dataIdentifier))
  t.match(advanceExchange(waiting, frameInput(reply)).state, { outcome: { kind: 'data', address } })
})

t.test('what comes after the end changes nothing', async (t) => {
  const { state } = advanceExchange(startExchange(request), { kind: 'timeout', noise: false, strangers: false })
  t.same(advanceExchange(state, frameInput(reply)), { state, dropped: 'too_late' })
  t.same(advanceExchange(state, { kind: 'line_down' }), { state, dropped: null })
})
