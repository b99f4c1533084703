import { fundAccounts } from '../ledger/accounts.js'
import type { Tariff } from '../tariffs/tariff.js'
import type { PriceScale } from './charge-fen.js'

/** A quantity that is multiplied, divided and rounded half up to fen. */
export interface Share extends PriceScale {
  readonly factor: number
}

/** How a tariff's bills are booked, for numbers instead of the bigints of `billEntry`. */
export interface EntryProgram {
  /** Of the amount with tax: what is left without it. */
  readonly net: Share
  /** Of the energy e4, by ledger account. */
  readonly funds: readonly (Share & { readonly account: number })[]
}

const vatUnit = 10_000n
const energyToFen = 10n ** 10n

/** The amounts `billEntry` would come to, share by share. */
export function compileEntry({ vatRateE4, funds }: Pick<Tariff, 'vatRateE4' | 'funds'>): EntryProgram {
  return {
    net: shareOf(vatUnit, vatUnit + vatRateE4),
    funds: funds
      .map(({ fund, priceE8 }) => ({ ...shareOf(priceE8, energyToFen), account: fundAccounts[fund] }))
      .toSorted((a, b) => a.account - b.account),
  }
}

function shareOf(factor: bigint, divisor: bigint): Share {
  const exact = factor > 0n ? (2n ** 53n - 1n) / factor : 2n ** 53n - 1n
  return { factor: Number(factor), divisor: Number(divisor), exactQuantityE4: Number(exact) }
}
