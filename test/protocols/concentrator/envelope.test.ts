import fc from 'fast-check'
import t from 'tap'
import { present } from '../../../domain/result.js'
import { encodeEnvelope } from '../../../protocols/concentrator/encode-envelope.js'
import { decodeEnvelope } from '../../../protocols/concentrator/envelope.js'
import { emptyContent, type EnvelopeContent } from '../../../protocols/concentrator/envelope-content.js'
import { channelNames, type EnvelopeProfile, formsOf } from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles, ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'
import { maxPayloadBytes } from '../../../protocols/concentrator/carried-frames.js'
import { encodeReceipt, encodeUpload, parseUpload } from '../../../protocols/concentrator/messages.js'
import { encodeFrame } from '../../../protocols/dlt645/frame.js'
import { subscriptionOf } from '../../../protocols/concentrator/topic-template.js'

const profile = (name: string): EnvelopeProfile => present(envelopeProfiles.get(name), name)
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const decode = (name: string, topic: string, payload: string | Buffer) =>
  decodeEnvelope(profile(name), topic, Buffer.from(payload as string))
const frame = hex('68 84 53 66 16 05 17 68 91 06 33 34 34 35 49 55 44 16')
const reading = { meter: null, value: null, rawValue: null, unit: null, time: null }

/** Messages in the form in which their public sources show them. */
const samples: readonly [name: string, topic: string, payload: string | Buffer, content: object][] = [
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/000000001234/telemetry',
    '{"ts":1705320000000,"meterId":"000000001234","dataId":"0x00000000","register":"TOTAL_ACTIVE_POSITIVE","value":1234.56,"rawValue":123456,"unit":"kWh"}',
    {
      channel: 'up',
      meter: '000000001234',
      readings: [
        {
          meter: '000000001234',
          dataIdentifier: '00000000',
          value: '1234.56',
          rawValue: '123456',
          unit: 'kWh',
          time: 1705320000000,
        },
      ],
    },
  ],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/000000001234/telemetry',
    '{"ts":1705320000000,"meterId":"000000001234","values":{"TOTAL_ACTIVE_POSITIVE":{"value":1234.56,"unit":"kWh"},"SECRET":{"value":1},"VOLTAGE_A":{"value":230.5,"unit":"V"}},"isBatch":true}',
    {
      channel: 'up',
      meter: '000000001234',
      readings: [
        {
          ...reading,
          meter: '000000001234',
          dataIdentifier: '00000000',
          value: '1234.56',
          unit: 'kWh',
          time: 1705320000000,
        },
        {
          ...reading,
          meter: '000000001234',
          dataIdentifier: '02010100',
          value: '230.5',
          unit: 'V',
          time: 1705320000000,
        },
      ],
    },
  ],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/000000001234/command/request',
    '{"id":"cmd-1705320000001-def","method":"read_register","params":{"dataId":"0x02010100"}}',
    {
      channel: 'down',
      meter: '000000001234',
      messageId: 'cmd-1705320000001-def',
      readings: [{ ...reading, meter: '000000001234', dataIdentifier: '02010100' }],
    },
  ],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/000000001234/command/response',
    '{"ts":1705320000100,"id":"cmd-1","success":false,"error":"Meter not connected"}',
    {
      channel: 'response',
      meter: '000000001234',
      messageId: 'cmd-1',
      failure: 'Meter not connected',
      time: 1705320000100,
    },
  ],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/000000001234/status',
    '{"ts":1705320000000,"meterId":"000000001234","online":false}',
    { channel: 'status', meter: '000000001234', online: false, time: 1705320000000 },
  ],
  [
    'dgiot',
    '$dg/device/0765ed6dcf/000000000012/properties',
    '{"00010000":1234.560,"0001ff00":"7.10","02010100":null,"signal":-71}',
    {
      channel: 'up',
      concentrator: '0765ed6dcf',
      meter: '000000000012',
      readings: [
        { ...reading, meter: '000000000012', dataIdentifier: '00010000', value: '1234.560' },
        { ...reading, meter: '000000000012', dataIdentifier: '0001FF00', value: '7.10' },
        { ...reading, meter: '000000000012', dataIdentifier: '02010100', value: null },
      ],
    },
  ],
  [
    'air72x-bytes',
    'dtu/D1/up',
    Buffer.concat([hex('FEFEFEFE'), frame, hex('0D0A00'), frame]),
    { channel: 'up', concentrator: 'D1', frames: [frame, frame] },
  ],
  [
    'air72x-hex',
    'dtu/D1/up',
    `FEFEFEFE ${frame.toString('hex')}\r\n`,
    { channel: 'up', concentrator: 'D1', frames: [frame] },
  ],
  [
    'quecpython-dtu',
    'quec/Q1/up',
    `{"msg_id":"17","data":"FEFE${frame.toString('hex')}"}`,
    { channel: 'up', concentrator: 'Q1', messageId: '17', frames: [frame] },
  ],
  [
    'quecpython-dtu',
    'quec/Q1/up',
    `{"data":"${frame.toString('hex')}"}`,
    { channel: 'up', concentrator: 'Q1', frames: [frame] },
  ],
  [
    'nb-iot-side-by-side',
    'nbiot/9f25fafd/up',
    '{"notifyType":"deviceDataChanged","deviceId":"9f25fafd","requestId":null,"service":{"serviceId":"elect_meter","data":{"meter":"89010320FEFEFEFE6806010000000068110433343535bd1646FEFEFEFE6806010000000068910733343535333333D91630D0FFFFFFFF"},"eventTime":"20180520T150030Z"}}',
    {
      channel: 'up',
      concentrator: '9f25fafd',
      frames: [hex('6806010000000068110433343535bd16'), hex('6806010000000068910733343535333333D916')].map((bytes) => ({
        bytes,
        meter: null,
        time: Date.UTC(2018, 4, 20, 15, 0, 30),
      })),
    },
  ],
  [
    'ems-frame-hex',
    'ems/E1/up',
    `{"measurement_point_id":"inverter-ac-output","frame_hex":"6800000000000068910733333635333338D716"}`,
    {
      channel: 'up',
      concentrator: 'E1',
      frames: [{ bytes: hex('6800000000000068910733333635333338D716'), meter: 'inverter-ac-output', time: null }],
    },
  ],
  [
    'ems-frame-hex',
    'ems/E1/up',
    `{"site_id":"home-pv","measurement_point_id":"inverter-ac-output","protocol":"DL/T 645-2007","frames":[{"sequence":1042,"captured_at":"2026-08-16T04:01:05+08:00","direction":"rx","frame_hex":"68010203040568910433333333333316"}]}`,
    {
      channel: 'up',
      concentrator: 'E1',
      frames: [
        {
          bytes: hex('68010203040568910433333333333316'),
          meter: 'inverter-ac-output',
          time: Date.UTC(2026, 7, 15, 20, 1, 5),
        },
      ],
    },
  ],
  [
    'prefix-unit',
    'unit/U1/up',
    Buffer.concat([hex('D8B04CBDD147 FEFEFEFE'), frame, hex('0D0A')]),
    { channel: 'up', concentrator: 'U1', prefix: 'D8B04CBDD147', frames: [frame] },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    `{"concentrator":"C001","batch":7,"signal":-71,"items":[{"frame":"${frame.toString('hex')}","port":2},{"frame":"68"}]}`,
    { channel: 'up', concentrator: 'C001', messageId: '7', frames: [frame, hex('68')] },
  ],
]

