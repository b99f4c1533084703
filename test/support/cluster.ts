import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { BinariesWanted } from '../../storage/local-database/binaries.js'
import { type LocalDatabase, mainDatabase, openLocalDatabase } from '../../storage/local-database/open.js'
import { openDatabase } from '../../storage/database.js'
import { migrate } from '../../storage/migrate.js'
import { letTimesBeVirtual } from '../../storage/rights.js'
import { createStillClock } from './still-clock.js'

/** Test data is thrown away, so nothing waits for the disk. */
const fastSettings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', shared_buffers: '256MB' }

/** Names the folder of the cluster that the test run shares. */
export const clusterFolderVariable = 'SHUANGWU_TEST_CLUSTER'

export interface TestCluster {
  readonly folder: string
  readonly database: LocalDatabase
  readonly close: () => Promise<void>
}

/** `SHUANGWU_TEST_TIER` = plain or timescale chooses the binaries; otherwise TimescaleDB where it is found. */
export function wantedBinaries(): BinariesWanted {
  const wanted = process.env['SHUANGWU_TEST_TIER'] ?? 'any'
  if (wanted !== 'any' && wanted !== 'plain' && wanted !== 'timescale')
    throw new Error(`SHUANGWU_TEST_TIER is plain or timescale, not ${wanted}`)
  return wanted
}

/** Linux keeps its files in memory: the 700 files of a clone are made and dropped there in a fifth of the time. */
const memoryFolder = '/dev/shm'

/** A cluster of the whole test run grows to less than half of it. */
const roomOfACluster = 4 * 1024 ** 3

/** A new folder that the server's user can pass, so that its data stays inside. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(hasRoom(memoryFolder) ? memoryFolder : tmpdir(), 'sw-test-'))
  chmodSync(folder, 0o755)
  return folder
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize >= roomOfACluster
}

/** Starts a cluster whose main database is migrated and closed to sessions: the template that each test file clones. */
export async function openTestCluster(): Promise<TestCluster> {
  const folder = makeFolder()
  const database = await openLocalDatabase({ folder, binaries: wantedBinaries(), settings: fastSettings })
  await migrate(database.ownerUrl, { logins: database.passwords })
  await haveVirtualTimes(database.ownerUrl)
  await closeTemplate(database.ownerUrl)
  return {
    folder,
    database,
    close: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
      rmSync(database.data, { recursive: true, force: true })
    },
  }
}

/** URL of another database of the same cluster. */
export function inDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** Tests bring times of their own; the tests of the time rule itself put it back. */
export async function haveVirtualTimes(ownerUrl: string): Promise<void> {
  const owner = openDatabase({ url: ownerUrl, clock: createStillClock(0), connections: 1 })
  await letTimesBeVirtual(owner, 'tests')
  await owner.close()
}

/** TimescaleDB's scheduler keeps a session in every database that allows one, and a template must have none. */
async function closeTemplate(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: inDatabase(ownerUrl, 'postgres') })
  await client.connect()
  await client.query(`alter database ${client.escapeIdentifier(mainDatabase)} allow_connections false`)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [mainDatabase])
  await client.end()
}
