import { err, ok, type Result } from '../../domain/result.js'
import { type ChannelName, channelNames, type EnvelopeForm, type EnvelopeProfile, formsOf } from './envelope-profile.js'
import { emptyContent, type EnvelopeContent, type EnvelopeError } from './envelope-content.js'
import { decodeJsonForm } from './json-envelope.js'
import { type CarriedFrames, framesIn, hexBytes, maxPayloadBytes } from './carried-frames.js'
import { namesInTopic, type TopicNames } from './topic-template.js'

export interface DecodedEnvelope extends EnvelopeContent {
  readonly channel: ChannelName
}

/** The content of a message under a profile. Takes time in proportion to its bytes, and no more than `maxPayloadBytes`. */
export function decodeEnvelope(
  profile: EnvelopeProfile,
  topic: string,
  payload: Buffer,
): Result<DecodedEnvelope, EnvelopeError> {
  const found = channelOfTopic(profile, topic)
  const forms = found === null ? [] : formsOf(profile, found.channel)
  if (found === null || forms.length === 0) return err({ kind: 'unknown_topic', offset: 0 })
  const content = decodePayload(forms, found.names, payload)
  return content.ok ? ok({ channel: found.channel, ...content.value }) : content
}

/** The same for whoever knows already what the topic says. */
export function decodePayload(
  forms: readonly EnvelopeForm[],
  names: TopicNames,
  payload: Buffer,
): Result<EnvelopeContent, EnvelopeError> {
  if (payload.length === 0) return err({ kind: 'payload_empty', offset: 0 })
  if (payload.length > maxPayloadBytes)
    return err({ kind: 'payload_too_long', offset: maxPayloadBytes, limit: maxPayloadBytes })
  return decodeForms(forms, names, payload)
}

/** The channel of a topic and the names in it; null when no channel has such topics. */
export function channelOfTopic(
  { channels }: EnvelopeProfile,
  topic: string,
): { readonly channel: ChannelName; readonly names: TopicNames } | null {
  for (const channel of channelNames) {
    const template = channels[channel]?.topic
    const names = template === undefined ? null : namesInTopic(template, topic)
    if (names !== null) return { channel, names }
  }
  return null
}

/** A channel's forms are all JSON or all one kind of bytes; where they are mixed, the first decides. */
function decodeForms(
  forms: readonly EnvelopeForm[],
  names: TopicNames,
  payload: Buffer,
): Result<EnvelopeContent, EnvelopeError> {
  const [first] = forms
  if (first === undefined || first.kind === 'json')
    return decodeJsonForm(
      forms.filter((form) => form.kind === 'json'),
      names,
      payload,
    )
  const bytes = first.kind === 'hex' ? hexBytes(payload.toString('latin1')) : ok(payload)
  if (!bytes.ok) return bytes
  const carried = framesIn(bytes.value, first, 0)
  return carried.ok ? ok(contentOf(names, carried.value)) : carried
}

function contentOf({ concentrator, meter }: TopicNames, { prefix, frames }: CarriedFrames): EnvelopeContent {
  return {
    ...emptyContent,
    concentrator,
    meter,
    prefix,
    frames: frames.map((bytes) => ({ bytes, meter, time: null })),
  }
}
