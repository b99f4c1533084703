import type { MeterId } from '../../domain/reading.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  type AccountInSet,
  accountsInSet,
  type FrozenPeriod,
  frozenPeriodsOf,
} from '../../storage/registry/affected-accounts.js'
import { freezeDeterminants } from '../determinants/freeze-determinants.js'
import { openExceptions } from '../exceptions/open-exceptions.js'
import { recordFindings } from '../exceptions/record-findings.js'
import { runValidation } from '../validation/run-validation.js'

export interface RefrozenPeriod extends FrozenPeriod {
  readonly outcome: 'created' | 'exists'
  readonly setId: bigint
  readonly revision: number
  /** The accounts that it is about, as they stand now. */
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

/** What people changed: at which usage points and meters, and of which time [from, to]; `to` null: from then on. */
export interface Touched {
  readonly usagePointIds: readonly bigint[]
  readonly meterIds: readonly MeterId[]
  readonly from: Instant
  readonly to: Instant | null
}

/**
 * What rests on something that people changed: readings from its instant on are judged anew, periods that were frozen are frozen again, and
 * the queue closes what is no longer in doubt. Bills stay as they are. Twice is once.
 */
export async function redoWhatRests(
  database: Database,
  { usagePointIds, meterIds, from, to }: Touched,
  { actor, reason, now }: { readonly actor: string; readonly reason: string; readonly now: Instant },
): Promise<Redone> {
  const again = { actor, reason, meterIds }
  const judged =
    meterIds.length === 0
      ? { accepted: 0, held: [] }
      : await runValidation(database, { from, to: Math.max(now, from) + dayMs, now, again })
  const periods: RefrozenPeriod[] = []
  for (const period of await frozenPeriodsOf(database, usagePointIds, { from, to })) {
    const { outcome, setId, revision } = await freezeDeterminants(database, { ...period, now })
    periods.push({ ...period, outcome, setId, revision, accounts: await accountsInSet(database, usagePointIds, setId) })
  }
  await recordFindings(database, { now })
  const { opened, closed } = await openExceptions(database, { now, actor })
  return { accepted: judged.accepted, held: judged.held.length, periods, opened, closed }
}
