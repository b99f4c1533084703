import t from 'tap'
import { present } from '../../../domain/result.js'
import { encodeDlt645Spec, dlt645SpecSchema } from '../../../protocols/inspection/dlt645-spec.js'
import { encodeFrame } from '../../../protocols/dlt645/frame.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'

const full: readonly [what: string, controlCode: number, dataStart: string, bytes: number][] = [
  ['a reply of the 2007 edition', 0x91, '00000100', 255],
  ['a reply of the 1997 edition', 0x81, '1090', 255],
  ['a reply without an identifier', 0x93, '', 255],
  ['a function that neither edition knows', 0x1f, '', 252],
]

for (const [what, controlCode, dataStart, bytes] of full) {
  t.test(`writes ${what} with ${bytes} bytes of data as it was read`, async (t) => {
    const start = Buffer.from(dataStart, 'hex')
    const data = Buffer.concat([start, Buffer.alloc(bytes - start.length, 0x12)])
    const frame = encodeFrame({ address: '000000000161', controlCode, data })
    const report = inspectStream(frame)
    const encoded = encodeDlt645Spec(dlt645SpecSchema.parse({ ...(report.ok ? report.frames[0] : null) }))
    t.same(encoded, { ok: true, value: frame })
  })
}

t.test('refuses more data than a length byte can say', async (t) => {
  const payload = '00'.repeat(252)
  const spec = dlt645SpecSchema.parse({ address: '161', controlCode: '91', dataIdentifier: '00010000', payload })
  t.same(encodeDlt645Spec(spec), { ok: false, error: { kind: 'frame_too_long' } })
})

const requests: readonly [what: string, controlCode: number, data: string][] = [
  ['a trip that closes again by itself', 0x1c, '02370602010000001d06000000301226'],
  ['a relay command with a MAC', 0x1c, '99370602010000001a000000003012260a0b0c0d'],
  ['a write with a MAC', 0x14, '0201000499101010111111115508150a0b0c0d'],
]

for (const [what, controlCode, data] of requests) {
  t.test(`writes ${what} from its values`, async (t) => {
    const frame = encodeFrame({ address: '000000000161', controlCode, data: Buffer.from(data, 'hex') })
    const report = inspectStream(frame)
    const { payload: _, ...described } = present(report.ok ? report.frames[0] : null, 'a frame')
    t.same(encodeDlt645Spec(dlt645SpecSchema.parse(described)), { ok: true, value: frame })
  })
}

t.test('refuses to write a value that is invalid, and writes one that is absent', async (t) => {
  const described = { address: '161', controlCode: '91', dataIdentifier: '00010000' }
  const encode = (state: string) =>
    encodeDlt645Spec(dlt645SpecSchema.parse({ ...described, values: [{ value: null, state }] }))
  t.same(encode('invalid'), { ok: false, error: { kind: 'values_do_not_fit' } })
  t.match(encode('absent'), { ok: true })
})
