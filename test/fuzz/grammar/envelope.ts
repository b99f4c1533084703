import { encodeEnvelope } from '../../../protocols/concentrator/encode-envelope.js'
import { emptyContent } from '../../../protocols/concentrator/envelope-content.js'
import { channelNames } from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'
import { appendBytes, appendText } from '../input.js'
import type { Grammar } from './grammar.js'

const frame = Buffer.from('6861010000000068910833333433593333338a16', 'hex')
const content = {
  ...emptyContent,
  concentrator: 'area-1',
  messageId: '7',
  frames: [{ bytes: frame, meter: '000000000161', time: null }],
}

/** What each profile writes on each of its channels. */
const samples: readonly Buffer[] = [...envelopeProfiles.values()].flatMap((profile) =>
  channelNames.flatMap((channel) => {
    const encoded = encodeEnvelope(profile, channel, content)
    return encoded === null ? [] : [encoded.payload]
  }),
)
const readings = [
  '{"ts":1,"meterId":"000000000161","dataId":"00010000","register":"energy","value":0.26,"rawValue":"26","unit":"kWh"}',
  '{"00010000":0.26,"02010100":220.1,"x":{"y":[1e400,-0,1.0000000000000000000000000000000000001]}}',
  '{"msg_id":7,"data":"68"}',
]

/** A message of some profile, or one with readings in it. */
export const appendEnvelope: Grammar = (random, input) => {
  if (random.oneIn(2)) appendBytes(input, random.pick(samples))
  else appendText(input, random.pick(readings))
}
