import { formatScaled } from '../../../domain/scaled.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { findRegister } from '../register-pairs.js'
import type { ValidationRule } from '../rule.js'

/** More than the meter's connection can carry in the time. */
export const spike: ValidationRule = ({ meter, readAt, chosen, previous }, limits) => {
  if (previous === null) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, readAt, limits)
  const over = findRegister(previous.registers, chosen.registers, (earlierE4, laterE4) => laterE4 - earlierE4 > limitE4)
  if (over === null) return null
  const usage = formatScaled(over.laterE4 - over.earlierE4, 4)
  return `${over.name} counted ${usage} kWh where ${formatScaled(limitE4, 4)} are possible`
}
