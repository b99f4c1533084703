import type { EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import type { LineError } from '../line-settings.js'
import { upwardChannels } from './topic-routes.js'
import { type ConcentratorLine, ownTopicOf, type Uplink, uplinkOf } from './uplink.js'

export interface UsableUplinks {
  readonly uplinks: readonly Uplink[]
  /** Lines that are left out, and why. */
  readonly unusable: readonly LineError[]
}

/**
 * Concentrators that can be heard beside each other. Of two that would hear the same messages the one that was entered first stays: who
 * has been read until now goes on being read, whatever somebody enters.
 */
export function usableUplinks(
  lines: readonly ConcentratorLine[],
  profiles: ReadonlyMap<string, EnvelopeProfile>,
): UsableUplinks {
  const uplinks: Uplink[] = []
  const unusable: LineError[] = []
  const heardBy = new Map<string, Uplink>()
  for (const line of lines.toSorted((left, right) => (left.lineId < right.lineId ? -1 : 1))) {
    const uplink = uplinkOf(line, profiles)
    if (!uplink.ok) {
      unusable.push(uplink.error)
      continue
    }
    const claims = claimsOf(uplink.value)
    const taken = claims.find(({ key }) => heardBy.has(key))
    if (taken === undefined) {
      for (const { key } of claims) heardBy.set(key, uplink.value)
      uplinks.push(uplink.value)
    } else unusable.push(clash(line, taken, heardBy.get(taken.key)))
  }
  return { uplinks, unusable }
}

interface Claim {
  readonly key: string
  readonly topic: string
}

/** What nobody else at its broker may hear; for the topics of a template it is its device's name that tells. */
function claimsOf(uplink: Uplink): readonly Claim[] {
  const { line, device, profile } = uplink
  return upwardChannels.flatMap((channel): readonly Claim[] => {
    const template = profile.channels[channel]?.topic
    if (template === undefined) return []
    const own = ownTopicOf(uplink, channel)
    const name = own === null && template.includes('{concentrator}') ? device : ''
    const topic = own ?? template
    return [{ key: JSON.stringify([line.settings.brokerUrl, own === null ? channel : 'own', topic, name]), topic }]
  })
}

function clash({ code }: ConcentratorLine, { topic }: Claim, other: Uplink | undefined): LineError {
  const message = `${code}: line ${other?.line.code ?? ''} at its broker hears ${topic} too`
  return { kind: 'line_settings_invalid', message }
}
