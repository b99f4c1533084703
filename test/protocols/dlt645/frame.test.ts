import fc from 'fast-check'
import t from 'tap'
import { decodeFrame, encodeFrame, mayBeShorter } from '../../../protocols/dlt645/frame.js'

const capturedFrames: readonly [hex: string, address: string, controlCode: number, data: string][] = [
  ['68610100000000681104333334331416', '000000000161', 0x11, '00000100'],
  ['6861010000000068910833333433593333338a16', '000000000161', 0x91, '0000010026000000'],
  ['68610100000000681104333435351816', '000000000161', 0x11, '00010202'],
  ['6861010000000068910733343535cc7c331616', '000000000161', 0x91, '00010202994900'],
  ['68aaaaaaaaaaaa681300df16', 'AAAAAAAAAAAA', 0x13, ''],
  ['680100000000006893063433333333339d16', '000000000001', 0x93, '010000000000'],
  ['6899999999999968080684554338394a4b16', '999999999999', 0x08, '512210050617'],
  ['68611001301215689c003516', '151230011061', 0x9c, ''],
]

for (const [hex, address, controlCode, data] of capturedFrames) {
  t.test(`reads and writes the published frame ${hex}`, async (t) => {
    const decoded = decodeFrame(Buffer.from(hex, 'hex'))
    t.match(decoded, { ok: true, value: { address, controlCode, data: Buffer.from(data, 'hex') } })
    t.equal(encodeFrame({ address, controlCode, data: Buffer.from(data, 'hex') }).toString('hex'), hex)
  })
}

const brokenFrames: readonly [what: string, hex: string, kind: string][] = [
  ['nothing', '', 'frame_too_short'],
  ['a header without its length', '686101000000006811', 'frame_too_short'],
  ['a wake-up byte in front', 'fe68610100000000681104333334331416', 'start_missing'],
  ['no second start', '68610100000000001104333334331416', 'start_missing'],
  ['201 data bytes announced and four sent', '686101000000006811c9333334331416', 'length_mismatch'],
  ['one byte too many', '6861010000000068110433333433141600', 'length_mismatch'],
  ['one byte too few', '686101000000006811043333343314', 'length_mismatch'],
  ['another end', '68610100000000681104333334331417', 'end_missing'],
  ['a flipped bit', '68610100000000681104333334321416', 'checksum_mismatch'],
]

for (const [what, hex, kind] of brokenFrames) {
  t.test(`refuses ${what} as ${kind}`, async (t) => {
    t.match(decodeFrame(Buffer.from(hex, 'hex')), { ok: false, error: { kind } })
  })
}

const oddFrames: readonly [what: string, hex: string, address: string][] = [
  ['an address that is not BCD', '68bb0100000000681104333334336e16', '0000000001BB'],
  ['half a wildcard byte', '686a0100000000681104333334331d16', '00000000016A'],
]

for (const [what, hex, address] of oddFrames) {
  t.test(`a frame that keeps every rule of the frame layer is one, ${what} or not`, async (t) => {
    t.match(decodeFrame(Buffer.from(hex, 'hex')), { ok: true, value: { address } })
  })
}

t.test('decodes what it encodes, whatever the address and the data', async (t) => {
  const frames = fc.record({
    address: fc.stringMatching(/^\d{12}$/),
    controlCode: fc.integer({ min: 0, max: 255 }),
    data: fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes)),
  })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(frames, (frame) => {
          const decoded = decodeFrame(encodeFrame(frame))
          return decoded.ok && decoded.value.address === frame.address && decoded.value.data.equals(frame.data)
        }),
        { seed: 645, numRuns: 300 },
      ),
    '300 frames',
  )
})

t.test('puts as many wake-up bytes in front as asked for', async (t) => {
  const bytes = encodeFrame({ address: '000000000001', controlCode: 0x11, data: Buffer.alloc(0) }, { wakeUpBytes: 4 })
  t.equal(bytes.subarray(0, 5).toString('hex'), 'fefefefe68')
})

t.test(
  'a longer frame that a flipped bit of its length explains as well is told from one that nothing else explains',
  async (t) => {
    const words = encodeFrame({
      address: '000000000161',
      controlCode: 0x91,
      data: Buffer.from('ff0500040102030405060708090a0b0c0d0e', 'hex'),
    })
    t.equal(mayBeShorter(words), false)
    // Noise of 16H behind the frame, and the bit of four more data bytes: two of the 256 last bytes make it sound.
    let sound = 0
    for (let last = 0; last < 256; last += 1) {
      const data = Buffer.from('ff0500040102030405060708090a0b0c0d00', 'hex')
      data[17] = last
      const longer = Buffer.concat([
        encodeFrame({ address: '000000000161', controlCode: 0x91, data }),
        Buffer.alloc(4, 0x16),
      ])
      longer[9] = (longer[9] ?? 0) ^ 4
      if (!decodeFrame(longer).ok) continue
      sound += 1
      t.equal(mayBeShorter(longer), true, `last byte ${last}`)
    }
    t.equal(sound, 2)
  },
)
