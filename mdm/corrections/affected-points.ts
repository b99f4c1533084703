import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Queryable } from '../../storage/database.js'
import { pointsOfAccount } from '../../storage/registry/affected-accounts.js'
import { findAccount, findMeter, findUsagePoint } from '../../storage/registry/changes.js'
import { pointsEverOf } from '../../storage/registry/meter-descriptions.js'
import { usagePointsOf } from './usage-points-of.js'

/** Usage points whose quantities a correction may change; a seal or a fault moves none. */
export async function affectedPoints(client: Queryable, change: CorrectionChange): Promise<readonly bigint[]> {
  const { of } = change
  const points = new Set<bigint>()
  for (const code of usagePointsOf(change)) {
    const point = await findUsagePoint(client, code)
    if (point !== null) points.add(point.usagePointId)
  }
  const meter = of.kind === 'meter' ? await findMeter(client, of.meter) : null
  if (meter !== null) for (const point of await pointsEverOf(client, meter.meterId)) points.add(point)
  const accountId = of.kind === 'agreement' ? await findAccount(client, of.account) : null
  if (accountId !== null) for (const point of await pointsOfAccount(client, accountId)) points.add(point)
  return [...points]
}
