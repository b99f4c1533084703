import {
  compare,
  floor,
  multiply,
  parseRational,
  rational,
  type Rational,
  subtract,
  zero,
} from '../../../domain/rational.js'
import { present } from '../../../domain/result.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { refuse } from '../refusal.js'
import type { RegisterEntry } from './usage-schema.js'

/**
 * What a register counted: (end − start) × multiplier × factor. A fall is a turnover only where somebody vouches for it: then 10^digits is
 * added. `reading_truncated` cuts both readings to whole units first, so that the fraction is billed later.
 */
export function registerQuantity(
  { register, factor = '1', name }: RegisterEntry,
  rounding: TariffVersion['energyRounding'],
  path: string,
): Rational {
  const [start, end] = [exact(register.start), exact(register.end)]
  const limit = register.digits === undefined ? null : rational(10n ** BigInt(register.digits))
  for (const [at, reading] of [
    ['start', start],
    ['end', end],
  ] as const)
    if (compare(reading, zero) < 0 || (limit !== null && compare(reading, limit) >= 0))
      return refuse(
        'register_out_of_range',
        `${path}.register.${at}`,
        `${name}: a register of ${register.digits ?? 'these'} digits does not show it`,
      )
  const cut =
    rounding === 'reading_truncated' ? (reading: Rational) => rational(floor(reading)) : (reading: Rational) => reading
  const difference = subtract(cut(end), cut(start))
  const counted =
    compare(difference, zero) < 0 ? turnedOver(difference, limit, register.turnedOver === true, path) : difference
  return multiply(multiply(counted, exact(register.multiplier)), exact(factor))
}

function turnedOver(difference: Rational, limit: Rational | null, isVouched: boolean, path: string): Rational {
  if (limit === null || !isVouched)
    return refuse(
      'register_decreased',
      `${path}.register.end`,
      'the reading is below the one before: say digits and turnedOver where the register turned over, or correct the reading',
    )
  return subtract(difference, { n: -limit.n, d: limit.d })
}

/** Number of a text that the schema has admitted. */
export function exact(text: string): Rational {
  return present(parseRational(text), `exact number of ${text}`)
}
