import { asksForCurve } from '../../billing/by-account/asks-for-curve.js'
import { parseComponentTariff } from '../../billing/tariffs/components/parse-document.js'
import { tariffVersionsInForce } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import {
  type BilledDifference,
  findBilledDifferences,
  type TariffOfDays,
  tariffsOfDays,
} from '../../storage/mdm/billed-differences.js'

/** Issued bills that a set no longer agrees with, of one account where it is given. Whether a curve matters to one is for its tariff to say. */
export async function billedOfSet(
  client: Queryable,
  setId: bigint,
  accountId: bigint | null = null,
): Promise<readonly BilledDifference[]> {
  const curveTariffs: string[] = []
  for (const tariff of await tariffsOfDays(client, setId))
    if (await asksWhen(client, tariff)) curveTariffs.push(tariff.code)
  return findBilledDifferences(client, setId, curveTariffs, accountId)
}

/** A version of slots and ladder is none of components, and never asks. */
async function asksWhen(client: Queryable, { code, from, to }: TariffOfDays): Promise<boolean> {
  const rows = await tariffVersionsInForce(client, [code], from, to)
  return rows.some(({ document }) => {
    const parsed = parseComponentTariff(document)
    return parsed.ok && parsed.value.versions.some(asksForCurve)
  })
}
