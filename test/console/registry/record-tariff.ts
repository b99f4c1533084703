import type { TestDatabase } from '../../support/database.js'

/** A tariff of which the registry knows no more than its code. */
export async function recordTariff(database: TestDatabase, code: string): Promise<void> {
  await database.as('owner').query(
    `insert into tariff_version (tariff_code, version, valid_from, document, sha256, author, recorded_at)
     values ($1, 1, '2026-01-01', '{}', sha256('x'), 'manager-1', now())`,
    [code],
  )
}
