import type { HoldCode } from '../../domain/bill.js'
import { type ShardChanges, holdOf, type TariffAmounts } from './compare-shard.js'
import { type ChangeBin, createDistribution } from './distribution.js'

/** One account whose bill would be another. Fen; the amount is 0 where a hold says why there is no bill. */
export interface AccountChange {
  readonly accountId: bigint
  readonly tariff: string
  readonly energyE4: bigint
  readonly beforeFen: bigint
  readonly afterFen: bigint
  /** Before rounding, units of 10^-12. */
  readonly exactE12: bigint
  readonly holdBefore: HoldCode | null
  readonly holdAfter: HoldCode | null
}

/** What a run would come to. Amounts in fen. */
export interface WhatIf {
  /** Accounts that were rated on both sides, billed or held. */
  readonly accounts: number
  readonly beforeFen: bigint
  readonly afterFen: bigint
  /** Before rounding, units of 10^-12. */
  readonly exactE12: bigint
  /** Accounts with other lines, amounts that rounding leaves as they were among them. */
  readonly touched: number
  readonly increased: number
  readonly decreased: number
  /** Billed before and held now, and the other way round. */
  readonly newlyHeld: number
  readonly released: number
  readonly byTariff: readonly TariffAmounts[]
  readonly bins: readonly ChangeBin[]
  /** Those that change most, either way, the largest change first. */
  readonly largest: readonly AccountChange[]
}

export const mostNamed = 10

/** Adds up what shards come to, one after the other. */
export interface WhatIfSum {
  readonly add: (accounts: number, changes: ShardChanges) => readonly AccountChange[]
  readonly result: () => WhatIf
}

export function createWhatIfSum(): WhatIfSum {
  const distribution = createDistribution()
  const byTariff = new Map<string, TariffAmounts>()
  let largest: readonly AccountChange[] = []
  let total = { accounts: 0, touched: 0, increased: 0, decreased: 0, newlyHeld: 0, released: 0, exactE12: 0n }
  return {
    add(accounts, changes) {
      const touched = accountChanges(changes)
      for (const amounts of changes.byTariff) byTariff.set(amounts.code, together(byTariff.get(amounts.code), amounts))
      for (const { afterFen, beforeFen } of touched) distribution.add(afterFen - beforeFen, 1)
      distribution.add(0n, accounts - touched.length)
      largest = [...largest, ...touched].toSorted(byChange).slice(0, mostNamed)
      const count = (is: (one: AccountChange) => boolean) => touched.filter(is).length
      total = {
        accounts: total.accounts + accounts,
        touched: total.touched + touched.length,
        increased: total.increased + count((one) => one.afterFen > one.beforeFen),
        decreased: total.decreased + count((one) => one.afterFen < one.beforeFen),
        newlyHeld: total.newlyHeld + count((one) => one.holdBefore === null && one.holdAfter !== null),
        released: total.released + count((one) => one.holdBefore !== null && one.holdAfter === null),
        exactE12: total.exactE12 + touched.reduce((sum, { exactE12 }) => sum + exactE12, 0n),
      }
      return touched
    },
    result() {
      const tariffs = [...byTariff.values()]
      const sum = (pick: (one: TariffAmounts) => bigint) => tariffs.reduce((added, one) => added + pick(one), 0n)
      return {
        ...total,
        beforeFen: sum(({ beforeFen }) => beforeFen),
        afterFen: sum(({ afterFen }) => afterFen),
        byTariff: tariffs,
        bins: distribution.bins(),
        largest,
      }
    },
  }
}

function accountChanges({ touched, byTariff }: ShardChanges): readonly AccountChange[] {
  return touched.exactE12.map((exactE12, row) => ({
    accountId: BigInt(touched.accountId[row] ?? 0),
    tariff: byTariff[touched.tariff[row] ?? -1]?.code ?? '',
    energyE4: BigInt(touched.energyE4[row] ?? 0),
    beforeFen: BigInt(touched.beforeFen[row] ?? 0),
    afterFen: BigInt(touched.afterFen[row] ?? 0),
    exactE12,
    holdBefore: holdOf(touched.holdBefore[row]),
    holdAfter: holdOf(touched.holdAfter[row]),
  }))
}

function together(before: TariffAmounts | undefined, more: TariffAmounts): TariffAmounts {
  if (before === undefined) return more
  return {
    code: more.code,
    accounts: before.accounts + more.accounts,
    energyE4: before.energyE4 + more.energyE4,
    beforeFen: before.beforeFen + more.beforeFen,
    afterFen: before.afterFen + more.afterFen,
  }
}

/** Largest change of the amount first, then of what rounding hides, then by account. */
function byChange(a: AccountChange, b: AccountChange): number {
  const size = (value: bigint) => (value < 0n ? -value : value)
  const order = [
    size(b.afterFen - b.beforeFen) - size(a.afterFen - a.beforeFen),
    size(b.exactE12) - size(a.exactE12),
    a.accountId - b.accountId,
  ].find((difference) => difference !== 0n)
  return order === undefined ? 0 : order < 0n ? -1 : 1
}
