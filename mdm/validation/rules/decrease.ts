import { formatScaled } from '../../../domain/scaled.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { registerDelta } from '../register-delta.js'
import { findFallen, findRegister } from '../register-pairs.js'
import type { ValidationRule } from '../rule.js'

/** A register may not run backwards; see `registerDelta` for what counts as a turnover. */
export const decrease: ValidationRule = ({ meter, readAt, chosen, previous }, limits) => {
  if (previous === null || findFallen(previous.registers, chosen.registers) === null) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, readAt, limits)
  const backwards = findRegister(
    previous.registers,
    chosen.registers,
    (earlierE4, laterE4) => !registerDelta(earlierE4, laterE4, meter, limitE4).ok,
  )
  if (backwards === null) return null
  return `${backwards.name} fell from ${formatScaled(backwards.earlierE4, 4)} to ${formatScaled(backwards.laterE4, 4)} kWh`
}
