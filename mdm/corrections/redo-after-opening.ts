import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { insertOpeningFollowedUp, openingsToFollowUp, pointsOfOpening } from '../../storage/registry/openings.js'
import { type Redone, redoWhatRests } from './redo-what-rests.js'

/**
 * Freezes anew what was frozen of the accounts of a batch before it came into force, whatever its period: before its instant the old books
 * bill. Twice is once; null where nothing was frozen.
 */
export async function redoAfterOpening(
  database: Database,
  code: string,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<Redone | null> {
  const isToFollowUp = (await openingsToFollowUp(database)).includes(code)
  const redone = isToFollowUp
    ? await redoWhatRests(
        database,
        { usagePointIds: await pointsOfOpening(database, code), meterIds: [], from: 0, to: null },
        { actor, reason: `opening batch ${code}`, now },
      )
    : null
  await insertOpeningFollowedUp(database, code, now)
  return redone
}
