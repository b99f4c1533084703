import type { Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { appliedMigrations, migrationsTable } from './schema-version.js'
import { toTimestamptz } from './type-parsers.js'

/** What a database is for. `empty`: nothing of anybody's is in it; `foreign`: tables that are not ours. */
export type Purpose = 'production' | 'demo' | 'empty' | 'foreign'

export async function readPurpose(client: Queryable): Promise<Purpose> {
  if (await hasForeignSchema(client)) return 'foreign'
  if ((await appliedMigrations(client)).length === 0) return (await hasTables(client)) ? 'foreign' : 'empty'
  if (await isMissingDeployment(client)) return 'empty'
  const [row] = await client.query<{ readonly purpose: 'production' | 'demo' }>('select purpose from deployment')
  return row?.purpose ?? ((await hasOrganisations(client)) ? 'production' : 'empty')
}

/** Tables or views in a schema that neither we, PostgreSQL nor TimescaleDB made. */
async function hasForeignSchema(client: Queryable): Promise<boolean> {
  const rows = await client.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('public', 'pgboss', 'information_schema') and n.nspname !~ '^(pg_|_?timescaledb)' limit 1`,
  )
  return rows.length > 0
}

async function hasTables(client: Queryable): Promise<boolean> {
  const rows = await client.query(
    `select from information_schema.tables where table_schema = 'public' and table_name <> $1 limit 1`,
    [migrationsTable],
  )
  return rows.length > 0
}

/** A migration that was cut short. */
async function isMissingDeployment(client: Queryable): Promise<boolean> {
  const rows = await client.query(
    `select where to_regclass('deployment') is null or to_regclass('organisation') is null`,
  )
  return rows.length > 0
}

async function hasOrganisations(client: Queryable): Promise<boolean> {
  return (await client.query('select from organisation limit 1')).length > 0
}

/** What a demo itself leaves; everything else in its database is somebody's. */
export interface DemoTraces {
  readonly node: string
  readonly organisation: string
}

/** Tables in which a demo writes nothing, or nothing under another name than its own. */
const othersRows: readonly (readonly [table: string, condition: string])[] = [
  ['line_lease_event', 'owner <> $1'],
  ['organisation', 'code <> $2'],
  ['collection_fire', 'true'],
  ['read_request', 'true'],
  ['collection_plan', 'true'],
  ['due_exemption', 'true'],
  ['meter_order', 'true'],
  ['meter_credential', 'true'],
  ['standing_order', 'true'],
  ['concentrator_table_push', 'true'],
]

/**
 * Whether a demo's database has been used for anything else: a head-end of its own has collected in it, or people have asked, planned or
 * ordered something. @returns the table in which that shows, null where nothing does.
 */
export async function findUseBesidesDemo(
  client: Queryable,
  { node, organisation }: DemoTraces,
): Promise<string | null> {
  for (const [table, condition] of othersRows) {
    // The demo of an older program lacks the younger tables.
    if ((await client.query('select where to_regclass($1) is not null', [table])).length === 0) continue
    const found = await client.query(
      `select from ${table} where ($1::text, $2::text) is not null and ${condition} limit 1`,
      [node, organisation],
    )
    if (found.length > 0) return table
  }
  return null
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
