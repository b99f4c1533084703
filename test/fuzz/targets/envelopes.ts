import { invariant } from '../../../domain/result.js'
import { parseExactJson } from '../../../protocols/concentrator/exact-json.js'
import { decodeEnvelope } from '../../../protocols/concentrator/envelope.js'
import type { EnvelopeProfile } from '../../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'
import { topicOf } from '../../../protocols/concentrator/topic-template.js'
import { decodeApdu } from '../../../protocols/dlt698/decode-apdu.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { decodeDlt698, encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { decodeGetResponse } from '../../../protocols/dlt698/get-answers.js'
import { decodeGdw1376, encodeGdw1376 } from '../../../protocols/gdw1376/frame.js'
import { messageOf } from '../../../protocols/gdw1376/messages.js'
import { hashOf } from '../fuzz-random.js'

/** A sound APDU is read, and what was read is written alike. */
export function checkApdu(input: Buffer): void {
  const apdu = decodeApdu(input)
  if (!apdu.ok) return
  decodeGetResponse(input)
  const again = decodeApdu(encodeApdu(apdu.value))
  invariant(again.ok, 'an APDU that was read is written so that it can be read')
}

export function checkDlt698(input: Buffer): void {
  const frame = decodeDlt698(input)
  if (!frame.ok) return
  invariant(decodeDlt698(encodeDlt698(frame.value)).ok, 'a frame that was read is written so that it can be read')
  checkApdu(frame.value.userData)
}

export function checkGdw1376(input: Buffer): void {
  const frame = decodeGdw1376(input)
  if (!frame.ok) return
  messageOf(frame.value)
  invariant(encodeGdw1376(frame.value).equals(input), 'an envelope that was read is written alike')
}

const profiles: readonly EnvelopeProfile[] = [...envelopeProfiles.values()]

/** A message is read by one profile or refused with the place of what is wrong. */
export function checkEnvelope(input: Buffer): void {
  const profile = profiles[hashOf(input) % profiles.length]
  if (profile === undefined) return
  for (const channel of Object.values(profile.channels)) {
    if (channel === undefined) continue
    const decoded = decodeEnvelope(profile, topicOf(channel.topic, 'area-1', '000000000161'), input)
    if (!decoded.ok && 'offset' in decoded.error)
      invariant(decoded.error.offset >= 0 && decoded.error.offset <= input.length, 'the error stands in the payload')
  }
}

export function checkExactJson(input: Buffer): void {
  const parsed = parseExactJson(input)
  if (!parsed.ok && 'offset' in parsed.error)
    invariant(parsed.error.offset <= input.length, 'the error stands in the text')
}