for (const [name, topic, payload, expected] of samples) {
  t.test(`${name} on ${topic}: ${payload.toString('latin1').slice(0, 60)}`, async (t) => {
    const { frames = [], ...others } = expected as { frames?: readonly (Buffer | object)[] }
    const carried = frames.map((each) => (Buffer.isBuffer(each) ? { bytes: each, meter: null, time: null } : each))
    t.strictSame(decode(name, topic, payload), { ok: true, value: { ...emptyContent, ...others, frames: carried } })
  })
}

const errors: readonly [name: string, topic: string, payload: string | Buffer, error: unknown][] = [
  ['shuangwu', 'metering/C001', '{}', { kind: 'unknown_topic', offset: 0 }],
  ['shuangwu', 'metering/C001/table', '{}', { kind: 'unknown_topic', offset: 0 }],
  ['shuangwu', 'metering/C001/up', '', { kind: 'payload_empty', offset: 0 }],
  [
    'shuangwu',
    'metering/C001/up',
    ' '.repeat(maxPayloadBytes + 1),
    { kind: 'payload_too_long', offset: maxPayloadBytes, limit: maxPayloadBytes },
  ],
  ['shuangwu', 'metering/C001/up', '{"concentrator":', { kind: 'payload_not_json', offset: 16 }],
  ['shuangwu', 'metering/C001/up', '[]', { kind: 'payload_malformed', offset: 0, field: 'items[].frame' }],
  [
    'shuangwu',
    'metering/C001/up',
    '{"concentrator":"C002","batch":1,"items":[]}',
    { kind: 'wrong_concentrator', offset: 16 },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    '{"batch":1,"items":[{"frame":"68"}]}',
    { kind: 'payload_malformed', offset: 0, field: 'concentrator' },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    '{"concentrator":"C001","batch":1.5,"items":[{"frame":"68"}]}',
    { kind: 'payload_malformed', offset: 31, field: 'batch' },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    '{"concentrator":"C001","batch":1,"items":[{"frame":"6"}]}',
    { kind: 'not_hexadecimal', offset: 51 },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    '{"concentrator":"C001","batch":1,"items":[{"frame":"68"},{"frame":5}]}',
    { kind: 'payload_malformed', offset: 66, field: 'items[].frame' },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    `{"concentrator":"C001","batch":1,"items":[${'{"frame":"68"},'.repeat(1000)}{"frame":"68"}]}`,
    { kind: 'too_many_items', offset: 42 + 15_000, limit: 1000 },
  ],
  [
    'shuangwu',
    'metering/C001/up',
    `{"concentrator":"C001","batch":1,"items":[{"frame":"${'68'.repeat(300)}"}]}`,
    { kind: 'frame_too_long', offset: 51, limit: 267 },
  ],
  ['air72x-hex', 'dtu/D1/up', '68 8G', { kind: 'not_hexadecimal', offset: 4 }],
  ['air72x-hex', 'dtu/D1/up', '688', { kind: 'not_hexadecimal', offset: 3 }],
  ['air72x-bytes', 'dtu/D1/up', hex('6881'), { kind: 'no_frame', offset: 0 }],
  ['prefix-unit', 'unit/U1/up', hex('D8B0'), { kind: 'prefix_missing', offset: 2 }],
  ['prefix-unit', 'unit/U1/up', hex('D8B04CBDD147FEFE0D0A'), { kind: 'no_frame', offset: 6 }],
  ['dgiot', '$dg/device/p/m/properties', '{"00010000":1e400}', { kind: 'value_not_exact', offset: 12 }],
  ['dgiot', '$dg/device/p/m/properties', '{"00010000":"12,5"}', { kind: 'value_not_exact', offset: 12 }],
  ['dgiot', '$dg/device/p/m/properties', '{"00010000":true}', { kind: 'payload_malformed', offset: 12, field: '{}' }],
  ['dgiot', '$dg/device/p/m/properties', '{"00010000":1,"00010000":2}', { kind: 'duplicate_member', offset: 14 }],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/1/telemetry',
    '{"dataId":"0x123","value":1}',
    { kind: 'identifier_invalid', offset: 10 },
  ],
  [
    'ivy-4g-gateway',
    'ivy/v1/meters/1/telemetry',
    '{"ts":"yesterday","dataId":"0x00010000","value":1}',
    { kind: 'time_invalid', offset: 6 },
  ],
  ['nb-iot-side-by-side', 'nbiot/N/up', '{"service":{"data":{"meter":"00"}}}', { kind: 'no_frame', offset: 28 }],
]

