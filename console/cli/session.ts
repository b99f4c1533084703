import type { Clock } from '../../domain/runtime.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { resolveDatabase, type ResolvedDatabase, type Tenure } from '../../storage/resolve-database.js'
import type { ProcessRole } from '../../storage/roles.js'
import { requireMigrated } from '../../storage/schema-version.js'
import { loadConfig } from '../config.js'
import { whileWorking } from '../progress.js'
import { createRealClock } from '../runtime/real-clock.js'
import type { Io } from './io.js'

/** Runs a command on the database with exactly the rights of one process role, and gives everything back afterwards. */
export async function withDatabase<T>(io: Io, role: ProcessRole, act: (database: Database) => Promise<T>): Promise<T> {
  return withResolvedDatabase(io, async (resolved) => {
    // Asked as owner, because the processes' logins only exist once the database is migrated.
    await using(openReal(resolved.ownerUrl), requireMigrated)
    return using(openReal(resolved.url(role)), act)
  })
}

/** Reads what may take a while, and says so. */
export async function readWhileWorking<T>(
  io: Io,
  saying: { readonly title: string; readonly isQuiet: boolean },
  act: (reader: Database) => Promise<T>,
): Promise<T> {
  return whileWorking(io, saying, () => withDatabase(io, 'reader', act))
}

/** The owner migrates, and enters people and their rights; nothing else is done with the owner's rights. */
export async function withOwner<T>(io: Io, act: (owner: Database) => Promise<T>): Promise<T> {
  return withResolvedDatabase(io, (resolved) =>
    using(openReal(resolved.ownerUrl), async (owner) => {
      await requireMigrated(owner)
      return act(owner)
    }),
  )
}

async function using<T>(database: Database, act: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await act(database)
  } finally {
    await database.close()
  }
}

function openReal(url: string): Database {
  return openDatabase({ url, clock: createRealClock() })
}

export async function withResolvedDatabase<T>(
  io: Io,
  act: (resolved: ResolvedDatabase) => Promise<T>,
  tenure: Tenure = 'attach',
): Promise<T> {
  const resolved = await resolveDatabase(io.env, loadConfig(io.cwd, io.env).folder, tenure)
  try {
    return await act(resolved)
  } finally {
    await resolved.close()
  }
}

/** One pool per process role on one resolved database, all holding one clock. */
export function openRoles<Role extends ProcessRole>(
  resolved: ResolvedDatabase,
  clock: Clock,
  roles: readonly Role[],
): Readonly<Record<Role, Database>> & { readonly closeAll: () => Promise<void> } {
  const pools = Object.fromEntries(roles.map((role) => [role, openDatabase({ url: resolved.url(role), clock })]))
  return {
    ...(pools as Record<Role, Database>),
    closeAll: async () => {
      await Promise.all(Object.values(pools).map((pool) => pool.close()))
    },
  }
}
