import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { UserError } from '../domain/errors.js'
import type { Queryable } from './database.js'

/** Table of node-pg-migrate with one row per applied migration. */
export const migrationsTable = 'schema_migration'

/** Names of the migrations this program carries, in order. */
export function knownMigrations(): readonly string[] {
  return readdirSync(fileURLToPath(new URL('./migrations', import.meta.url)))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .sort()
}

/** Names of the migrations the database has; empty when it was never migrated. */
export async function appliedMigrations(client: Queryable): Promise<readonly string[]> {
  const [table] = await client.query<{ readonly oid: string | null }>('select to_regclass($1)::text as oid', [
    migrationsTable,
  ])
  if (table?.oid === null) return []
  const rows = await client.query<{ readonly name: string }>('select name from schema_migration order by name')
  return rows.map((row) => row.name)
}

/** @throws UserError `database_not_migrated` when program and database disagree. */
export async function requireMigrated(client: Queryable): Promise<void> {
  const applied = new Set(await appliedMigrations(client))
  const known = knownMigrations()
  const missing = known.filter((name) => !applied.has(name))
  if (missing.length > 0)
    throw new UserError(
      'database_not_migrated',
      `数据库缺迁移，请运行 shuangwu migrate the database lacks ${missing.length} migrations from ${missing[0]} on; run npx shuangwu migrate, or npm run demo for a demo`,
    )
  const foreign = [...applied].find((name) => !known.includes(name))
  if (foreign !== undefined)
    throw new UserError(
      'database_not_migrated',
      `数据库比本程序新，请更新程序 the database has migration ${foreign} of a newer version; update this program`,
    )
}
