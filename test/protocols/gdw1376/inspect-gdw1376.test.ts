import fc from 'fast-check'
import t from 'tap'
import { encodeGdw1376 } from '../../../protocols/gdw1376/frame.js'
import { inspectGdw1376 } from '../../../protocols/gdw1376/inspect-gdw1376.js'
import { encodeConfirmation, encodeForwardRequestFrame } from '../../../protocols/gdw1376/messages.js'
import type { InspectedFrame } from '../../../protocols/inspection/inspected-frame.js'
import { mutationsOf } from '../support/seeded-mutations.js'
import { confirmation, forwardReply, forwardRequest, login, publishedFrames } from './published-frames.js'

const exchange = { terminal: '02001234', master: 0, sequenceNumber: 1 }

const told: readonly [what: string, bytes: Buffer, expected: Partial<InspectedFrame>, inner: string | null][] = [
  [
    'a login',
    login,
    { address: '02001234', direction: 'reply', controlCode: 'C9', afn: '02', seq: '71', pn: 0, fn: 1, payload: '' },
    null,
  ],
  ['its confirmation', confirmation, { direction: 'request', controlCode: '0B', afn: '00', seq: '61', fn: 1 }, null],
  [
    'a forwarded read',
    forwardRequest,
    {
      direction: 'request',
      controlCode: '4B',
      afn: '10',
      seq: 'E0',
      pn: 0,
      fn: 1,
      payload: '1F6BBC0A100068611001301215681104333334337B16',
    },
    '68611001301215681104333334337b16',
  ],
  [
    'its reply',
    forwardReply,
    { direction: 'reply', controlCode: 'A8', afn: '10', payload: '1F14006861100130121568910833333433AB3933334916' },
    '6861100130121568910833333433ab3933334916',
  ],
]

for (const [what, bytes, expected, inner] of told) {
  t.test(`tells ${what}`, async (t) => {
    const seen: string[] = []
    const inspected = inspectGdw1376(bytes, 3, (carried) => {
      seen.push(carried.toString('hex'))
      return null
    })
    t.match(inspected, {
      protocol: 'gdw1376.1',
      dataIdentifier: null,
      followUp: false,
      refusal: null,
      values: [],
      offset: 3,
      hex: bytes.toString('hex').toUpperCase(),
      inner: null,
      ...expected,
    })
    t.same(seen, inner === null ? [] : [inner])
  })
}

t.test('takes the wake-up bytes off the frame it carries', async (t) => {
  const inner = Buffer.from('fefefefe68aaaaaaaaaaaa681300df16', 'hex')
  const bytes = encodeForwardRequestFrame(exchange, {
    port: 1,
    settings: { baudRate: 2400, stopBits: 1, parity: 'even', dataBits: 8 },
    frameWait: { count: 5, unitMs: 1000 },
    byteWaitMs: 100,
    inner,
  })
  const seen: string[] = []
  inspectGdw1376(bytes, 0, (carried) => {
    seen.push(carried.toString('hex'))
    return null
  })
  t.same(seen, ['68aaaaaaaaaaaa681300df16'])
})

t.test('names a denial', async (t) => {
  t.match(
    inspectGdw1376(encodeConfirmation('deny', exchange), 0, () => null),
    {
      afn: '00',
      fn: 2,
      refusal: { code: '02', reasons: ['denied'] },
    },
  )
})

t.test('says that more follows unless the frame is the final one', async (t) => {
  const first = encodeGdw1376({
    protocolMark: 2,
    control: { upward: true, initiates: false, countOrAccess: false, countValid: false, functionCode: 8 },
    address: { terminal: '02001234', master: 0, group: false },
    afn: 0x0d,
    sequence: { timeLabelled: false, first: true, final: false, confirm: false, number: 0 },
    unit: { da: [0x02, 1], dt: [0x01, 20] },
    data: Buffer.from('0102', 'hex'),
    auxiliary: { password: null, eventCounters: null, timeLabel: null },
  })
  t.match(
    inspectGdw1376(first, 0, () => null),
    { followUp: true, pn: 2, fn: 161, payload: '0102' },
  )
})

t.test('answers any bytes and any mutation without throwing', async (t) => {
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(
          fc.oneof(noise, mutationsOf(publishedFrames)),
          (bytes) => inspectGdw1376(bytes, 0, () => null).protocol === 'gdw1376.1',
        ),
        { seed: 1376, numRuns: 3000 },
      ),
    '3000 inputs',
  )
})
