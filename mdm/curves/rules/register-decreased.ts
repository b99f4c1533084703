import { slotQualities } from '../../../domain/interval-day.js'
import { formatScaled } from '../../../domain/scaled.js'
import type { CurveRule } from '../rule.js'

/** A register may not run backwards inside a day, unless it went through its end. */
export const registerDecreased: CurveRule = ({ registersE4 }, { qualities }) => {
  if (!qualities.includes(slotQualities.suspect)) return null
  for (let slot = 0; slot < qualities.length; slot++) {
    const [before = 0n, after = 0n] = [registersE4[slot], registersE4[slot + 1]]
    if (qualities[slot] === slotQualities.suspect && after < before)
      return `register fell from ${formatScaled(before, 4)} to ${formatScaled(after, 4)} in slot ${slot + 1}`
  }
  return null
}
