import { err, ok, type Result } from '../../domain/result.js'
import { decodeEnvelope, type DecodedEnvelope } from '../../protocols/concentrator/envelope.js'
import type { EnvelopeError } from '../../protocols/concentrator/envelope-content.js'
import type { ChannelName, EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { topicOf } from '../../protocols/concentrator/topic-template.js'
import type { Line, LineError } from '../line-settings.js'

export type ConcentratorLine = Extract<Line, { readonly kind: 'mqtt_concentrator' }>

/** A concentrator line with the envelope that its device speaks. */
export interface Uplink {
  readonly line: ConcentratorLine
  /** What the device calls itself. */
  readonly device: string
  readonly profile: EnvelopeProfile
}

/** Settings in which a device's own topic stands in for its profile's. */
const overridden = { up: 'uploadTopic', receipt: 'receiptTopic' } as const

export function uplinkOf(
  line: ConcentratorLine,
  profiles: ReadonlyMap<string, EnvelopeProfile>,
): Result<Uplink, LineError> {
  const name = line.settings.profile ?? 'shuangwu'
  const profile = profiles.get(name)
  const invalid = (message: string) =>
    err<LineError>({ kind: 'line_settings_invalid', message: `${line.code}: ${message}` })
  if (profile === undefined) return invalid(`profile: no envelope profile is called ${name}`)
  for (const channel of ['up', 'receipt'] as const) {
    const setting = overridden[channel]
    if (line.settings[setting] === undefined) continue
    const template = profile.channels[channel]?.topic
    if (template === undefined) return invalid(`${setting}: profile ${name} has no such channel`)
    if (template.includes('{meter}')) return invalid(`${setting}: profile ${name} has a topic for each meter`)
  }
  return ok({ line, device: line.settings.device ?? line.code, profile })
}

/** The device's own topic of a channel; null where its profile's holds. */
export function ownTopicOf({ line, device, profile }: Uplink, channel: ChannelName): string | null {
  const template = profile.channels[channel]?.topic
  if ((channel !== 'up' && channel !== 'receipt') || template === undefined) return null
  const topic = line.settings[overridden[channel]]
  return topic === undefined || topic === topicOf(template, device) ? null : topic
}

/** Topic on which something goes down to the device; null where the profile has no such channel. */
export function downTopicOf(uplink: Uplink, channel: ChannelName, meter: string | null = null): string | null {
  const template = uplink.profile.channels[channel]?.topic
  if (template === undefined) return null
  return ownTopicOf(uplink, channel) ?? topicOf(template, uplink.device, meter)
}

/** The content of a message that came on a topic of the device. */
export function decodeUplink(
  uplink: Uplink,
  channel: ChannelName,
  topic: string,
  payload: Buffer,
): Result<DecodedEnvelope, EnvelopeError> {
  const template = uplink.profile.channels[channel]?.topic ?? ''
  const isOwn = ownTopicOf(uplink, channel) === topic
  const decoded = decodeEnvelope(uplink.profile, isOwn ? topicOf(template, uplink.device) : topic, payload)
  if (!decoded.ok) return decoded
  const { concentrator } = decoded.value
  if (concentrator !== null && concentrator !== uplink.device) return err({ kind: 'wrong_concentrator', offset: 0 })
  return decoded
}

/** Units without a topic for answers give them among their uploads. */
export function answersHere({ profile: { channels } }: Uplink): boolean {
  return channels.down !== undefined && channels.response === undefined
}
