import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database, Transaction } from '../../storage/database.js'
import { insertTariffVersion, type TariffVersionRow, tariffVersions } from '../../storage/billing/tariff-versions.js'
import { requireActor } from '../require-actor.js'
import { parseTariff, tariffSha256 } from './parse-tariff.js'
import type { TariffDocument } from './tariff-document.js'

export interface RegisteredTariff {
  readonly kind: 'created' | 'exists'
  readonly code: string
  readonly version: number
}

const retries = 3

/**
 * Registers a tariff version out of parsed JSON. A version that is on record with the same content answers `exists`; other content,
 * an overlap with another version or a gap between two is refused. A run uses it once two others have signed.
 */
export async function registerTariff(
  database: Database,
  clock: Clock,
  json: unknown,
  { author }: { readonly author: string },
): Promise<RegisteredTariff> {
  const parsed = parseTariff(json)
  if (!parsed.ok) throw new UserError('bad_input', `tariff refused: ${parsed.error.defects.join('; ')}`)
  const document = parsed.value
  return database.transaction(
    async (tx) => {
      await requireActor(tx, author)
      const kind = await register(tx, clock, document, author)
      return { kind, code: document.code, version: document.version }
    },
    { isolation: 'serializable', retries },
  )
}

async function register(
  tx: Transaction,
  clock: Clock,
  document: TariffDocument,
  author: string,
): Promise<'created' | 'exists'> {
  const sha256 = tariffSha256(document)
  const versions = await tariffVersions(tx, document.code)
  const same = versions.find((row) => row.version === document.version)
  if (same !== undefined) {
    if (same.sha256.equals(sha256)) return 'exists'
    throw new UserError(
      'refused',
      `tariff ${document.code} version ${document.version} is on record with other content`,
    )
  }
  const row = {
    tariff_code: document.code,
    version: document.version,
    valid_from: document.validFrom,
    valid_to: document.validTo ?? null,
    document,
    sha256,
    author,
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
    if (next === undefined || row.valid_to === next.valid_from) continue
    const fault = row.valid_to === null || row.valid_to > next.valid_from ? 'overlap' : 'leave a gap'
    throw new UserError(
      'refused',
      `tariff ${row.tariff_code}: versions ${row.version} (to ${row.valid_to ?? 'further notice'}) and ${next.version} (from ${next.valid_from}) ${fault}`,
    )
  }
}
