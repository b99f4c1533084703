import { formatScaled } from '../../../domain/scaled.js'
import { physicalLimitE4 } from '../physical-limit.js'
import { registerDelta } from '../register-delta.js'
import { findFallen } from '../register-pairs.js'
import type { ValidationRule } from '../rule.js'

/** A register that turned over within the limits of `registerDelta`: right, and rare enough to be named. */
export const rollover: ValidationRule = ({ meter, readAt, chosen, previous }, limits) => {
  const turned = previous === null ? null : findFallen(previous.registers, chosen.registers)
  if (previous === null || turned === null) return null
  const limitE4 = physicalLimitE4(meter, previous.readAt, readAt, limits)
  const delta = registerDelta(turned.earlierE4, turned.laterE4, meter, limitE4)
  return delta.ok ? `${turned.name} turned over and counted ${formatScaled(delta.value, 4)} kWh` : null
}
