import type { CorrectionTarget } from '../../domain/registry-correction.js'
import { ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { findAccount, findMeter, findUsagePoint } from '../../storage/registry/changes.js'
import type { CorrectedObject } from '../../storage/registry/corrections.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'

export interface FoundTarget {
  readonly object: CorrectedObject
  readonly at: Instant
}

/** The object of the change that is corrected. */
export async function findTarget(tx: Transaction, of: CorrectionTarget): Promise<Result<FoundTarget, ChangeRefused>> {
  const at = Date.parse(of.at)
  const nobody: CorrectedObject = { usagePointId: null, accountId: null, meterId: null }
  if (of.kind === 'agreement') {
    const accountId = await findAccount(tx, of.account)
    return accountId === null ? unknown('account', of.account) : ok({ object: { ...nobody, accountId }, at })
  }
  if (of.kind === 'field_event') {
    const meter = await findMeter(tx, of.meter)
    return meter === null ? unknown('meter', of.meter) : ok({ object: { ...nobody, meterId: meter.meterId }, at })
  }
  const point = await findUsagePoint(tx, of.usagePoint)
  if (point === null) return unknown('usage point', of.usagePoint)
  return ok({ object: { ...nobody, usagePointId: point.usagePointId }, at })
}

function unknown(what: string, code: string) {
  return refuse('unknown_code', `${what} ${code} is not in the registry`)
}
