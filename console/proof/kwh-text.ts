import type { ProofRegisters } from '../../billing/proof/proof-document.js'
import { Decimal } from '../../domain/decimal.js'

/** At least the two decimals of a meter's display. */
export function kwh(text: string): string {
  const value = new Decimal(text)
  return value.toFixed(Math.max(2, value.decimalPlaces()))
}

export function registersText({ total, tou1, tou2, tou3, tou4 }: ProofRegisters): string {
  const tariffs = [tou1, tou2, tou3, tou4].map((value, index) =>
    value === null ? '' : ` 费率${index + 1}/tou${index + 1} ${kwh(value)}`,
  )
  return `总 total ${kwh(total)}${tariffs.join('')} kWh`
}
