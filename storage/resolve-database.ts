import pg from 'pg'
import { UserError } from '../domain/errors.js'
import type { BinariesWanted } from './local-database/binaries.js'
import { attachLocalDatabase, type LocalDatabase, openLocalDatabase } from './local-database/open.js'
import { outliveLocalDatabase, type TakeOver } from './local-database/outlive.js'
import type { MigrateOptions } from './migrate.js'
import { groupRoleName, type ProcessRole } from './roles.js'

/** The database a command works on: the one `DATABASE_URL` names, otherwise the folder's own. */
export interface ResolvedDatabase {
  /** For `migrate` only. */
  readonly ownerUrl: string
  readonly url: (role: ProcessRole) => string
  /** What `migrate` needs to know of it. */
  readonly migrateOptions: MigrateOptions
  /** Null for a database of the user's own. */
  readonly local: LocalDatabase | null
  readonly close: () => Promise<void>
}

/**
 * `own`: this process keeps the server and refuses a second; `attach`: use whoever keeps it, or keep it for the moment; a `TakeOver`: the
 * same, and keep it from the moment that whoever keeps it ends.
 */
export type Tenure = 'own' | 'attach' | TakeOver

type Environment = Readonly<Record<string, string | undefined>>

const connectTimeoutMs = 5000

/**
 * @throws UserError `database_unreachable` (one line, no password), `database_in_use`, `local_database_failed`, `bad_config` for a
 * `DATABASE_URL` that is no URL or a `SHUANGWU_DATABASE_BINARIES` that names no kind of programs.
 */
export async function resolveDatabase(
  environment: Environment,
  folder: string,
  tenure: Tenure,
): Promise<ResolvedDatabase> {
  const given = environment['DATABASE_URL']
  if (given === undefined || given === '') return fromLocal(await openLocal(environment, folder, tenure))
  const url = parseUrl(given)
  await reach(url)
  return {
    ownerUrl: given,
    url: (role) => environment[roleVariable(role)] ?? asRole(url, role),
    migrateOptions: { logins: null },
    local: null,
    close: async () => undefined,
  }
}

async function openLocal(environment: Environment, folder: string, tenure: Tenure): Promise<LocalDatabase> {
  const binaries = parseBinaries(environment['SHUANGWU_DATABASE_BINARIES'] ?? 'any')
  const options = { folder, binaries }
  if (tenure === 'own') return openLocalDatabase(options)
  return tenure === 'attach' ? attachLocalDatabase(options) : outliveLocalDatabase(options, tenure)
}

function parseBinaries(text: string): BinariesWanted {
  if (text === 'any' || text === 'plain' || text === 'timescale') return text
  throw new UserError('bad_config', `变量取值有误 SHUANGWU_DATABASE_BINARIES is any, plain or timescale, not ${text}`)
}

function fromLocal(local: LocalDatabase): ResolvedDatabase {
  const { ownerUrl, url, close } = local
  return { ownerUrl, url, migrateOptions: { logins: local.passwords }, local, close }
}

/** Variable with the login of one process, for installations that give each process its own. */
function roleVariable(role: ProcessRole): string {
  return `SHUANGWU_${role.toUpperCase()}_DATABASE_URL`
}

/** Without a login of its own a process uses the owner's, and takes on its group role at once: the grants hold all the same. */
function asRole(owner: URL, role: ProcessRole): string {
  const url = new URL(owner)
  url.searchParams.set('options', `-c role=${groupRoleName(role)}`)
  return url.href
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === 'postgresql:' || url.protocol === 'postgres:')) return url
  throw new UserError(
    'bad_config',
    'DATABASE_URL 写法有误 DATABASE_URL must read postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
  )
}

async function reach(url: URL): Promise<void> {
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: connectTimeoutMs })
  // A connection that breaks later is reported by whoever uses it then.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    throw new UserError(
      'database_unreachable',
      `连接不上数据库 cannot reach the database ${placeOf(url)}: ${reasonOf(cause)}`,
      {
        cause,
      },
    )
  } finally {
    await client.end()
  }
}

function placeOf(url: URL): string {
  const host = url.searchParams.get('host') ?? `${url.hostname}:${url.port === '' ? '5432' : url.port}`
  return `${url.pathname.slice(1)} at ${host} (DATABASE_URL)`
}

/** A name with several addresses fails with one error for each and no message of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0])
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
}
