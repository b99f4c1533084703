import { present } from '../../../domain/result.js'
import {
  type ChannelName,
  channelNames,
  type EnvelopeProfile,
  formsOf,
} from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'
import { emptyContent, type EnvelopeContent } from '../../../protocols/concentrator/envelope-content.js'
import { encodeEnvelope } from '../../../protocols/concentrator/encode-envelope.js'
import { topicOf } from '../../../protocols/concentrator/topic-template.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, appendBytes, appendText, createInput } from '../input.js'
import { anyFrame } from './dlt645.js'
import type { Grammar } from './grammar.js'
import { hostileTexts } from './upload.js'

/** Every channel of every profile that brings frames or values; an input's first byte says for which of them the rest is meant. */
export const channels: readonly (readonly [profile: EnvelopeProfile, channel: ChannelName, topic: string])[] = [
  ...envelopeProfiles.values(),
].flatMap((profile) =>
  channelNames.flatMap((channel) => {
    const template = profile.channels[channel]?.topic
    if (template === undefined || formsOf(profile, channel).length === 0) return []
    return [[profile, channel, topicOf(template, 'C001', '000000000161')] as const]
  }),
)

const scratch = createInput()
const samples = 16

/** A message of a channel as it should be, with hostile texts in place of some of its values. */
export const envelopeMessage: Grammar = (random, input) => {
  const which = random.below(channels.length)
  const [profile, channel] = present(channels[which], 'a channel')
  appendByte(input, which)
  const encoded = encodeEnvelope(profile, channel, contentOf(random))
  if (encoded === null) return appendText(input, random.pick(hostileTexts))
  if (encoded.payload[0] !== 0x7b || random.oneIn(2)) return appendBytes(input, encoded.payload)
  const text = encoded.payload.toString('utf8')
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[-\d.]+|[{}[\]:,]|true|false|null/g) ?? []
  const damaged = random.below(tokens.length + 1)
  appendText(input, tokens.map((token, index) => (index === damaged ? random.pick(hostileTexts) : token)).join(''))
}

function contentOf(random: FuzzRandom): EnvelopeContent {
  const meter = '000000000161'
  const time = random.oneIn(2) ? 1_782_864_000_000 : null
  const hasFrames = random.oneIn(2)
  return {
    ...emptyContent,
    concentrator: 'C001',
    meter,
    messageId: random.oneIn(3) ? null : String(random.below(samples)),
    frames: hasFrames ? [{ bytes: someFrame(random), meter, time }] : [],
    readings: hasFrames
      ? []
      : [{ meter, dataIdentifier: '00010000', value: `${random.below(1000)}.25`, rawValue: null, unit: 'kWh', time }],
    online: random.oneIn(4) ? true : null,
    failure: random.oneIn(8) ? 'timeout' : null,
    time,
  }
}

function someFrame(random: FuzzRandom): Buffer {
  scratch.length = 0
  anyFrame(random, scratch)
  return Buffer.from(scratch.bytes.subarray(0, scratch.length))
}
