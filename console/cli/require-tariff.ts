import { UserError } from '../../domain/errors.js'
import { knownTariffCodes } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'

/** A code that nothing is billed by is a slip of the pen, not a tariff under which all is well. */
export async function requireTariff(client: Queryable, code: string | null): Promise<void> {
  if (code !== null && (await knownTariffCodes(client, [code])).length === 0)
    throw new UserError('not_found', `${code}: 无此电价 no such tariff; shuangwu tariff list`)
}
