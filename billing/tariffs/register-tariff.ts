import { UserError } from '../../domain/errors.js'
import { defectText } from '../../domain/refusal-words.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import { requireActor } from '../require-actor.js'
import { parseTariff, tariffSha256 } from './parse-tariff.js'
import { registerVersion } from './register-version.js'

export interface RegisteredTariff {
  readonly kind: 'created' | 'exists'
  readonly code: string
  readonly version: number
}

/** Of a serializable transaction that another one got in the way of. */
export const registerRetries = 3

/**
 * Registers a version of slots and a ladder (tariff/1) out of parsed JSON. A version that is on record with the same content answers `exists`; other content,
 * an overlap with another version or a gap between two is refused. A run uses it once two others have signed.
 */
export async function registerTariff(
  database: Database,
  clock: Clock,
  json: unknown,
  { author }: { readonly author: string },
): Promise<RegisteredTariff> {
  const parsed = parseTariff(json)
  if (!parsed.ok)
    throw new UserError('bad_input', `电价不合规 tariff refused: ${parsed.error.defects.map(defectText).join('; ')}`)
  const document = parsed.value
  return database.transaction(
    async (tx) => {
      await requireActor(tx, author)
      const kind = await registerVersion(tx, clock, {
        tariff_code: document.code,
        version: document.version,
        valid_from: document.validFrom,
        valid_to: document.validTo ?? null,
        document,
        sha256: tariffSha256(document),
        author,
      })
      return { kind, code: document.code, version: document.version }
    },
    { isolation: 'serializable', retries: registerRetries },
  )
}
