import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { insertTariffSignature, tariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Database } from '../../storage/database.js'
import { requirePerson } from '../require-actor.js'

/** One of the two approvals a tariff version needs; the author's own does not count and is refused. */
export async function signTariff(
  database: Database,
  clock: Clock,
  { code, version, actor }: { readonly code: string; readonly version: number; readonly actor: string },
): Promise<{ readonly kind: 'created' | 'exists' }> {
  return database.transaction(async (tx) => {
    await requirePerson(tx, actor, '签署电价 signing a tariff')
    const signed = (await tariffVersions(tx, code)).find((row) => row.version === version)
    if (signed === undefined)
      throw new UserError('not_found', `无此电价版本 there is no tariff ${code} version ${version}`)
    if (signed.author === actor)
      throw new UserError(
        'refused',
        `编制人不得签署 ${actor} wrote tariff ${code} version ${version} and may not sign it`,
      )
    const inserted = await insertTariffSignature(tx, code, version, actor, clock.now())
    return { kind: inserted === 1 ? 'created' : 'exists' }
  })
}
