import { z } from 'zod'
import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { insertTariffVersion, type TariffVersionRow, tariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Transaction } from '../../storage/database.js'

/**
 * Puts one version on record. One that is there with the same content answers `exists`; other content, an overlap with another version
 * or a gap between two is refused. In a serializable transaction.
 */
export async function registerVersion(
  tx: Transaction,
  clock: Clock,
  row: TariffVersionRow,
): Promise<'created' | 'exists'> {
  const versions = await tariffVersions(tx, row.tariff_code)
  const same = versions.find(({ version }) => version === row.version)
  if (same !== undefined) {
    if (same.sha256.equals(row.sha256)) return 'exists'
    throw new UserError(
      'refused',
      `该版已在册，内容不同 tariff ${row.tariff_code} version ${row.version} is on record with other content`,
    )
  }
  refuseBrokenTimeline([...versions, row])
  await insertTariffVersion(tx, { ...row, recordedAt: clock.now() })
  return 'created'
}

/** The versions of a tariff follow each other without a day between them or a day in two of them. */
function refuseBrokenTimeline(rows: readonly TariffVersionRow[]): void {
  const versions = rows.toSorted((a, b) => (a.valid_from < b.valid_from ? -1 : 1))
  for (const [index, row] of versions.entries()) {
    const next = versions[index + 1]
    if (next === undefined) continue
    if ((row.valid_to ?? endedBy(next)) === next.valid_from && row.valid_from < next.valid_from) continue
    const fault = row.valid_to === null || row.valid_to > next.valid_from ? 'overlap' : 'leave a gap'
    throw new UserError(
      'refused',
      `电价各版有效期不衔接 tariff ${row.tariff_code}: versions ${row.version} (to ${row.valid_to ?? 'further notice'}) and ${next.version} (from ${next.valid_from}) ${fault}${row.valid_to === null ? '; 后版写明 "succeeds": true 则前版随之终止 a later one that says "succeeds": true ends it' : ''}`,
    )
  }
}

/** Where a version begins that ends the open one before it. */
function endedBy({ valid_from, document }: TariffVersionRow): string | null {
  return succeedsSchema.safeParse(document).success ? valid_from : null
}

const succeeds = z.looseObject({ succeeds: z.literal(true) })
/** Of slots and a ladder, or of components with one version. */
const succeedsSchema = z.union([succeeds, z.looseObject({ versions: z.tuple([succeeds]) })])
