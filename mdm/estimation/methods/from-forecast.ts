import { resolutionE4, widthE4 } from '../../../domain/register-width.js'
import { err, ok } from '../../../domain/result.js'
import { dayMs } from '../../../domain/time.js'
import type { DaySeries, Forecast } from '../day-series.js'
import { errorClassOf } from '../error-classes.js'
import type { EstimationMethod } from '../estimation-method.js'
import { deviationOf } from '../interval.js'
import { forecastErrors, scoreUnit } from '../past-errors.js'
import type { MethodName } from '../policy-document.js'
import { addUsage } from '../split-usage.js'

/**
 * A method for points without a later reading: the forecast of the days since the last one, added to its registers. No day gets more
 * than the point's highest known day, so that no estimate makes a peak (F-24).
 */
export function fromForecast(method: MethodName, forecast: Forecast): EstimationMethod {
  return ({ context, before, series, ahead, rule, document }) => {
    const { after, readAt, width, usageClass, history } = context
    // A later reading that interpolation could not use contradicts the earlier one: guessing on would hide that.
    if (after !== null) return err({ kind: 'registers_disagree' })
    if (ahead > rule.greatestGapDays) return err({ kind: 'gap_too_long' })
    if (series.knownDays < rule.leastHistoryDays) return err({ kind: 'history_too_short' })
    const needsPeers = method === 'peer_profile'
    if (needsPeers && series.peers < rule.leastPeers) return err({ kind: 'too_few_peers' })
    const wholeDaysE4 = forecast(series, series.usagesE4.length, ahead)
    if (wholeDaysE4 === null) return err({ kind: 'history_too_short' })
    const boundedE4 = least(wholeDaysE4, highestDay(series) * BigInt(ahead))
    const step = resolutionE4(width)
    const usageE4 = ((boundedE4 * BigInt(readAt - before.readAt)) / BigInt(ahead * dayMs) / step) * step
    const registers = addUsage(before.registers, usageE4, history.tariffUsagesE4, step)
    if (registers === null || registers.totalE4 >= widthE4(width)) return err({ kind: 'registers_disagree' })
    const pooled = errorClassOf(document, usageClass, method, ahead)
    const { below, above } = deviationOf(
      forecastErrors(series, forecast, ahead),
      pooled,
      (usageE4 * pooled.usual) / scoreUnit,
    )
    return ok({
      registers,
      belowE4: below,
      aboveE4: above,
      historyDays: series.knownDays,
      peers: needsPeers ? series.peers : 0,
    })
  }
}

function highestDay({ usagesE4 }: DaySeries): bigint {
  return usagesE4.reduce<bigint>((highest, usage) => (usage !== null && usage > highest ? usage : highest), 0n)
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
