import { liveToleranceMs } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { dayMs, hourMs } from '../../domain/time.js'
import type { ClassPolicy, MeterLimits, ValidationPolicy } from './policy.js'
import type { ClassDocument, PolicyDocument } from './policy-document.js'

/** A checked document as the rules use it: texts of kWh as e4, days as milliseconds. */
export function toPolicy(version: string, document: PolicyDocument): ValidationPolicy {
  const { physicalLimitKwhPerHour, missingAfterHours, groups, classes } = document
  const limits: MeterLimits = {
    physicalLimitE4PerHour: Object.fromEntries(
      Object.entries(physicalLimitKwhPerHour.models).map(([model, text]) => [model, e4(text)]),
    ),
    defaultPhysicalLimitE4PerHour: e4(physicalLimitKwhPerHour.default),
    liveToleranceMs,
    missingAfterMs: missingAfterHours * hourMs,
  }
  return {
    ...limits,
    version,
    groups,
    classes: {
      residential: toClassPolicy(limits, classes.residential),
      commercial: toClassPolicy(limits, classes.commercial),
      large_industrial: toClassPolicy(limits, classes.large_industrial),
      agricultural: toClassPolicy(limits, classes.agricultural),
    },
  }
}

function toClassPolicy(limits: MeterLimits, document: ClassDocument): ClassPolicy {
  const { severities, leastHistoryDays, peers, zeroRunDays, staleRepeat, nearAbsolute, unitSlip } = document
  return {
    severities,
    limits: {
      ...limits,
      leastHistoryDays,
      jump: toDeparture(document.jump),
      aboveFullest: { percent: BigInt(document.aboveFullest.percent), leastE4: e4(document.aboveFullest.leastKwh) },
      drop: toDeparture(document.drop),
      peers: { leastMeters: peers.leastMeters, factor: BigInt(peers.times), leastE4: e4(peers.leastKwh) },
      zeroRunDays,
      staleRepeat: { days: staleRepeat.days, leastDayE4: e4(staleRepeat.leastDayKwh) },
      nearAbsolute: {
        percent: BigInt(nearAbsolute.percent),
        leastE4: e4(nearAbsolute.leastKwh),
        firstPeriodMs: nearAbsolute.firstPeriodDays * dayMs,
      },
      unitSlip: {
        tolerancePercent: BigInt(unitSlip.tolerancePercent),
        steadyPercent: BigInt(unitSlip.steadyPercent),
      },
      reverseDays: BigInt(document.reverseDays),
      exportLeastE4: e4(document.exportLeastKwh),
      demandPercent: BigInt(document.demandPercent),
    },
  }
}

function toDeparture({ times, leastKwh, deviations }: ClassDocument['jump']) {
  return { factor: BigInt(times), leastE4: e4(leastKwh), deviations: BigInt(deviations) }
}

function e4(text: string): bigint {
  return present(parseScaled(text, 4), 'kWh of a checked document')
}
