import { formatScaled } from '../../../domain/scaled.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { registerDelta } from '../register-delta.js'
import { findRegister } from '../register-pairs.js'
import type { ValidationRule } from '../rule.js'

/**
 * A register may not run backwards; see `registerDelta` for what counts as a turnover. One that leaps by more than its connection carries
 * and would be a turnover read the other way round has gone back over zero: so the value before it was assumed to have turned over too early.
 */
export const decrease: ValidationRule = ({ meter, readAt, chosen, previous }, limits) => {
  if (previous === null) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, readAt, limits)
  const backwards = findRegister(previous.registers, chosen.registers, (earlierE4, laterE4) =>
    laterE4 < earlierE4
      ? !registerDelta(earlierE4, laterE4, meter, limitE4).ok
      : laterE4 - earlierE4 > limitE4 && registerDelta(laterE4, earlierE4, meter, limitE4).ok,
  )
  if (backwards === null) return null
  return `${backwards.name} fell from ${formatScaled(backwards.earlierE4, 4)} to ${formatScaled(backwards.laterE4, 4)} kWh`
}
