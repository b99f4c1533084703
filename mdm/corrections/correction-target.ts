import type { CorrectionTarget } from '../../domain/registry-correction.js'
import { ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { beforeEverything } from '../../domain/timeline.js'
import type { Queryable } from '../../storage/database.js'
import { findAccount, findMeter, findUsagePoint } from '../../storage/registry/changes.js'
import type { CorrectedObject } from '../../storage/registry/corrections.js'
import { firstHungAt } from '../../storage/registry/meter-descriptions.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'

export interface FoundTarget {
  readonly object: CorrectedObject
  /** From when on the change spoke; of a meter's description, since it was first believed to hang anywhere. */
  readonly at: Instant
}

/** The object of the change that is corrected. */
export async function findTarget(client: Queryable, of: CorrectionTarget): Promise<Result<FoundTarget, ChangeRefused>> {
  const nobody: CorrectedObject = { usagePointId: null, accountId: null, meterId: null }
  if (of.kind === 'agreement') {
    const accountId = await findAccount(client, of.account)
    return accountId === null
      ? unknown('account', of.account)
      : ok({ object: { ...nobody, accountId }, at: Date.parse(of.at) })
  }
  if (of.kind === 'field_event' || of.kind === 'meter') {
    const meter = await findMeter(client, of.meter)
    if (meter === null) return unknown('meter', of.meter)
    const { meterId } = meter
    const at = of.kind === 'meter' ? ((await firstHungAt(client, meterId)) ?? beforeEverything.from) : Date.parse(of.at)
    return ok({ object: { ...nobody, meterId }, at })
  }
  const point = await findUsagePoint(client, of.usagePoint)
  if (point === null) return unknown('usage point', of.usagePoint)
  return ok({ object: { ...nobody, usagePointId: point.usagePointId }, at: Date.parse(of.at) })
}

function unknown(what: string, code: string) {
  return refuse('unknown_code', `${what} ${code} is not in the registry`)
}

export function nothingStands(of: CorrectionTarget) {
  return refuse('nothing_to_correct', `no ${of.kind}${'at' in of ? ` of ${of.at}` : ''} stands there`)
}
