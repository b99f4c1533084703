import type { Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { toTimestamptz } from './type-parsers.js'

/** What a database is for. `empty` was never migrated or never put to use. */
export type Purpose = 'production' | 'demo' | 'test' | 'empty'

export interface Deployment {
  readonly purpose: Purpose
  readonly seed: bigint | null
}

interface DeploymentRow {
  readonly purpose: Exclude<Purpose, 'empty'>
  readonly seed: bigint | null
}

export async function readDeployment(client: Queryable): Promise<Deployment> {
  const [table] = await client.query<{ readonly oid: string | null }>(`select to_regclass('deployment')::text as oid`)
  if (table === undefined || table.oid === null) return { purpose: 'empty', seed: null }
  const [row] = await client.query<DeploymentRow>('select purpose, seed from deployment')
  return row ?? { purpose: 'empty', seed: null }
}

/** Says once what a fresh database is for. */
export async function recordDeployment(
  client: Queryable,
  deployment: { readonly purpose: 'production' | 'demo'; readonly seed: number | null; readonly createdAt: Instant },
): Promise<void> {
  await client.execute('insert into deployment (purpose, seed, created_at) values ($1, $2, $3)', [
    deployment.purpose,
    deployment.seed,
    toTimestamptz(deployment.createdAt),
  ])
}

/** Adds actors; those that are there already stay as they are. */
export async function recordActors(
  client: Queryable,
  actors: readonly { readonly actor: string; readonly displayName: string; readonly kind: 'person' | 'process' }[],
  recordedAt: Instant,
): Promise<void> {
  await client.execute(
    `insert into actor (actor_id, display_name, kind, recorded_at)
     select a.*, $4::timestamptz from unnest($1::text[], $2::text[], $3::text[]) as a on conflict do nothing`,
    [
      actors.map(({ actor }) => actor),
      actors.map(({ displayName }) => displayName),
      actors.map(({ kind }) => kind),
      toTimestamptz(recordedAt),
    ],
  )
}
