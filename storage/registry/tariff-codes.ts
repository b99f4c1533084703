import type { Queryable } from '../database.js'

/** Tariffs of which a version is on record. */
export async function readTariffCodes(client: Queryable): Promise<readonly string[]> {
  const rows = await client.query<{ tariff_code: string }>('select distinct tariff_code from tariff_version order by 1')
  return rows.map((row) => row.tariff_code)
}
