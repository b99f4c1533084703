// The daily freezes of all meters of a city through their concentrators' MQTT uploads into the database:
// node build/bench/headend-day.js [METERS [plain|timescale]]
import { beijing } from '../domain/time.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { createRealNetwork } from '../console/runtime/real-network.js'
import { startHeadEnd } from '../headend/head-end.js'
import { benchArguments, closeInAnyCase } from './bench-process.js'
import { type BenchReport, machineOf, result } from './bench-report.js'
import { openBenchDatabase, plantField } from './ingest/bench-database.js'
import { startMosquitto, startPublisher } from './ingest/broker-and-publisher.js'
import { type FieldPlan, uploadsPerMidnight } from './ingest/field-plan.js'

const { sizes, binaries } = benchArguments('headend-day')
const metersEach = 500
const clock = createRealClock()
const now = clock.now()
const plan: FieldPlan = {
  concentrators: Math.ceil(sizes.meters / metersEach),
  metersEach,
  readingsPerUpload: 50,
  midnight: beijing.startOfDayAt(now),
}
const mebibyte = 1024 * 1024

const database = await openBenchDatabase(binaries, now)
const broker = await startMosquitto(database.folder)
const closeBroker = closeInAnyCase(broker.close)
try {
  process.stderr.write(`… ${plan.concentrators} 台集中器入库 concentrators into the registry\n`)
  await plantField(database.owner, plan, broker.url)
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`)
} finally {
  await closeBroker()
  await database.close()
}

/** From the first publish to the receipt of the last upload. The publisher encodes as it goes, as concentrators would. */
async function measure(): Promise<BenchReport> {
  const headEnd = await startHeadEnd({ database: database.headend, clock, network: createRealNetwork(), node: 'bench' })
  const messages = uploadsPerMidnight(plan)
  const publisher = await startPublisher({ port: broker.port, plan, messages, perSecond: null, receipts: true })
  const memory: number[] = []
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss() / mebibyte), 500)
  const { seconds } = await publisher.go()
  clearInterval(sampling)
  await headEnd.close()
  const [row] = await database.owner.query<{ readonly rows: number }>('select count(*)::integer as rows from reading')
  const wanted = plan.concentrators * plan.metersEach
  if (row?.rows !== wanted) throw new Error(`${wanted} readings were sent and ${row?.rows} are stored`)
  return {
    name: 'headend-day',
    machine: machineOf(database.description),
    results: [
      result('headend_day_minutes', seconds / 60, `min for ${wanted} meters`),
      result('headend_day_rows', wanted / seconds, 'rows/s'),
      result('headend_day_rss_first_half', highest(memory.slice(0, memory.length / 2)), 'MiB at most'),
      result('headend_day_rss_second_half', highest(memory.slice(memory.length / 2)), 'MiB at most'),
    ],
  }
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}
