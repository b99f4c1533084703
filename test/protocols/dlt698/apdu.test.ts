import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { Apdu } from '../../../protocols/dlt698/apdu.js'
import { decodeApdu } from '../../../protocols/dlt698/decode-apdu.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { mutationsOf } from '../support/seeded-mutations.js'
import { apdus } from './arbitraries.js'
import { publishedApdus } from './published-frames.js'

const published = publishedApdus.map(({ what, hex, kind }) => ({
  what,
  kind,
  bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
}))

for (const { what, kind, bytes } of published) {
  t.test(`reads and writes the published APDU that ${what}`, async (t) => {
    const decoded = decodeApdu(bytes)
    t.match(decoded, { ok: true, value: { kind } })
    if (decoded.ok) t.equal(encodeApdu(decoded.value).toString('hex'), bytes.toString('hex'))
  })
}

t.test('says which optional part an APDU leaves out', async (t) => {
  const whole = Buffer.from('8501004001020000040000', 'hex')
  t.match(decodeApdu(whole), { value: { followReport: null, timeTag: null } })
  t.match(decodeApdu(whole.subarray(0, -1)), { value: { followReport: null, timeTag: 'omitted' } })
  t.match(decodeApdu(whole.subarray(0, -2)), { value: { followReport: 'omitted', timeTag: 'omitted' } })
})

const defects: readonly [what: string, hex: string, kind: string][] = [
  ['a result that is neither value nor denial', '85010040010200020000', 'apdu_choice_unknown'],
  ['a presence that is neither 0 nor 1', '05010040010200 02', 'apdu_choice_unknown'],
  ['a follow report that denies', '850100400102000004 01 00 04 00', 'apdu_choice_unknown'],
  ['a link action that no one knows', '01 00 03 00B4 07E005130408050000A4', 'apdu_choice_unknown'],
  ['rows without columns', '850300 50040200 00 01 05 0000000000', 'apdu_count_exceeds_bytes'],
  ['more objects than bytes', '050200 FF', 'apdu_length_invalid'],
  ['bytes behind the time tag', '05010040010200 00 00', 'apdu_bytes_left_over'],
  ['no bytes', '', 'apdu_too_short'],
]

for (const [what, hex, kind] of defects) {
  t.test(`refuses ${what} as ${kind}`, async (t) => {
    t.match(decodeApdu(Buffer.from(hex.replaceAll(' ', ''), 'hex')), { ok: false, error: { kind } })
  })
}

t.test('passes services on that it does not know', async (t) => {
  for (const hex of ['6e0001', '0000', 'ff', '050601', '09010a']) {
    t.match(decodeApdu(Buffer.from(hex, 'hex')), { ok: true, value: { kind: 'other' } })
  }
})

t.test('reads a read of a meter behind a port, and writes it', async (t) => {
  const apdu: Apdu = {
    kind: 'forward_request',
    piid: 0,
    port: 'F2010201',
    settings: '0302080100',
    replyWaitSeconds: 30,
    byteWaitMs: 100,
    inner: Buffer.from('68455664455664681104343339 38BB16'.replaceAll(' ', ''), 'hex'),
    timeTag: null,
  }
  const hex = '090700f20102010302080100001e0064106845566445566468110434333938bb1600'
  t.equal(encodeApdu(apdu).toString('hex'), hex)
  t.same(decodeApdu(Buffer.from(hex, 'hex')), { ok: true, value: apdu })
})

t.test('decodes what it encodes, whatever the message', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(apdus, (apdu) => {
          const decoded = decodeApdu(encodeApdu(apdu))
          return decoded.ok && isDeepStrictEqual(decoded.value, apdu)
        }),
        { seed: 698, numRuns: 300 },
      ),
    '300 messages',
  )
})

t.test('answers any bytes without throwing', async (t) => {
  const services = fc.constantFrom(0x01, 0x81, 0x05, 0x85, 0x09, 0x89, 0x10, 0x90)
  const noise = fc.tuple(services, fc.nat({ max: 7 }), fc.uint8Array({ maxLength: 300 }))
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(noise, ([service, choice, bytes]) => {
          const decoded = decodeApdu(Buffer.concat([Buffer.from([service, choice]), bytes]))
          return !decoded.ok || decodeApdu(encodeApdu(decoded.value)).ok
        }),
        { seed: 698, numRuns: 3000 },
      ),
    '3000 inputs',
  )
})

t.test('answers damaged messages without throwing, and writes again what it could read', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(mutationsOf(published.map(({ bytes }) => bytes)), (bytes) => {
          const decoded = decodeApdu(bytes)
          return !decoded.ok || decodeApdu(encodeApdu(decoded.value)).ok
        }),
        { seed: 698, numRuns: 5000 },
      ),
    '5000 mutations',
  )
})
