import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import PgBoss from 'pg-boss'
import { invariant } from '../domain/result.js'
import { withClient } from './connect-client.js'
import { groupRoleName, loginName, type ProcessRole, processRoles } from './roles.js'
import { migrationsTable } from './schema-version.js'
import { doorbellSchema, workQueues } from './work/queues.js'

export interface MigrateOptions {
  /** Passwords for the login roles of a database that is ours alone; null leaves logins to whoever runs the server. */
  readonly logins: Readonly<Record<ProcessRole, string>> | null
}

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/**
 * Brings a database to the version of this program: tables, job queues, who may connect. Running it again changes nothing;
 * a second one waits for the first.
 * @returns names of the migrations that were applied now.
 */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<readonly string[]> {
  return withClient(ownerUrl, async (client) => {
    await client.query(`select pg_advisory_lock(hashtextextended('shuangwu migrate', 0))`)
    const applied = await applyMigrations(client)
    await createQueues(client)
    await grantOthersTables(client)
    await admitProcesses(client)
    await joinGroups(client)
    if (options.logins !== null) await createLogins(client, options.logins)
    return applied
  })
}

async function applyMigrations(client: pg.Client): Promise<readonly string[]> {
  const applied = await runner({
    dbClient: client,
    dir: migrationsFolder,
    direction: 'up',
    migrationsTable,
    advisoryLockMode: 'wait',
    logger: silent,
  })
  return applied.map((migration) => migration.name)
}

/** pg-boss makes its tables and our queues here, with the owner's rights; processes only use them. */
async function createQueues(client: pg.Client): Promise<void> {
  const db = { executeSql: (text: string, values: unknown[]) => client.query(text, values) }
  const boss = new PgBoss({ db, schema: doorbellSchema, supervise: false, schedule: false })
  await boss.start()
  const present = new Set((await boss.getQueues()).map((queue) => queue.name))
  for (const name of workQueues.filter((queue) => !present.has(queue)))
    await boss.createQueue(name, { name, policy: 'standard' })
  await boss.stop({ close: false, graceful: false })
}

/** What migrations cannot grant, because other programs made these tables. */
async function grantOthersTables(client: pg.Client): Promise<void> {
  for (const role of processRoles.map(groupRoleName)) {
    await execute(client, 'grant select on %I to %I', migrationsTable, role)
    await grantDoorbell(client, role)
  }
}

async function grantDoorbell(client: pg.Client, role: string): Promise<void> {
  await execute(client, 'grant usage on schema %I to %I', doorbellSchema, role)
  const rights = role === groupRoleName('reader') ? 'select' : 'select, insert, update, delete'
  await execute(client, `grant ${rights} on all tables in schema %I to %I`, doorbellSchema, role)
}

/** Only our processes connect, and every session counts time in UTC. */
export async function admitProcesses(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ readonly name: string }>('select current_database() as name')
  const name = rows[0]?.name
  invariant(name !== undefined, 'a connection is to some database')
  await execute(client, 'revoke connect on database %I from public', name)
  for (const role of processRoles)
    await execute(client, 'grant connect on database %I to %I', name, groupRoleName(role))
  await execute(client, `alter database %I set timezone = 'UTC'`, name)
}

/** An owner who is no superuser takes on the processes' roles by `set role`, which since PostgreSQL 16 must be granted by name. */
async function joinGroups(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ readonly member: boolean }>(
    `select rolsuper or pg_has_role(current_user, 'shuangwu_console', 'set') as member from pg_roles where rolname = current_user`,
  )
  if (rows[0]?.member === true) return
  for (const role of processRoles) await execute(client, 'grant %I to current_user with set true', groupRoleName(role))
}

async function createLogins(client: pg.Client, passwords: Readonly<Record<ProcessRole, string>>): Promise<void> {
  const { rows } = await client.query<{ readonly rolname: string }>('select rolname from pg_roles where rolcanlogin')
  const present = new Set(rows.map((row) => row.rolname))
  for (const role of processRoles.filter((each) => !present.has(loginName(each)))) {
    await execute(
      client,
      'create role %I login password %L in role %I',
      loginName(role),
      passwords[role],
      groupRoleName(role),
    )
  }
}

/** For statements that take no parameters: the server itself quotes the names and values. */
async function execute(client: pg.ClientBase, template: string, ...values: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ readonly sql: string }>('select format($1, variadic $2::text[]) as sql', [
    template,
    values,
  ])
  const sql = rows[0]?.sql
  invariant(sql !== undefined, 'format gives one row')
  await client.query(sql)
}

function ignore(): void {
  // Progress of migrations is told by our own return value.
}
