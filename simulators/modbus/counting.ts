import { hourMs, type Instant } from '../../domain/time.js'
import { atDecimals, type ExactDecimal } from '../../protocols/modbus/exact-decimal.js'

/** A register that counts up at a steady rate, as energy does under a constant load. */
export interface Counting {
  readonly start: ExactDecimal
  /** In the register's unit. */
  readonly perHour: ExactDecimal
  readonly since: Instant
  /** The register starts again from zero here. */
  readonly wrapAt: ExactDecimal
}

/** Units at a number of decimals that stand on the display at an instant; what is not yet a whole unit is not shown. */
export function countedUnits({ start, perHour, since, wrapAt }: Counting, decimals: number, now: Instant): bigint {
  const elapsedMs = BigInt(Math.max(0, now - since))
  const drawn =
    (perHour.units * 10n ** BigInt(decimals) * elapsedMs) / (BigInt(hourMs) * 10n ** BigInt(perHour.decimals))
  const wrap = atDecimals(wrapAt, decimals) ?? 0n
  const total = (atDecimals(start, decimals) ?? 0n) + drawn
  return wrap === 0n ? total : total % wrap
}
