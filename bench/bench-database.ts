import { createRealClock } from '../console/runtime/real-clock.js'
import type { Instant } from '../domain/time.js'
import { type Database, openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import type { BinariesWanted } from '../storage/local-database/binaries.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import type { LoginRole } from '../storage/roles.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf } from './bench-report.js'

export interface BenchDatabaseOptions {
  readonly binaries: BinariesWanted
  /** There are partitions for [from, to). */
  readonly from: Instant
  readonly to: Instant
  /** Server settings on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** Leaves the folder with the database in it. */
  readonly keep?: boolean
}

export interface BenchDatabase {
  /** Sessions for arranging and for the peers, whose statements may take an hour. */
  readonly owner: Database
  /** A pool with exactly the rights of a process. */
  readonly open: (role: LoginRole, connections: number) => Database
  readonly url: (role: LoginRole) => string
  /** For files of the bench, gone at the end. */
  readonly folder: string
  /** Where the server keeps its data. */
  readonly data: string
  /** Version, tier and the settings that matter. */
  readonly description: string
  readonly close: () => Promise<void>
}

const clock = createRealClock()
const statementMs = 3_600_000
const shown = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'fsync']

/** A migrated database of the bench's own; an interrupted bench stops and removes it as well. */
async function openBenchDatabase(options: BenchDatabaseOptions): Promise<BenchDatabase> {
  const { binaries, from, to, settings: special = {}, keep = false } = options
  const folder = makeBenchFolder()
  const remove = closeInAnyCase(() => (keep ? undefined : removeBenchFolder(folder)))
  const local = await openLocalDatabase({ folder, binaries, settings: special })
  const closeServer = closeInAnyCase(local.close)
  await migrate(local.ownerUrl, { logins: local.passwords })
  const url = (role: LoginRole): string => (role === 'owner' ? local.ownerUrl : local.url(role))
  const pools: Database[] = []
  const open = (role: LoginRole, connections: number): Database => {
    const pool = openDatabase({ url: url(role), clock, connections })
    pools.push(pool)
    return pool
  }
  const owner = open('owner', 3).withStatementLimit(statementMs)
  await ensureTimePartitions(owner, from, to)
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  return {
    owner,
    open,
    url,
    folder,
    data: local.data,
    description: `PostgreSQL ${serverVersion}, ${tier}, ${shown.map((name) => `${name} ${settings[name]}`).join(', ')}`,
    async close() {
      await Promise.all(pools.map((pool) => pool.close()))
      await closeServer()
      await remove()
    },
  }
}

/** Has `act` on a database of its own, which is gone afterwards. */
export async function onDatabase<T>(
  options: BenchDatabaseOptions,
  act: (database: BenchDatabase) => Promise<T>,
): Promise<T> {
  const database = await openBenchDatabase(options)
  try {
    return await act(database)
  } finally {
    await database.close()
  }
}

/** Measures on a database of its own and prints the report, one JSON document on stdout. */
export async function reportOnDatabase(
  name: string,
  options: BenchDatabaseOptions,
  measure: (database: BenchDatabase) => Promise<readonly BenchResult[]>,
): Promise<void> {
  const report = await onDatabase(options, async (database): Promise<BenchReport> => {
    const results = await measure(database)
    return { name, machine: machineOf(database.description), results }
  })
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
}
