import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** A credential as it lies in the database: nobody reads it without the key. */
export interface SealedCredentialRow {
  readonly credentialCode: string
  readonly version: number
  readonly nonce: Buffer
  readonly cipherText: Buffer
  readonly tag: Buffer
}

/** The latest version; null when there is none. */
export async function findSealedCredential(client: Queryable, code: string): Promise<SealedCredentialRow | null> {
  const [row] = await client.query<SealedCredentialRow>(
    `select credential_code as "credentialCode", version, nonce, cipher_text as "cipherText", tag
       from meter_credential where credential_code = $1 order by version desc limit 1`,
    [code],
  )
  return row ?? null
}

/** 0 when there is none. Whoever writes credentials may know this much of them. */
export async function latestCredentialVersion(client: Queryable, code: string): Promise<number> {
  const [row] = await client.query<{ readonly version: number }>(
    'select coalesce(max(version), 0) as version from meter_credential where credential_code = $1',
    [code],
  )
  return row?.version ?? 0
}

export async function insertSealedCredential(
  client: Queryable,
  row: SealedCredentialRow,
  { actor, recordedAt }: { readonly actor: string; readonly recordedAt: Instant },
): Promise<void> {
  await client.execute(
    `insert into meter_credential (credential_code, version, nonce, cipher_text, tag, actor_id, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.credentialCode, row.version, row.nonce, row.cipherText, row.tag, actor, toTimestamptz(recordedAt)],
  )
}
