import type { CorrectionChange } from '../../domain/registry-correction.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  type AccountInSet,
  accountsInSet,
  type FrozenPeriod,
  frozenPeriodsOf,
  metersEverAt,
} from '../../storage/registry/affected-accounts.js'
import { freezeDeterminants } from '../determinants/freeze-determinants.js'
import { openExceptions } from '../exceptions/open-exceptions.js'
import { recordFindings } from '../exceptions/record-findings.js'
import { runValidation } from '../validation/run-validation.js'
import { affectedPoints } from './affected-points.js'
import { correctedFrom } from './usage-points-of.js'

export interface RefrozenPeriod extends FrozenPeriod {
  readonly outcome: 'created' | 'exists'
  readonly setId: bigint
  readonly revision: number
  /** The accounts that the correction is about, as they stand now. */
  readonly accounts: readonly AccountInSet[]
}
export interface Redone {
  /** Decisions that are other ones now. */
  readonly accepted: number
  readonly held: number
  readonly periods: readonly RefrozenPeriod[]
  readonly opened: number
  readonly closed: number
}

/**
 * What rests on a change that was corrected: readings from its instant on are judged anew, periods that were frozen are frozen again, and the
 * queue closes what is no longer in doubt. Bills stay as they are. Twice is once.
 */
export async function redoAfterCorrection(
  database: Database,
  change: CorrectionChange,
  { actor, now }: { readonly actor: string; readonly now: Instant },
): Promise<Redone> {
  const from = correctedFrom(change)
  const points = await affectedPoints(database, change)
  const meterIds = await metersEverAt(database, points, from)
  const again = { actor, reason: `correction ${change.document}`, meterIds }
  const judged =
    meterIds.length === 0
      ? { accepted: 0, held: [] }
      : await runValidation(database, { from, to: Math.max(now, from) + dayMs, now, again })
  const periods: RefrozenPeriod[] = []
  for (const period of await frozenPeriodsOf(database, points, from)) {
    const { outcome, setId, revision } = await freezeDeterminants(database, { ...period, now })
    periods.push({ ...period, outcome, setId, revision, accounts: await accountsInSet(database, points, setId) })
  }
  await recordFindings(database, { now })
  const { opened, closed } = await openExceptions(database, { now, actor })
  return { accepted: judged.accepted, held: judged.held.length, periods, opened, closed }
}