for (const [name, topic, payload, error] of errors) {
  t.test(`${name} refuses ${payload.toString('latin1').slice(0, 60)}`, async (t) => {
    t.strictSame(decode(name, topic, payload), { ok: false, error })
  })
}

const exactNumbers = ['0.1', '0.30000000000000004', '12345678901234567890', '999999999999.9999', '-0.01', '1.10']

for (const number of exactNumbers) {
  t.test(`the value ${number} is taken and written digit by digit`, async (t) => {
    const topic = '$dg/device/p/000000000001/properties'
    const payload = `{"00010000":${number}}`
    const decoded = decode('dgiot', topic, payload)
    t.match(decoded, { ok: true, value: { readings: [{ value: number }] } })
    if (decoded.ok) t.equal(encodeEnvelope(profile('dgiot'), 'up', decoded.value)?.payload.toString(), payload)
  })
}

t.test('our envelope says what the upload and receipt messages say, byte for byte', async (t) => {
  const items = [{ frame }, { frame: hex('6816') }]
  const upload = { concentrator: 'C001', batch: 7, items }
  const content = {
    ...emptyContent,
    concentrator: 'C001',
    messageId: '7',
    frames: items.map((item) => ({ bytes: item.frame, meter: null, time: null })),
  }
  t.strictSame(encodeEnvelope(ownEnvelope, 'up', content), { topic: 'metering/C001/up', payload: encodeUpload(upload) })
  t.strictSame(parseUpload(present(encodeEnvelope(ownEnvelope, 'up', content), 'a message').payload), {
    ok: true,
    value: upload,
  })
  t.strictSame(encodeEnvelope(ownEnvelope, 'receipt', { ...emptyContent, concentrator: 'C001', messageId: '7' }), {
    topic: 'metering/C001/receipt',
    payload: encodeReceipt(upload),
  })
})

t.test('what no form can carry is not encoded', async (t) => {
  const frames = [frame, frame].map((bytes) => ({ bytes, meter: null, time: null }))
  t.equal(encodeEnvelope(profile('air72x-bytes'), 'up', { ...emptyContent, concentrator: 'D', frames }), null)
  t.equal(encodeEnvelope(ownEnvelope, 'up', { ...emptyContent, concentrator: 'C', frames }), null, 'no batch')
  t.equal(encodeEnvelope(profile('dgiot'), 'down', { ...emptyContent, concentrator: 'C' }), null, 'no channel')
})

