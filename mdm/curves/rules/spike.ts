import { slotQualities } from '../../../domain/interval-day.js'
import { resolutionE4 } from '../../../domain/register-width.js'
import { formatScaled } from '../../../domain/scaled.js'
import type { CurveRule } from '../rule.js'

const minutesPerHour = 60n

/** No slot holds more than the meter can count in its time, one display step included. */
export const spike: CurveRule = (
  { meter, slotMinutes, registersE4 },
  { energiesE4, qualities },
  { limitE4PerHour },
) => {
  const limitE4 = (limitE4PerHour * BigInt(slotMinutes)) / minutesPerHour + resolutionE4(meter)
  for (let slot = 0; slot < energiesE4.length; slot++) {
    const energyE4 =
      qualities[slot] === slotQualities.suspect
        ? (registersE4[slot + 1] ?? 0n) - (registersE4[slot] ?? 0n)
        : (energiesE4[slot] ?? 0n)
    if (energyE4 > limitE4)
      return `${formatScaled(energyE4, 4)} kWh in slot ${slot + 1}, at most ${formatScaled(limitE4, 4)}`
  }
  return null
}
