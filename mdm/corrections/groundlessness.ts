import { ok, type Result } from '../../domain/result.js'
import { calendarFor, type Instant, localMinute } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { notesWithoutGround } from '../../storage/registry/change-notes.js'
import { findUsagePoint } from '../../storage/registry/changes.js'
import { exchangesWithoutGround, findTwicePlaced } from '../../storage/registry/withdrawals.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'

/**
 * What is said of other times has to hold with a change, too: the meters of exchanges, the displays that were read for a removal or for new
 * transformers, and where a meter went afterwards. `rests_on_it` names the first that does not.
 */
export async function groundlessness(
  tx: Transaction,
  usagePoints: readonly string[],
): Promise<Result<null, ChangeRefused>> {
  for (const code of usagePoints) {
    const point = await findUsagePoint(tx, code)
    if (point === null) continue
    const local = (at: Instant) => localMinute(calendarFor(point.timeZone), at)
    const [later] = await exchangesWithoutGround(tx, point.usagePointId)
    if (later !== undefined)
      return refuse(
        'rests_on_it',
        `${code} ${local(later)} 的换表；先更正那一条 the exchange then builds on it; correct that one first`,
      )
    const [note] = await notesWithoutGround(tx, point.usagePointId)
    if (note !== undefined)
      return refuse(
        'rests_on_it',
        `${code} ${local(note.at)} 的${noteWords[note.kind] ?? '示数'}（${note.document}）记的是 ${note.meter}；先更正那一条 the ${note.kind} then noted registers of ${note.meter}; correct that one first`,
      )
    const twice = await findTwicePlaced(tx, point.usagePointId)
    if (twice !== null)
      return refuse(
        'rests_on_it',
        `${twice.meter} 同时装在 ${code} 和 ${twice.usagePoint} meter ${twice.meter} would hang at ${code} and at ${twice.usagePoint} at once`,
      )
  }
  return ok(null)
}

const noteWords: Readonly<Record<string, string>> = {
  meter_removal: '拆表',
  multiplier: '倍率变更',
  installation: '装表',
}
