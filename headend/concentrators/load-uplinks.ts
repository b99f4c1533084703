import { ok, type Result } from '../../domain/result.js'
import type { EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../protocols/concentrator/envelope-profiles.js'
import type { Queryable } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import { type LineError, parseLine } from '../line-settings.js'
import { type Uplink, uplinkOf } from './uplink.js'

/** All concentrators of the registry, by their codes; the first whose settings cannot be used is the answer. */
export async function loadUplinks(
  queryable: Queryable,
  profiles: ReadonlyMap<string, EnvelopeProfile> = envelopeProfiles,
): Promise<Result<readonly Uplink[], LineError>> {
  const uplinks: Uplink[] = []
  for (const row of await loadLines(queryable)) {
    if (row.kind !== 'mqtt_concentrator') continue
    const line = parseLine(row)
    if (!line.ok) return line
    if (line.value.kind !== 'mqtt_concentrator') continue
    const uplink = uplinkOf(line.value, profiles)
    if (!uplink.ok) return uplink
    uplinks.push(uplink.value)
  }
  return ok(uplinks.toSorted((left, right) => (left.line.code < right.line.code ? -1 : 1)))
}
