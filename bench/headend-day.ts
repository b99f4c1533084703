// The daily freezes of all meters of a city through their concentrators' MQTT uploads into the database:
// node build/bench/headend-day.js [METERS [plain|timescale]]
import { beijing, dayMs } from '../domain/time.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { createRealNetwork } from '../console/runtime/real-network.js'
import { startHeadEnd } from '../headend/head-end.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments, closeInAnyCase } from './bench-process.js'
import { type BenchResult, result } from './bench-report.js'
import { startMosquitto, startPublisher } from './ingest/broker-and-publisher.js'
import { type FieldPlan, uploadsPerMidnight } from './ingest/field-plan.js'
import { plantField } from './ingest/plant-field.js'

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

await reportOnDatabase('headend-day', { binaries, from: now - 61 * dayMs, to: now + dayMs }, async (database) => {
  const broker = await startMosquitto(database.folder)
  const closeBroker = closeInAnyCase(broker.close)
  try {
    process.stderr.write(`… ${plan.concentrators} 台集中器入库 concentrators into the registry\n`)
    await plantField(database.owner, plan, broker.url)
    return await measure(database, broker.port)
  } finally {
    await closeBroker()
  }
})

/** From the first publish to the receipt of the last upload. The publisher encodes as it goes, as concentrators would. */
async function measure({ owner, open }: BenchDatabase, port: number): Promise<readonly BenchResult[]> {
  const headEnd = await startHeadEnd({
    database: open('headend', 1),
    clock,
    network: createRealNetwork(),
    node: 'bench',
  })
  const messages = uploadsPerMidnight(plan)
  const publisher = await startPublisher({ port, plan, messages, perSecond: null, receipts: true })
  const memory: number[] = []
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss() / mebibyte), 500)
  const { seconds } = await publisher.go()
  clearInterval(sampling)
  await headEnd.close()
  const [row] = await owner.query<{ readonly rows: number }>('select count(*)::integer as rows from reading')
  const wanted = plan.concentrators * plan.metersEach
  if (row?.rows !== wanted) throw new Error(`${wanted} readings were sent and ${row?.rows} are stored`)
  return [
    result('headend_day_minutes', seconds / 60, `min for ${wanted} meters`),
    result('headend_day_rows', wanted / seconds, 'rows/s'),
    result('headend_day_rss_first_half', highest(memory.slice(0, memory.length / 2)), 'MiB at most'),
    result('headend_day_rss_second_half', highest(memory.slice(memory.length / 2)), 'MiB at most'),
  ]
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}
