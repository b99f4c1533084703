import type { CorrectionChange } from '../../domain/registry-correction.js'
import { ok, type Result } from '../../domain/result.js'
import { calendarFor, localMinute } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { findUsagePoint } from '../../storage/registry/changes.js'
import { exchangesWithoutGround, findTwicePlaced } from '../../storage/registry/withdrawals.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'
import { usagePointsOf } from './usage-points-of.js'

/** What is said of later times has to hold without the change, too: the meters of later exchanges, and where a meter went afterwards. */
export async function groundlessness(tx: Transaction, change: CorrectionChange): Promise<Result<null, ChangeRefused>> {
  for (const code of usagePointsOf(change)) {
    const point = await findUsagePoint(tx, code)
    if (point === null) continue
    const [later] = await exchangesWithoutGround(tx, point.usagePointId)
    if (later !== undefined)
      return refuse(
        'rests_on_it',
        `the exchange of ${localMinute(calendarFor(point.timeZone), later)} at ${code} builds on it; correct that one first`,
      )
    const twice = await findTwicePlaced(tx, point.usagePointId)
    if (twice !== null)
      return refuse('rests_on_it', `meter ${twice.meter} would hang at ${code} and at ${twice.usagePoint} at once`)
  }
  return ok(null)
}
