import pg from 'pg'
import tap from 'tap'
import { type Database, openDatabase } from '../../storage/database.js'
import { attachLocalDatabase, type LocalDatabase, mainDatabase } from '../../storage/local-database/open.js'
import { admitProcesses } from '../../storage/migrate.js'
import type { LoginRole } from '../../storage/roles.js'
import { clusterFolderVariable, inDatabase, openTestCluster } from './cluster.js'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createStillClock } from './still-clock.js'

/** The moment at which the clock of a test database stands. */
export const testNow = Date.UTC(2026, 2, 10, 4, 0, 0)

/** Stands still, but for the deadlines of statements. */
const clock = { ...createStillClock(testNow), setTimer: createRealClock().setTimer }

export interface TestDatabase {
  /** A pool that logs in with exactly the rights of that process, or as owner for arranging and looking. */
  readonly as: (role: LoginRole) => Database
  readonly url: (role: LoginRole) => string
}

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

let opened: Promise<LocalDatabase> | null = null
let clones = 0

/** A database of the test's own, cloned from the migrated template and dropped at the end. Without a server it fails. */
export async function withDatabase(t: Teardown): Promise<TestDatabase> {
  opened ??= openCluster()
  const cluster = await opened
  const name = `test_${process.pid}_${++clones}`
  const admin = inDatabase(cluster.ownerUrl, 'postgres')
  await run(admin, (client) =>
    client.query(`create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(mainDatabase)}`),
  )
  const url = (role: LoginRole): string => inDatabase(role === 'owner' ? cluster.ownerUrl : cluster.url(role), name)
  await run(url('owner'), admitProcesses)
  const pools = new Map<LoginRole, Database>()
  t.teardown(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()))
    await run(admin, (client) => client.query(`drop database ${client.escapeIdentifier(name)} with (force)`))
  })
  return { url, as: (role) => poolOf(pools, role, url(role)) }
}

function poolOf(pools: Map<LoginRole, Database>, role: LoginRole, url: string): Database {
  const pool = pools.get(role) ?? openDatabase({ url, clock, connections: 4 })
  pools.set(role, pool)
  return pool
}

/** The cluster of the test run, or one of this process's own when a test file runs alone. */
async function openCluster(): Promise<LocalDatabase> {
  const folder = process.env[clusterFolderVariable]
  if (folder !== undefined) return attachLocalDatabase({ folder })
  const cluster = await openTestCluster()
  tap.teardown(() => cluster.close())
  return cluster.database
}

async function run(url: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}