const anyFrame = fc
  .record({
    address: fc.stringMatching(/^\d{12}$/),
    controlCode: fc.constantFrom(0x11, 0x91, 0xd1),
    data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  })
  .map((content) => encodeFrame(content))
const anyDecimal = fc.stringMatching(/^-?(0|[1-9]\d{0,19})(\.\d{1,10})?$/)
const anyReading = fc.record({
  meter: fc.constant('000000001234'),
  dataIdentifier: fc.constantFrom('00010000', '00000000', '02010100', '0201FF00'),
  value: anyDecimal,
  rawValue: fc.constant(null),
  unit: fc.constantFrom('kWh', null),
  time: fc.constant(1705320000000),
})

t.test('every profile brings a frame and a value through unchanged', async (t) => {
  for (const each of envelopeProfiles.values()) {
    const takesFrames = formsOf(each, 'up').some((form) => form.kind !== 'json' || form.frame !== undefined)
    let carried = 0
    fc.assert(
      fc.property(anyFrame, anyReading, fc.nat(5), (bytes, value, wakeUpBytes) => {
        const content: EnvelopeContent = {
          ...emptyContent,
          concentrator: 'C001',
          meter: '000000001234',
          messageId: '12',
          prefix: 'D8B04CBDD147',
          frames: takesFrames ? [{ bytes, meter: '000000001234', time: value.time }] : [],
          readings: takesFrames ? [] : [value],
        }
        const message = present(encodeEnvelope(each, 'up', content, { wakeUpBytes }), each.name)
        const decoded = decodeEnvelope(each, message.topic, message.payload)
        if (!decoded.ok) throw new Error(`${each.name}: ${decoded.error.kind} in ${message.payload.toString()}`)
        carried += 1
        t.same(
          decoded.value.frames.map((found) => found.bytes),
          content.frames.map((sent) => sent.bytes),
        )
        t.same(
          decoded.value.readings.map((found) => [found.meter, found.dataIdentifier, found.value]),
          content.readings.map((sent) => [sent.meter, sent.dataIdentifier, sent.value]),
        )
      }),
      { seed: 1, numRuns: 50 },
    )
    t.equal(carried, 50, each.name)
  }
})

t.test('any bytes on any channel are content or a named error with an offset in the payload', async (t) => {
  const texts = samples.map(([, , payload]) => Buffer.from(payload as string))
  const damaged = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.uint8Array({ maxLength: 6 }), fc.nat(6))
    .map(([bytes, where, other, skip]) => {
      const at = where % bytes.length
      return Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at + skip)])
    })
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    damaged,
  )
  const topics = [...envelopeProfiles.values()].flatMap((each) =>
    channelNames.flatMap((name) => {
      const template = each.channels[name]?.topic
      return template === undefined ? [] : [{ each, topic: subscriptionOf(template, 'C001').replace('+', 'M') }]
    }),
  )
  t.ok(topics.length > 15, `${topics.length} topics`)
  fc.assert(
    fc.property(fc.constantFrom(...topics), anyBytes, ({ each, topic }, payload) => {
      const decoded = decodeEnvelope(each, topic, payload)
      return decoded.ok || (decoded.error.offset >= 0 && decoded.error.offset <= payload.length + 1)
    }),
    { seed: 1, numRuns: 5000 },
  )
})

t.test('the worst payloads of full length take bounded time', async (t) => {
  const worst = [
    Buffer.alloc(maxPayloadBytes, 0x68),
    Buffer.alloc(maxPayloadBytes, hex('68AAAAAAAAAAAA6811FF')),
    Buffer.alloc(maxPayloadBytes, hex('686868686868686811FF1616')),
    Buffer.alloc(maxPayloadBytes, '['),
    Buffer.alloc(maxPayloadBytes, ' '),
    Buffer.alloc(maxPayloadBytes, '"\\u0061"'),
    Buffer.concat([Buffer.from('{"00010000":'), Buffer.alloc(maxPayloadBytes - 13, '9'), Buffer.from('}')]),
  ]
  for (const payload of worst) {
    for (const [name, topic] of [
      ['air72x-bytes', 'dtu/D/up'],
      ['air72x-hex', 'dtu/D/up'],
      ['dgiot', '$dg/device/p/m/properties'],
    ] as const) {
      const startedAt = performance.now()
      decode(name, topic, payload)
      const took = performance.now() - startedAt
      t.ok(took < 2000, `${name}: ${Math.round(took)} ms for ${payload.toString('latin1', 0, 10)}`)
    }
  }
})
