import type { EnvelopeProfile } from '../../protocols/concentrator/envelope-profile.js'
import { envelopeProfiles } from '../../protocols/concentrator/envelope-profiles.js'
import type { Queryable } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import { isConcentrator, usableLines } from '../usable-lines.js'
import { type UsableUplinks, usableUplinks } from './usable-uplinks.js'

/** All concentrators of the registry, by their codes, and those that are left out because their settings cannot be used. */
export async function loadUplinks(
  queryable: Queryable,
  profiles: ReadonlyMap<string, EnvelopeProfile> = envelopeProfiles,
): Promise<UsableUplinks> {
  const rows = (await loadLines(queryable)).filter(({ kind }) => kind === 'mqtt_concentrator')
  const { lines, unusable } = usableLines(rows, profiles)
  const { uplinks } = usableUplinks(lines.filter(isConcentrator), profiles)
  return { uplinks: uplinks.toSorted((left, right) => (left.line.code < right.line.code ? -1 : 1)), unusable }
}
