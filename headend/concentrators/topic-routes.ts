import { groupBy } from '../../domain/group-by.js'
import { err, ok, type Result } from '../../domain/result.js'
import { namesInTopic, topicOf } from '../../protocols/concentrator/topic-template.js'
import type { LineError } from '../line-settings.js'
import { bringsSingleFrames } from './join-frames.js'
import { ownTopicOf, type Uplink } from './uplink.js'

/** What devices say; the other channels are ours. */
export const upwardChannels = ['up', 'response', 'status', 'tableReceipt', 'tableReport'] as const
export type UpwardChannel = (typeof upwardChannels)[number]

/** Whose message it is, by its topic. `uplink` null: a device that the registry does not know. */
export interface Route {
  readonly channel: UpwardChannel
  readonly uplink: Uplink | null
}

/** Topics of all concentrators at one broker. */
export interface TopicRoutes {
  /** One for each channel that any of them has; `shareable` says whether several head-ends may divide its messages. */
  readonly subscriptions: readonly {
    readonly channel: UpwardChannel
    readonly filter: string
    readonly shareable: boolean
  }[]
  /** Null for a topic that none of them has. */
  readonly routeOf: (topic: string) => Route | null
}

interface Template {
  readonly text: string
  readonly channel: UpwardChannel
  /** By device name; under null the one uplink whose topics name meters only. */
  readonly uplinks: ReadonlyMap<string | null, Uplink>
  readonly shareable: boolean
}

/**
 * Whole fleets are heard under wildcards, so that a device which nobody entered is noticed instead of being deaf and dumb.
 * @returns line_settings_invalid where two lines would hear the same messages.
 */
export function createTopicRoutes(uplinks: readonly Uplink[]): Result<TopicRoutes, LineError> {
  const own = new Map<string, Route>()
  /** Topics under templates, as far as they name no meters: most messages find theirs here. */
  const usualTopics = new Map<string, Route>()
  const templates: Template[] = []
  for (const channel of upwardChannels) {
    const listening = uplinks.filter(({ profile }) => profile.channels[channel] !== undefined)
    for (const uplink of listening) {
      const topic = ownTopicOf(uplink, channel)
      if (topic === null) continue
      if (own.has(topic)) return taken(uplink, topic)
      own.set(topic, { channel, uplink })
    }
    const usual = listening.filter((uplink) => ownTopicOf(uplink, channel) === null)
    for (const [text, sharing] of groupBy(usual, ({ profile }) => profile.channels[channel]?.topic ?? '')) {
      const byDevice = new Map<string | null, Uplink>()
      for (const uplink of sharing) {
        const key = text.includes('{concentrator}') ? uplink.device : null
        if (byDevice.has(key)) return taken(uplink, text)
        byDevice.set(key, uplink)
        const topic = text.includes('{meter}') ? null : topicOf(text, uplink.device)
        if (topic !== null && !usualTopics.has(topic)) usualTopics.set(topic, { channel, uplink })
      }
      templates.push({
        text,
        channel,
        uplinks: byDevice,
        shareable: sharing.every((uplink) => isShareable(uplink, channel)),
      })
    }
  }
  return ok({
    subscriptions: [
      ...templates.map(({ text, channel, shareable }) => ({ channel, filter: wildcardOf(text), shareable })),
      ...[...own].map(([filter, { channel, uplink }]) => ({
        channel,
        filter,
        shareable: uplink !== null && isShareable(uplink, channel),
      })),
    ],
    routeOf: (topic) => own.get(topic) ?? usualTopics.get(topic) ?? routeByTemplate(templates, topic),
  })
}

function routeByTemplate(templates: readonly Template[], topic: string): Route | null {
  let unknown: Route | null = null
  for (const { text, channel, uplinks } of templates) {
    const names = namesInTopic(text, topic)
    if (names === null) continue
    const uplink = uplinks.get(text.includes('{concentrator}') ? names.concentrator : null)
    if (uplink !== undefined) return { channel, uplink }
    unknown ??= { channel, uplink: null }
  }
  return unknown
}

/**
 * Uploads may be divided, but not where answers come among them, which must come to whoever asked, nor where a freeze comes in two
 * messages. What devices say of themselves is for every head-end to know.
 */
function isShareable({ profile }: Uplink, channel: UpwardChannel): boolean {
  const { down, response } = profile.channels
  return channel === 'up' && (down === undefined || response !== undefined) && !bringsSingleFrames(profile)
}

function wildcardOf(template: string): string {
  return template
    .split('/')
    .map((level) => (level.startsWith('{') ? '+' : level))
    .join('/')
}

function taken({ line }: Uplink, topic: string): Result<never, LineError> {
  return err({ kind: 'line_settings_invalid', message: `${line.code}: another line at its broker hears ${topic} too` })
}
