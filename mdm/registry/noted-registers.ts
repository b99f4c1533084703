import type { RegisterSet } from '../../domain/reading.js'
import type { MeterEntry, NotedRegisters } from '../../domain/meter-entries.js'
import { present } from '../../domain/result.js'
import { parseScaled } from '../../domain/scaled.js'
import { resolutionE4, widthE4 } from '../../domain/register-width.js'

/** Registers of decimal texts that a schema has checked. */
export function toRegisterSet(noted: NotedRegisters): RegisterSet {
  const tou = (value: string | undefined): bigint | null => (value === undefined ? null : toEnergy(value))
  return {
    totalE4: toEnergy(noted.total),
    touE4: [tou(noted.tou1), tou(noted.tou2), tou(noted.tou3), tou(noted.tou4)],
  }
}

/** False when a value cannot stand on this meter's display: too many digits before or after the point. */
export function fitsDisplay(
  registers: RegisterSet,
  meter: Pick<MeterEntry, 'registerDigits' | 'registerDecimals'>,
): boolean {
  return [registers.totalE4, ...registers.touE4].every(
    (value) => value === null || (value < widthE4(meter) && value % resolutionE4(meter) === 0n),
  )
}

function toEnergy(text: string): bigint {
  return present(parseScaled(text, 4), `energy ${text}`)
}
