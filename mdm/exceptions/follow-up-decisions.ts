import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { decisionsToFollowUp, insertFollowedUp, reachOfDecisions } from '../../storage/mdm/decided-readings.js'
import { frozenPeriodsOf } from '../../storage/registry/affected-accounts.js'
import { type Redone, redoWhatRests } from '../corrections/redo-what-rests.js'

/**
 * Periods that were frozen on what decisions changed are frozen anew, for every decision that took effect and has not been followed up:
 * whoever was interrupted is made up for. @returns null where nothing was frozen: readings are then judged on by the nightly runs.
 */
export async function followUpDecisions(
  database: Database,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<Redone | null> {
  const decisionIds = await decisionsToFollowUp(database)
  const reach = await reachOfDecisions(database, decisionIds)
  const isFrozen = reach !== null && (await frozenPeriodsOf(database, reach.usagePointIds, reach)).length > 0
  const more = decisionIds.length > 1 ? ` and ${decisionIds.length - 1} more` : ''
  const reason = `decision ${decisionIds[0]}${more}`
  const redone = isFrozen ? await redoWhatRests(database, reach, { actor, reason, now }) : null
  await insertFollowedUp(database, decisionIds, now)
  return redone
}
