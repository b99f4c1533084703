import { UserError } from '../../domain/errors.js'
import { refusalText } from '../../domain/refusal-words.js'
import { err, present, type Result } from '../../domain/result.js'
import type { Clock } from '../../domain/runtime.js'
import { tariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Database, Transaction } from '../../storage/database.js'
import { requireActor } from '../require-actor.js'
import { checkForRuns } from './components/check-for-runs.js'
import { parseComponentTariff } from './components/parse-document.js'
import type { ComponentTariff } from './components/tariff-schema.js'
import { canonicalJson, type TariffErrors, tariffSha256 } from './parse-tariff.js'
import { type RegisteredTariff, registerRetries } from './register-tariff.js'
import { registerVersion } from './register-version.js'

/**
 * Registers each version of a tariff of components (tariff/2) out of parsed JSON, all of them or none. Each version is signed by itself and
 * is stored as the file says it, with the head of the file. What a run could not bill by is refused here.
 */
export async function registerComponents(
  database: Database,
  clock: Clock,
  json: unknown,
  { author }: { readonly author: string },
): Promise<readonly RegisteredTariff[]> {
  const tariff = requireComponents(json)
  return database.transaction(
    async (tx) => {
      await requireActor(tx, author)
      await refuseOtherHead(tx, tariff)
      const registered: RegisteredTariff[] = []
      for (const [index, { version, validFrom, validTo }] of tariff.versions.entries()) {
        const document = documentOf(json, index)
        const kind = await registerVersion(tx, clock, {
          tariff_code: tariff.code,
          version,
          valid_from: validFrom,
          valid_to: validTo ?? null,
          document,
          sha256: tariffSha256(document),
          author,
        })
        registered.push({ kind, code: tariff.code, version })
      }
      return registered
    },
    { isolation: 'serializable', retries: registerRetries },
  )
}

/** A tariff that runs can bill by. @throws UserError `bad_input` with `what` it is, every defect and its place. */
export function requireComponents(json: unknown, what = 'tariff refused'): ComponentTariff {
  const parsed = parseForRuns(json)
  if (parsed.ok) return parsed.value
  throw new UserError('bad_input', `${what}: 不合规则 against the rules: ${parsed.error.defects.join('; ')}`)
}

/** A tariff that runs can bill by, or every defect with its place. */
export function parseForRuns(json: unknown): Result<ComponentTariff, TariffErrors> {
  const parsed = parseComponentTariff(json)
  const defects = parsed.ok
    ? checkForRuns(parsed.value).map(({ kind, where, message }) => ({ kind, path: where, message }))
    : parsed.error.defects
  if (parsed.ok && defects.length === 0) return parsed
  return err({
    kind: 'tariff_refused',
    defects: defects.map(({ kind, path, message }) => refusalText(path, kind, message)),
  })
}

/** The file with one of its versions. */
function documentOf(json: unknown, index: number): object {
  const file = json as { readonly versions: readonly object[] }
  return { ...file, versions: [present(file.versions[index], `version ${index}`)] }
}

/** What does not belong to a version is the same in all of them. */
async function refuseOtherHead(tx: Transaction, tariff: ComponentTariff): Promise<void> {
  const [before] = await tariffVersions(tx, tariff.code)
  if (before === undefined) return
  const known = before.document as Partial<ComponentTariff>
  // A tariff may go over from slots and ladder to components; then there is no head yet.
  if (known.format !== tariff.format) return
  for (const key of ['currency', 'mayBeNegative'] as const)
    if (canonicalJson(known[key] ?? null) !== canonicalJson(tariff[key] ?? null))
      throw new UserError(
        'refused',
        `tariff ${tariff.code}: ${key} 与在册版本不一致 is another one in the versions on record`,
      )
}
