// Readings into the database as the head-end stores them, beside a plain COPY; MQTT messages from publish to acknowledgement, beside a
// client that inserts one by one and one that discards: node build/bench/ingest.js [ROWS [MESSAGES [plain|timescale]]]
import { beijing } from '../domain/time.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { benchArguments, closeInAnyCase } from './bench-process.js'
import { type BenchReport, machineOf } from './bench-report.js'
import { type BenchDatabase, openBenchDatabase, plantField } from './ingest/bench-database.js'
import { startMosquitto } from './ingest/broker-and-publisher.js'
import { measureDurableRows } from './ingest/durable-rows.js'
import { measureMqtt } from './ingest/mqtt.js'

const { sizes, binaries } = benchArguments('ingest')
const { rows, messages } = sizes
const now = createRealClock().now()
const midnight = beijing.startOfDayAt(now)

const metersEach = 512
/** What a concentrator usually sends at once. */
const usualBatch = 64
const onDatabase = async <T>(act: (database: BenchDatabase) => Promise<T>): Promise<T> => {
  const database = await openBenchDatabase(binaries, now)
  try {
    return await act(database)
  } finally {
    await database.close()
  }
}

const concentrators = Math.max(1, Math.ceil(rows / metersEach))
const durable = await onDatabase((database) =>
  measureDurableRows(database, { concentrators, metersEach, readingsPerUpload: usualBatch, midnight }, rows, now),
)
const report = await onDatabase(async (database): Promise<BenchReport> => {
  const broker = await startMosquitto(database.folder)
  const closeBroker = closeInAnyCase(broker.close)
  try {
    const plan = { concentrators: 100, metersEach, midnight }
    await plantField(database.owner, { ...plan, readingsPerUpload: 1 }, broker.url)
    const run = { broker, database }
    const single = await measureMqtt({ ...run, plan: { ...plan, readingsPerUpload: 1 }, messages })
    const batch = await measureMqtt({
      ...run,
      plan: { ...plan, readingsPerUpload: usualBatch },
      messages: Math.ceil(messages / 10),
    })
    return { name: 'ingest', machine: machineOf(database.description), results: [...durable, ...single, ...batch] }
  } finally {
    await closeBroker()
  }
})
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
