import { formatScaled } from '../../domain/scaled.js'
import type { LossDay, StoredAreaLoss } from '../../storage/mdm/area-losses.js'
import type { Finding } from '../../storage/mdm/exceptions.js'
import { lossE4 } from './area-loss.js'
import { lossRate, soldShares } from './loss-rate.js'

/** A revision of an area's day has a finding of its own: what ended does not begin again. */
export function findingKey({
  areaId,
  serviceDate,
  revision,
}: Pick<StoredAreaLoss, 'areaId' | 'serviceDate' | 'revision'>): string {
  return `area_loss/${areaId}/${serviceDate}/${revision}`
}

/** For the exception queue: an area that gains energy, or loses more than its threshold. */
export function toFinding(loss: StoredAreaLoss, { dayStart, dayEnd }: LossDay): readonly Finding[] {
  if (loss.verdict !== 'negative' && loss.verdict !== 'above') return []
  const rate = lossRate(loss) ?? '—'
  const kwh = formatScaled(lossE4(loss) ?? 0n, 4, 2)
  const shares = soldShares(loss)
  return [
    {
      findingKey: findingKey(loss),
      kind: 'area_loss',
      usagePointId: null,
      transformerAreaId: loss.areaId,
      meterId: null,
      accountId: null,
      readAt: null,
      periodStart: dayStart,
      periodEnd: dayEnd,
      detail: `${loss.serviceDate}: 线损 loss ${kwh} kWh, ${rate} %; 售电侧估算 sold side estimated ${shares.estimatedPercent} %, 缺 missing ${loss.missingPoints} / ${loss.soldPoints}`,
      evidence: {
        serviceDate: loss.serviceDate,
        revision: loss.revision,
        verdict: loss.verdict,
        supplyKwh: loss.supplyE4 === null ? null : formatScaled(loss.supplyE4, 4),
        fedInKwh: formatScaled(loss.fedInE4, 4),
        soldKwh: formatScaled(loss.soldE4, 4),
        lossPercent: rate,
        ...shares,
      },
    },
  ]
}
