import type { EnvelopeProfile } from '../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../protocols/concentrator/envelope-profiles.js'
import type { LineRow } from '../storage/headend/lines.js'
import type { ConcentratorLine } from './concentrators/uplink.js'
import { usableUplinks } from './concentrators/usable-uplinks.js'
import { type Line, type LineError, parseLine } from './line-settings.js'

export interface UsableLines {
  readonly lines: readonly Line[]
  /** Lines that are left out, and why. They are no reason to leave out another one. */
  readonly unusable: readonly LineError[]
}

/** Lines of the registry that can be worked with beside each other. */
export function usableLines(
  rows: readonly LineRow[],
  profiles: ReadonlyMap<string, EnvelopeProfile> = envelopeProfiles,
): UsableLines {
  const parsed = rows.map((row) => parseLine(row))
  const lines = parsed.flatMap((each): readonly Line[] => (each.ok ? [each.value] : []))
  const { uplinks, unusable } = usableUplinks(lines.filter(isConcentrator), profiles)
  const heard = new Set(uplinks.map(({ line }) => line.lineId))
  return {
    lines: lines.filter((line) => !isConcentrator(line) || heard.has(line.lineId)),
    unusable: [...parsed.flatMap((each) => (each.ok ? [] : [each.error])), ...unusable],
  }
}

export function isConcentrator(line: Line): line is ConcentratorLine {
  return line.kind === 'mqtt_concentrator'
}
