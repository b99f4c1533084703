import fc from 'fast-check'
import t from 'tap'
import {
  advanceTransparent,
  type CorrelationRule,
  isFree,
  type TransparentInput,
  type TransparentState,
} from '../../../headend/sessions/transparent-port.js'
import { readRequest } from '../../../protocols/dlt645/message.js'
import { encodeDataReply, encodeReadRequest, encodeRefusal } from '../../../protocols/dlt645/messages-2007.js'

const request = readRequest('2007', '000000000012', '00010000')
const payload = Buffer.from('78563412', 'hex')
const answer = encodeDataReply(request.address, '00010000', payload)
const ofOther = encodeDataReply('000000000013', '00010000', payload)
const ofOtherItem = encodeDataReply(request.address, '00020000', payload)
const echo = encodeReadRequest(request.address, '00010000')
const send = (messageId: string | null): TransparentInput => ({ kind: 'send', request, messageId })
const message = (frames: readonly Buffer[], messageId: string | null = null, failure: string | null = null) => ({
  kind: 'message' as const,
  content: { messageId, failure, frames: frames.map((bytes) => ({ bytes, meter: null, time: null })) },
})

/** What one input after the other brings about: outcome, reasons for dropping, state. */
function story(rule: CorrelationRule, inputs: readonly TransparentInput[]): readonly string[] {
  let state: TransparentState = { kind: 'idle' }
  return inputs.map((input) => {
    const next = advanceTransparent(rule, state, input)
    state = next.state
    return [next.outcome?.kind, ...next.dropped, state.kind].filter((each) => each !== undefined).join(' ')
  })
}

const byFrame = 'address_function_identifier'
const stories: readonly [
  what: string,
  rule: CorrelationRule,
  inputs: readonly TransparentInput[],
  becomes: readonly string[],
][] = [
  ['an answer', byFrame, [send(null), message([answer])], ['waiting', 'data idle']],
  [
    'a refusal',
    byFrame,
    [send(null), message([encodeRefusal(request.address, ['no_such_data'])])],
    ['waiting', 'refused idle'],
  ],
  [
    'request and answer side by side',
    byFrame,
    [send(null), message([echo, answer])],
    ['waiting', 'data not_a_reply idle'],
  ],
  [
    'answers of others',
    byFrame,
    [send(null), message([ofOther]), message([ofOtherItem]), message([answer, answer])],
    ['waiting', 'wrong_address waiting', 'wrong_identifier waiting', 'data too_late idle'],
  ],
  [
    'an answer that comes after its time, before the same question is asked again',
    byFrame,
    [send(null), { kind: 'timeout' }, message([ofOther]), message([answer]), send(null), message([answer])],
    ['waiting', 'no_reply draining', 'wrong_address draining', 'too_late idle', 'waiting', 'data idle'],
  ],
  [
    'silence',
    byFrame,
    [send(null), { kind: 'timeout' }, { kind: 'drained' }, message([answer]), { kind: 'timeout' }],
    ['waiting', 'no_reply draining', 'idle', 'too_late idle', 'idle'],
  ],
  [
    'bytes that are no frame',
    byFrame,
    [send(null), message([answer.subarray(1)]), { kind: 'timeout' }],
    ['waiting', 'frame_damaged waiting', 'damaged draining'],
  ],
  [
    'a payload that could not be decoded',
    byFrame,
    [send(null), { kind: 'noise' }, { kind: 'timeout' }],
    ['waiting', 'waiting', 'damaged draining'],
  ],
  [
    'a line that goes down',
    byFrame,
    [send(null), { kind: 'line_down' }, message([answer])],
    ['waiting', 'line_down idle', 'too_late idle'],
  ],
  [
    'the right id',
    'message_id',
    [send('7'), message([answer], '6'), message([answer]), message([answer], '7')],
    ['waiting', 'wrong_message waiting', 'wrong_message waiting', 'data idle'],
  ],
  [
    'the right id with the wrong meter',
    'message_id',
    [send('7'), message([ofOther], '7'), { kind: 'timeout' }],
    ['waiting', 'wrong_address waiting', 'no_reply idle'],
  ],
  [
    'a late answer under ids, while the question is asked again',
    'message_id',
    [send('7'), { kind: 'timeout' }, send('8'), message([answer], '7'), message([answer], '8')],
    ['waiting', 'no_reply idle', 'waiting', 'wrong_message waiting', 'data idle'],
  ],
  [
    'a concentrator that says it failed',
    'message_id',
    [send('7'), message([], '7', 'Command timeout')],
    ['waiting', 'no_reply idle'],
  ],
]

for (const [what, rule, inputs, becomes] of stories) {
  t.test(`${rule}: ${what}`, async (t) => t.same(story(rule, inputs), becomes))
}

t.test(
  'a request into another is a broken assumption, and so is one without the id that its answer names',
  async (t) => {
    const { state } = advanceTransparent(byFrame, { kind: 'idle' }, send(null))
    t.notOk(isFree(state))
    t.throws(() => advanceTransparent(byFrame, state, send(null)), /one request at a time/)
    t.throws(() => advanceTransparent('message_id', { kind: 'idle' }, send(null)), /the id/)
  },
)

t.test('whatever arrives, each request has exactly one outcome and no answer is taken twice', async () => {
  const rules: readonly CorrelationRule[] = [byFrame, 'message_id']
  const frames = fc.subarray([answer, ofOther, ofOtherItem, echo, answer.subarray(2)])
  const input = fc.oneof(
    fc.tuple(frames, fc.constantFrom(null, '7')).map(([each, id]) => message(each, id)),
    fc.constantFrom<TransparentInput>(
      { kind: 'noise' },
      { kind: 'timeout' },
      { kind: 'drained' },
      { kind: 'line_down' },
      send('7'),
    ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...rules), fc.array(input, { maxLength: 30 }), (rule, inputs) => {
      let state: TransparentState = { kind: 'idle' }
      let sent = 0
      let outcomes = 0
      for (const each of [...inputs, { kind: 'line_down' } as const]) {
        if (each.kind === 'send' && !isFree(state)) continue
        const next = advanceTransparent(rule, state, each)
        if (each.kind === 'send') sent += 1
        if (next.outcome !== null) outcomes += 1
        if (next.outcome !== null && next.state.kind === 'waiting') return false
        state = next.state
      }
      return sent === outcomes
    }),
    { seed: 1, numRuns: 2000 },
  )
})
