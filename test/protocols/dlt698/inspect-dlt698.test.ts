import fc from 'fast-check'
import t from 'tap'
import type { Apdu } from '../../../protocols/dlt698/apdu.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { dlt698Framing } from '../../../protocols/dlt698/framing.js'
import { inspectDlt698 } from '../../../protocols/dlt698/inspect-dlt698.js'
import type { InspectedFrame } from '../../../protocols/inspection/inspected-frame.js'
import { mutationsOf } from '../support/seeded-mutations.js'
import { type ExpectedFrame, publishedFrames } from './published-frames.js'

const server = { kind: 'single', logicalAddress: 0, address: '000000000001' } as const

for (const { what, hex, expected } of publishedFrames) {
  t.test(`tells ${what}`, async (t) => {
    const { inner, ...outer } = expected
    const inspected = inspectDlt698(Buffer.from(hex, 'hex'), 7, inspectOwn)
    t.match(inspected, { protocol: 'dlt698.45', offset: 7, hex })
    t.same(picked(inspected, outer), outer)
    if (inner === undefined) return
    t.same(inspected.inner === null || inner === null ? inspected.inner : picked(inspected.inner, inner), inner)
  })
}

t.test('hands the DL/T 645 frame that is forwarded to its own reader', async (t) => {
  const forward = publishedFrames.find(({ what }) => what.includes('05060001'))
  const seen: string[] = []
  inspectDlt698(Buffer.from(forward?.hex ?? '', 'hex'), 0, (bytes) => {
    seen.push(bytes.toString('hex'))
    return null
  })
  t.same(seen, ['684556644556646811043433393 8bb16'.replaceAll(' ', '')])
})

t.test('names the refusal of a single object', async (t) => {
  const denied = inspect({
    kind: 'get_response',
    piid: 1,
    answer: { kind: 'normal', result: { oad: '50060200', outcome: { kind: 'denied', dar: 6 } } },
    followReport: null,
    timeTag: null,
  })
  t.match(denied, {
    dataIdentifier: '50060200',
    refusal: { code: '06', reasons: ['object_not_available'] },
    values: [],
    payload: '06',
  })
})

t.test('shows a reserved result without a name', async (t) => {
  const denied = inspect({
    kind: 'forward_response',
    piid: 1,
    port: 'F2010201',
    outcome: { kind: 'denied', dar: 99 },
    followReport: null,
    timeTag: null,
  })
  t.same(denied.refusal, { code: '63', reasons: [] })
})

t.test('marks what one object of a list does not give as absent, with the reason', async (t) => {
  const mixed = inspect({
    kind: 'get_response',
    piid: 1,
    answer: {
      kind: 'normal_list',
      results: [
        { oad: '00100201', outcome: { kind: 'data', data: { type: 'double-long-unsigned', value: 5n } } },
        { oad: '00200201', outcome: { kind: 'denied', dar: 4 } },
        { oad: '20000200', outcome: { kind: 'data', data: { type: 'null' } } },
      ],
    },
    followReport: null,
    timeTag: null,
  })
  t.match(mixed, { dataIdentifier: null, refusal: { code: '04', reasons: ['object_undefined'] } })
  t.same(mixed.values, [
    { name: 'forwardActiveEnergyTotal', value: '0.05', unit: 'kWh', state: 'ok' },
    { name: 'reverseActiveEnergyTotal', value: null, unit: 'kWh', state: 'absent' },
    { name: 'voltageA', value: null, unit: 'V', state: 'absent' },
  ])
})

t.test('says that more blocks follow until the last', async (t) => {
  const block = (last: boolean): Apdu => ({
    kind: 'get_response',
    piid: 1,
    answer: {
      kind: 'next',
      last,
      block: 1,
      part: {
        kind: 'results',
        results: [{ oad: '00100201', outcome: { kind: 'data', data: { type: 'double-long-unsigned', value: 5n } } }],
      },
    },
    followReport: null,
    timeTag: null,
  })
  t.match(inspect(block(false)), { followUp: true, dataIdentifier: '00100201', payload: '0600000005' })
  t.match(inspect(block(true)), { followUp: false })
})

t.test('says that more segments follow until the last', async (t) => {
  const segment = (header: string) =>
    inspectDlt698(
      encodeDlt698({ controlCode: 0xe3, server, clientAddress: 0, userData: Buffer.from(`${header}8501`, 'hex') }),
      0,
      inspectOwn,
    )
  t.match(segment('0000'), { followUp: true, payload: '8501', dataIdentifier: null })
  t.match(segment('01c0'), { followUp: true })
  t.match(segment('0240'), { followUp: false })
  t.match(segment('0280'), { followUp: false })
})

t.test('leaves an enciphered APDU alone', async (t) => {
  const bytes = Buffer.from('0501004001020000', 'hex')
  const sealed = inspect({ kind: 'security_request', sealed: { kind: 'cipher', bytes }, verification: Buffer.alloc(0) })
  t.match(sealed, { dataIdentifier: null, values: [], payload: '1001080501004001020000' })
})

t.test('opens one wrapper and no more', async (t) => {
  const plain = Buffer.from('0501004001020000', 'hex')
  const wrap = (bytes: Buffer): Apdu => ({
    kind: 'security_request',
    sealed: { kind: 'plain', bytes },
    verification: Buffer.alloc(0),
  })
  t.equal(inspect(wrap(plain)).dataIdentifier, '40010200')
  t.equal(inspect(wrap(encodeApdu(wrap(plain)))).dataIdentifier, null)
})

t.test('answers any bytes and any mutation without throwing', async (t) => {
  const frames = publishedFrames.map(({ hex }) => Buffer.from(hex, 'hex'))
  const wrapped = fc.uint8Array({ maxLength: 200 }).map((bytes) =>
    encodeDlt698({
      controlCode: 0xc3,
      server,
      clientAddress: 0,
      userData: Buffer.concat([Buffer.from([0x85]), bytes]),
    }),
  )
  const inputs = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    mutationsOf(frames),
    wrapped,
  )
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(inputs, (bytes) => inspectDlt698(bytes, 0, inspectOwn).protocol === 'dlt698.45'),
        { seed: 698, numRuns: 3000 },
      ),
    '3000 inputs',
  )
})

function inspect(apdu: Apdu): InspectedFrame {
  return inspectDlt698(
    encodeDlt698({ controlCode: 0xc3, server, clientAddress: 0, userData: encodeApdu(apdu) }),
    0,
    inspectOwn,
  )
}

function inspectOwn(bytes: Buffer): InspectedFrame | null {
  const isFrame = dlt698Framing.measure(bytes, 0, bytes.length) === bytes.length && bytes.length > 0
  return isFrame ? inspectDlt698(bytes, 0, () => null) : null
}

/** The expected fields, with values as the fixtures write them. */
function picked(inspected: InspectedFrame, expected: ExpectedFrame): object {
  const values = inspected.values.map(({ name, value, unit, state }) => [name, value, unit, state])
  const all: Readonly<Record<string, unknown>> = { ...inspected, values }
  return Object.fromEntries(Object.keys(expected).map((key) => [key, all[key]]))
}
