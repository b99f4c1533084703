import type { Queryable } from '../../storage/database.js'
import { readTariffCodes } from '../../storage/registry/tariff-codes.js'
import type { KnownTariffs } from './tariff-problems.js'

export async function loadKnownTariffs(client: Queryable, toCome: readonly string[] = []): Promise<KnownTariffs> {
  return { onRecord: new Set(await readTariffCodes(client)), toCome: new Set(toCome) }
}
