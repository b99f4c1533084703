import type { AccountChange, WhatIf } from '../../billing/what-if/what-if.js'
import { formatRational, rational } from '../../domain/rational.js'
import { present } from '../../domain/result.js'
import { formatScaled, yuan } from '../../domain/scaled.js'

/** One account, amounts and kWh as decimal texts. */
export interface ChangeDocument {
  readonly account: string
  readonly tariff: string
  readonly energyKwh: string
  readonly before: string
  readonly after: string
  readonly change: string
  /** Before rounding. */
  readonly changeExact: string
  readonly holdBefore: string | null
  readonly holdAfter: string | null
}

export function changeDocument(change: AccountChange, codes: ReadonlyMap<bigint, string>): ChangeDocument {
  const { accountId, tariff, energyE4, beforeFen, afterFen, exactE12, holdBefore, holdAfter } = change
  return {
    account: present(codes.get(accountId), `code of account ${accountId}`),
    tariff,
    energyKwh: formatScaled(energyE4, 4),
    before: yuan(beforeFen),
    after: yuan(afterFen),
    change: yuan(afterFen - beforeFen),
    changeExact: exactText(exactE12),
    holdBefore,
    holdAfter,
  }
}

export function exactText(exactE12: bigint): string {
  return formatRational(rational(exactE12, 10n ** 12n))
}

/** What `what-if --json` answers. */
export function whatIfDocument(runId: string, whatIf: WhatIf, codes: ReadonlyMap<bigint, string>) {
  const { beforeFen, afterFen, exactE12, byTariff, bins, largest, ...counts } = whatIf
  return {
    format: 'what-if/1',
    run: runId,
    selfTest: '0.00',
    ...counts,
    before: yuan(beforeFen),
    after: yuan(afterFen),
    change: yuan(afterFen - beforeFen),
    changeExact: exactText(exactE12),
    byTariff: byTariff.map((one) => ({
      tariff: one.code,
      accounts: one.accounts,
      energyKwh: formatScaled(one.energyE4, 4),
      before: yuan(one.beforeFen),
      after: yuan(one.afterFen),
      change: yuan(one.afterFen - one.beforeFen),
    })),
    distribution: bins.map(({ fromFen, belowFen, accounts }) => ({
      from: fromFen === null ? null : yuan(fromFen),
      below: belowFen === null ? null : yuan(belowFen),
      accounts,
    })),
    largest: largest.map((change) => changeDocument(change, codes)),
  }
}

export type WhatIfDocument = ReturnType<typeof whatIfDocument>
