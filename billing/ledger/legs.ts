import { invariant } from '../../domain/result.js'

/** The two arrays of a journal entry: debits positive, credits negative. */
export interface Legs {
  readonly ledgerNumbers: readonly number[]
  readonly amountsFen: readonly bigint[]
}

/** Legs of an entry by account number, without those that come to nothing. */
export function toLegs(legs: readonly (readonly [account: number, amountFen: bigint])[]): Legs {
  const kept = legs.filter(([, amountFen]) => amountFen !== 0n).toSorted(([a], [b]) => a - b)
  const sum = kept.reduce((total, [, amountFen]) => total + amountFen, 0n)
  invariant(sum === 0n, `the legs of an entry must balance, not come to ${sum}`)
  return { ledgerNumbers: kept.map(([account]) => account), amountsFen: kept.map(([, amountFen]) => amountFen) }
}
