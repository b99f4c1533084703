import { present } from '../domain/result.js'
import type { Instant } from '../domain/time.js'
import type { Queryable } from './database.js'
import { appliedMigrations, knownMigrations } from './schema-version.js'

export type DatabaseTier = 'timescale_full' | 'timescale_apache' | 'plain'

/** What `shuangwu doctor` says about the database. The codes in `advice` are worded by the console. */
export interface DatabaseFacts {
  /** Null before the first migration. */
  readonly tier: DatabaseTier | null
  readonly serverVersion: string
  readonly timescaleVersion: string | null
  readonly settings: Readonly<Record<string, string>>
  readonly schema: {
    /** Name of the last applied migration. */
    readonly version: string | null
    readonly missing: readonly string[]
    /** Applied by a newer program. */
    readonly unknown: readonly string[]
  }
  readonly advice: readonly DatabaseAdvice[]
}

export type DatabaseAdvice = 'run_migrate' | 'update_program' | 'install_timescaledb' | 'session_not_utc'

const shownSettings = [
  'data_directory',
  'fsync',
  'max_connections',
  'max_wal_size',
  'shared_buffers',
  'synchronous_commit',
  'TimeZone',
  'unix_socket_directories',
]

export async function databaseFacts(client: Queryable): Promise<DatabaseFacts> {
  const applied = await appliedMigrations(client)
  const known = knownMigrations()
  const facts = {
    tier: applied.length === 0 ? null : await tierOf(client),
    serverVersion: await textOf(client, `select current_setting('server_version')`),
    timescaleVersion: await textOrNull(client, `select extversion from pg_extension where extname = 'timescaledb'`),
    settings: await settingsOf(client),
    schema: {
      version: applied.at(-1) ?? null,
      missing: known.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !known.includes(name)),
    },
  }
  return { ...facts, advice: adviceFor(facts) }
}

/** What to do about what is missing. */
export function adviceFor(facts: Omit<DatabaseFacts, 'advice'>): readonly DatabaseAdvice[] {
  const advice: readonly (readonly [DatabaseAdvice, boolean])[] = [
    ['run_migrate', facts.schema.missing.length > 0],
    ['update_program', facts.schema.unknown.length > 0],
    ['install_timescaledb', facts.tier === 'plain'],
    ['session_not_utc', facts.settings['TimeZone'] !== 'UTC'],
  ]
  return advice.filter(([, applies]) => applies).map(([code]) => code)
}

/** What the server's clock shows. */
export async function serverTime(client: Queryable): Promise<Instant> {
  const [row] = await client.query<{ readonly shown: Instant }>('select clock_timestamp() as shown')
  return present(row, 'a row').shown
}

async function tierOf(client: Queryable): Promise<DatabaseTier> {
  const [row] = await client.query<{ readonly tier: DatabaseTier }>('select database_tier() as tier')
  return row?.tier ?? 'plain'
}

/** Settings that this session may not see are left out. */
async function settingsOf(client: Queryable): Promise<Readonly<Record<string, string>>> {
  const rows = await client.query<{ readonly name: string; readonly value: string }>(
    'select name, current_setting(name) as value from pg_settings where name = any($1::text[]) order by name collate "C"',
    [shownSettings],
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.value]))
}

async function textOf(client: Queryable, sql: string): Promise<string> {
  return (await textOrNull(client, sql)) ?? ''
}

async function textOrNull(client: Queryable, sql: string): Promise<string | null> {
  const [row] = await client.query<Readonly<Record<string, string>>>(sql)
  return row === undefined ? null : (Object.values(row)[0] ?? null)
}
