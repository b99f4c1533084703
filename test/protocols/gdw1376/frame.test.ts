import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import {
  decodeGdw1376,
  encodeGdw1376,
  firstItem,
  firstPoint,
  type Gdw1376Frame,
  terminalItem,
} from '../../../protocols/gdw1376/frame.js'
import { decodeTimeLabel, encodeTimeLabel } from '../../../protocols/gdw1376/time-label.js'
import { record } from '../support/plain-record.js'
import { mutationsOf } from '../support/seeded-mutations.js'
import { forwardReply, forwardRequest, login, publishedFrames } from './published-frames.js'

for (const frame of publishedFrames) {
  t.test(`reads and writes ${frame.toString('hex')}`, async (t) => {
    const decoded = decodeGdw1376(frame)
    t.equal(decoded.ok, true)
    if (decoded.ok) t.equal(encodeGdw1376(decoded.value).toString('hex'), frame.toString('hex'))
  })
}

t.test('reads every field of a login', async (t) => {
  t.same(decodeGdw1376(login), {
    ok: true,
    value: {
      protocolMark: 2,
      control: { upward: true, initiates: true, countOrAccess: false, countValid: false, functionCode: 9 },
      address: { terminal: '02001234', master: 0, group: false },
      afn: 0x02,
      sequence: { timeLabelled: false, first: true, final: true, confirm: true, number: 1 },
      unit: { da: [0, 0], dt: [1, 0] },
      data: Buffer.alloc(0),
      auxiliary: { password: null, eventCounters: null, timeLabel: null },
    },
  })
})

t.test('finds the password and the time label of a forwarded request behind its data', async (t) => {
  t.match(decodeGdw1376(forwardRequest), {
    value: {
      address: { terminal: '02001234', master: 2, group: false },
      data: Buffer.from('1f6bbc0a100068611001301215681104333334337b16', 'hex'),
      auxiliary: { password: Buffer.alloc(16), eventCounters: null, timeLabel: Buffer.from('001351232105', 'hex') },
    },
  })
})

t.test('finds the event counters of a reply with ACD', async (t) => {
  t.match(decodeGdw1376(forwardReply), {
    value: {
      control: { upward: true, initiates: false, countOrAccess: true },
      auxiliary: {
        password: null,
        eventCounters: Buffer.from('4f00', 'hex'),
        timeLabel: Buffer.from('000650232105', 'hex'),
      },
    },
  })
})

t.test('reads and writes a time label', async (t) => {
  const bytes = Buffer.from('001351232105', 'hex')
  const label = { frameCounter: 0, sentAt: '21235113', allowedDelayMinutes: 5 }
  t.same(decodeTimeLabel(bytes), label)
  t.equal(encodeTimeLabel(label).toString('hex'), bytes.toString('hex'))
  t.equal(decodeTimeLabel(Buffer.from('00ff51232105', 'hex')), null)
  t.equal(decodeTimeLabel(bytes.subarray(1)), null)
})

const designations: readonly [da: [number, number], dt: [number, number], pn: number | null, fn: number | null][] = [
  [[0, 0], [0x01, 0], 0, 1],
  [[0, 0], [0x04, 0], 0, 3],
  [[0x01, 1], [0x02, 0], 1, 2],
  [[0x80, 2], [0x01, 20], 16, 161],
  [[0x0c, 3], [0x80, 30], 19, 248],
  [[0, 4], [0, 1], null, null],
  [[0xff, 0], [0x01, 0], null, 1],
]

for (const [da, dt, pn, fn] of designations) {
  t.test(`takes DA ${da.join()} and DT ${dt.join()} for p${pn} and F${fn}`, async (t) => {
    t.equal(firstPoint({ da, dt }), pn)
    t.equal(firstItem({ da, dt }), fn)
  })
}

t.test('designates the items of the terminal itself', async (t) => {
  for (const fn of [1, 8, 9, 248]) t.equal(firstItem(terminalItem(fn)), fn)
  for (const fn of [0, 249, 1.5]) t.throws(() => terminalItem(fn))
})

t.test('refuses a frame that is shorter than what its header attaches', async (t) => {
  const decoded = decodeGdw1376(login)
  if (!decoded.ok) return
  const { sequence } = decoded.value
  const labelled = encodeGdw1376({ ...decoded.value, sequence: { ...sequence, timeLabelled: true } })
  t.match(decodeGdw1376(labelled), { ok: false, error: { kind: 'auxiliary_field_missing' } })
})

t.test('refuses bytes behind the frame', async (t) => {
  t.match(decodeGdw1376(Buffer.concat([login, login])), {
    ok: false,
    error: { kind: 'length_mismatch', expected: 20, actual: 40 },
  })
})

t.test('decodes what it encodes', async (t) => {
  const bits = fc.nat({ max: 15 })
  const byte = fc.nat({ max: 255 })
  const pair = fc.tuple(byte, byte)
  const bytes = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((some) => Buffer.from(some))
  const parts = record({
    mark: fc.constantFrom(1 as const, 2 as const),
    control: record({
      upward: fc.boolean(),
      initiates: fc.boolean(),
      countOrAccess: fc.boolean(),
      countValid: fc.boolean(),
      functionCode: bits,
    }),
    terminal: fc.stringMatching(/^\d{4}[\dA-F]{4}$/),
    master: fc.nat({ max: 127 }),
    group: fc.boolean(),
    afn: byte,
    sequence: record({
      timeLabelled: fc.boolean(),
      first: fc.boolean(),
      final: fc.boolean(),
      confirm: fc.boolean(),
      number: bits,
    }),
    da: pair,
    dt: pair,
    data: fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
    password: bytes(16),
    counters: bytes(2),
    label: bytes(6),
  })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(parts, ({ mark, terminal, master, group, da, dt, password, counters, label, ...rest }) => {
          const { control, sequence, afn } = rest
          const hasPassword = !control.upward && [0x01, 0x04, 0x05, 0x0f, 0x10].includes(afn)
          const frame: Gdw1376Frame = {
            ...rest,
            protocolMark: mark,
            address: { terminal, master, group },
            unit: { da, dt },
            auxiliary: {
              password: hasPassword ? password : null,
              eventCounters: control.upward && control.countOrAccess ? counters : null,
              timeLabel: sequence.timeLabelled ? label : null,
            },
          }
          const decoded = decodeGdw1376(encodeGdw1376(frame))
          return decoded.ok && isDeepStrictEqual(decoded.value, frame)
        }),
        { seed: 1376, numRuns: 500 },
      ),
    '500 frames',
  )
})

t.test('answers any bytes and any mutation without throwing', async (t) => {
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(fc.oneof(noise, mutationsOf(publishedFrames)), (bytes) => {
          const decoded = decodeGdw1376(bytes)
          return !decoded.ok || encodeGdw1376(decoded.value).equals(bytes)
        }),
        { seed: 1376, numRuns: 3000 },
      ),
    '3000 inputs',
  )
})
