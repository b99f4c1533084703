import { UserError } from '../../domain/errors.js'
import type { Clock } from '../../domain/runtime.js'
import { accountTerms, findAccountId, insertAccountTerms } from '../../storage/billing/account-terms.js'
import type { Database } from '../../storage/database.js'
import { requireActor } from '../require-actor.js'
import { parseDocument } from '../tariffs/components/parse-document.js'
import { registerRetries } from '../tariffs/register-tariff.js'
import { tariffSha256 } from '../tariffs/parse-tariff.js'
import { termsSchema } from './terms.js'

export interface RecordedTerms {
  readonly kind: 'created' | 'exists'
  readonly account: string
  readonly revision: number
}

/**
 * Puts on record what is agreed with an account: a new revision of the whole. The same again answers `exists`. Determinants that were
 * frozen before do not see it.
 */
export async function recordTerms(
  database: Database,
  clock: Clock,
  json: unknown,
  { account, actor, reason }: { readonly account: string; readonly actor: string; readonly reason: string },
): Promise<RecordedTerms> {
  const parsed = parseDocument(termsSchema, json)
  if (!parsed.ok) {
    const texts = parsed.error.defects.map(({ path, message }) => `${path}: ${message}`)
    throw new UserError('bad_input', `合同约定不合规 terms of ${account} refused: ${texts.join('; ')}`)
  }
  const document = parsed.value
  const sha256 = tariffSha256(document)
  return database.transaction(
    async (tx) => {
      await requireActor(tx, actor)
      const accountId = await findAccountId(tx, account)
      if (accountId === null) throw new UserError('not_found', `无此户 there is no account ${account}`)
      const [last] = await accountTerms(tx, accountId)
      if (last !== undefined && last.sha256.equals(sha256)) return { kind: 'exists', account, revision: last.revision }
      const revision = (last?.revision ?? 0) + 1
      const row = { revision, document, sha256, recorded_at: clock.now(), actor_id: actor, reason }
      await insertAccountTerms(tx, accountId, row)
      return { kind: 'created', account, revision }
    },
    { isolation: 'serializable', retries: registerRetries },
  )
}
