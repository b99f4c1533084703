import t from 'tap'
import type { Apdu } from '../../../protocols/dlt698/apdu.js'
import { readAttributes } from '../../../protocols/dlt698/requests.js'
import { encodeWholeFrame, singleServer, type WholeFrameKind } from '../../../protocols/dlt698/whole-frame.js'
import { publishedFrames } from './published-frames.js'

const login: Apdu = {
  kind: 'link_request',
  piid: 0,
  action: 'login',
  heartbeatSeconds: 300,
  requestedAt: '07E60217030806380322',
}
const welcome: Apdu = {
  kind: 'link_response',
  piid: 0,
  result: 0,
  requestedAt: '07E602170308050202F9',
  receivedAt: '07E60217030806090032',
  respondedAt: '07E60217030806090032',
}
const register: Apdu = {
  kind: 'get_response',
  piid: 0,
  answer: {
    kind: 'normal',
    result: { oad: '00100201', outcome: { kind: 'data', data: { type: 'double-long-unsigned', value: 123_456n } } },
  },
  followReport: null,
  timeTag: null,
}

const cases: readonly [what: string, kind: WholeFrameKind, address: string, apdu: Apdu][] = [
  ['a login with a period of 300 s', 'link_request', '000000000001', login],
  ['the answer to a login', 'link_response', '000000000001', welcome],
  ['a request for the total of forward active energy', 'request', '000000000000', readAttributes(0, ['00100201'])],
  ['its answer of one register', 'response', '000000000000', register],
]

for (const [what, kind, address, apdu] of cases) {
  t.test(`writes ${what} as published`, async (t) => {
    const published = publishedFrames.find((each) => each.what === what)
    const bytes = encodeWholeFrame(kind, singleServer(address), 0, apdu)
    t.equal(bytes.toString('hex').toUpperCase(), published?.hex)
  })
}
