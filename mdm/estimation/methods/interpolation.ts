import { resolutionE4 } from '../../../domain/register-width.js'
import { err, ok } from '../../../domain/result.js'
import { dayMs } from '../../../domain/time.js'
import { errorClassOf } from '../error-classes.js'
import { interpolate } from '../interpolate.js'
import { deviationOf } from '../interval.js'
import { interpolationErrors, shareUnit } from '../past-errors.js'
import type { EstimationMethod } from '../estimation-method.js'

/** Between two accepted readings, linear in time. How unevenly this point used such gaps before says how wrong that may be. */
export const interpolation: EstimationMethod = ({ context, before, rule, series, document }) => {
  const { readAt, after, width, usageClass } = context
  if (after === null) return err({ kind: 'no_later_value' })
  const gapDays = Math.max(2, Math.round((after.readAt - before.readAt) / dayMs))
  if (gapDays > rule.greatestGapDays) return err({ kind: 'gap_too_long' })
  const registers = interpolate(before, after, readAt, resolutionE4(width))
  if (registers === null) return err({ kind: 'registers_disagree' })
  const days = Math.min(gapDays - 1, Math.max(1, Math.round((readAt - before.readAt) / dayMs)))
  const errors = interpolationErrors(series, days, gapDays)
  const pooled = errorClassOf(document, usageClass, 'interpolation', gapDays)
  const { below, above } = deviationOf(errors, pooled, pooled.usual)
  const gapE4 = after.registers.totalE4 - before.registers.totalE4
  return ok({
    registers,
    belowE4: (below * gapE4) / shareUnit,
    aboveE4: (above * gapE4) / shareUnit,
    historyDays: series.knownDays,
    peers: 0,
  })
}
