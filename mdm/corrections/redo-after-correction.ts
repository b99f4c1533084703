import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { metersEverAt } from '../../storage/registry/affected-accounts.js'
import { insertCorrectionFollowedUp } from '../../storage/registry/corrections.js'
import { affectedPoints } from './affected-points.js'
import { contentIdOf } from './correction-key.js'
import { findTarget } from './correction-target.js'
import { type Redone, redoWhatRests } from './redo-what-rests.js'
import { correctedFrom } from './usage-points-of.js'

/** What rests on a change that was corrected is done anew. Twice is once; nothing rests on what the registry does not know. */
export async function redoAfterCorrection(
  database: Database,
  change: CorrectionChange,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<Redone> {
  const target = await findTarget(database, change.of)
  if (!target.ok) return { accepted: 0, held: 0, periods: [], opened: 0, closed: 0 }
  const from = correctedFrom(change, target.value)
  const usagePointIds = await affectedPoints(database, change)
  const meterIds = await metersEverAt(database, usagePointIds, from)
  const touched = { usagePointIds, meterIds, from, to: null }
  const redone = await redoWhatRests(database, touched, { actor, reason: `correction ${change.document}`, now })
  await insertCorrectionFollowedUp(database, contentIdOf(change), now)
  return redone
}
