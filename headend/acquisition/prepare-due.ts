import type { Instant } from '../../domain/time.js'
import { dayMs } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { silentWindows } from '../../storage/headend/silent-meters.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { OpenRead } from './line-reader.js'
import { modelsOf } from './models-of.js'
import { inOrderOfTrying } from './order-of-trying.js'

/** Due points in the order of trying, each with the number of windows in which its meter has said nothing. */
export async function prepareDue(
  queryable: Queryable,
  plan: CollectionPlan,
  { missing, midnight }: { readonly missing: readonly OpenRead[]; readonly midnight: Instant },
): Promise<readonly OpenRead[]> {
  const silent = await silentWindows(queryable, {
    meterIds: [...new Set(missing.map(({ meterId }) => meterId))],
    since: midnight - plan.ladder.backfillDays * dayMs,
  })
  return inOrderOfTrying(
    missing.map((each) => ({ ...each, silentWindows: silent.get(each.meterId) ?? 0 })),
    portGroupOf(plan),
  )
}

/** Tells meters apart for which the port must be set differently. */
export function portGroupOf(plan: CollectionPlan): (due: OpenRead) => string {
  const quirks = modelsOf(plan)
  return ({ model }) => quirks(model).parity ?? ''
}
