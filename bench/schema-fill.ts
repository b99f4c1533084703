// Fills the planned tables with synthetic accounts and readings and times writing and reading them, one JSON document on stdout:
// node build/bench/schema-fill.js [ACCOUNTS [READINGS [plain|timescale]]]
import { createRealClock } from '../console/runtime/real-clock.js'
import { openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, machineOf } from './bench-report.js'
import { fillBills, fillDeterminants, measureAsOf } from './schema-fill/months.js'
import { fillReadings, seriesMs } from './schema-fill/readings.js'
import { fillRegistry, supplyFrom } from './schema-fill/registry.js'

const { sizes, binaries } = benchArguments('schema-fill')
const { accounts, readings } = sizes
const clock = createRealClock()

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => removeBenchFolder(folder))
const local = await openLocalDatabase({ folder, binaries })
const close = closeInAnyCase(local.close)
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`)
} finally {
  await close()
  await remove()
}

async function measure(): Promise<BenchReport> {
  await migrate(local.ownerUrl, { logins: local.passwords })
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 })
  await ensureTimePartitions(owner, supplyFrom, supplyFrom + seriesMs)
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  const results = [...(await fillRegistry(owner, accounts)), ...(await fillReadings(owner, accounts, readings))]
  await owner.execute('analyze')
  results.push(
    ...(await measureAsOf(owner)),
    ...(await fillDeterminants(owner, accounts)),
    ...(await fillBills(owner, accounts)),
  )
  await owner.close()
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return { name: 'schema-fill', machine: machineOf(database), results }
}
