import { UserError } from '../../domain/errors.js'
import type { DeterminantSetRow } from '../../storage/billing/runs.js'
import type { Transaction } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import { accountInputsSha256 } from '../engine/account-shard.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { readAccountInputs } from './account-inputs.js'
import type { Manifest } from './manifest.js'
import type { FrozenSegment } from './plan-segments.js'

/** The shards of a manifest, each with the digest of what its accounts under tariffs of components are rated by. */
export async function withComponentInputs(
  tx: Transaction,
  { runId, set }: { readonly runId: string; readonly set: DeterminantSetRow },
  segments: readonly FrozenSegment[],
  tariffs: readonly ComponentTariff[],
): Promise<Manifest['segments']> {
  for (const tariff of tariffs) refuseOtherCurrency(set, tariff)
  const found: Manifest['segments'] = []
  for (const { accounts: accountCount, inputSha256, firstAccountId, lastAccountId } of segments) {
    const accounts = { first: firstAccountId, last: lastAccountId }
    const query = { runId, setId: set.set_id, accounts, ...inputsOf(tariffs) }
    const sha256 = tariffs.length === 0 ? null : accountInputsSha256(await readAccountInputs(tx, query, accountCount))
    found.push({ accounts: accountCount, inputSha256, ...(sha256 === null ? {} : { accountsSha256: sha256 }) })
  }
  return found
}

function refuseOtherCurrency(
  { currency, minor_digits }: DeterminantSetRow,
  { code, currency: own }: ComponentTariff,
): void {
  if (own.code !== currency || own.decimals !== minor_digits)
    throw new UserError(
      'refused',
      `电价与账本币种不同 tariff ${code} is in ${own.code} with ${own.decimals} decimals, the organisation keeps its books in ${currency} with ${minor_digits}`,
    )
}
