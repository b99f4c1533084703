import type { RegisterSet } from '../../../domain/reading.js'
import { type RegisterWidth, resolutionE4, widthE4 } from '../../../domain/register-width.js'

/** Every register that is there, changed; cut to what the display can show. */
export function mapRegisters(
  { totalE4, touE4 }: RegisterSet,
  width: RegisterWidth,
  change: (valueE4: bigint, register: number) => bigint,
): RegisterSet {
  const step = resolutionE4(width)
  const range = widthE4(width)
  const changed = (valueE4: bigint, register: number) => {
    const value = change(valueE4, register) % range
    return value - (value % step)
  }
  const tou = (index: 0 | 1 | 2 | 3) => (touE4[index] === null ? null : changed(touE4[index], index + 1))
  return { totalE4: changed(totalE4, 0), touE4: [tou(0), tou(1), tou(2), tou(3)] }
}

/** Another digit in one place of the display, counted from its last one. */
export function withDigit(valueE4: bigint, place: number, width: RegisterWidth, by: number): bigint {
  const unit = resolutionE4(width) * 10n ** BigInt(place)
  const digit = Number((valueE4 / unit) % 10n)
  return valueE4 + BigInt(((digit + by) % 10) - digit) * unit
}

/** The registers that a set has: 0 for the total, then the number of the tariff. */
export function registersIn({ touE4 }: RegisterSet): readonly number[] {
  return [0, ...touE4.flatMap((value, index) => (value === null ? [] : [index + 1]))]
}
