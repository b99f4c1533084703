// Readings into the database as the head-end stores them, beside a plain COPY; MQTT messages from publish to acknowledgement, beside a
// client that inserts one by one and one that discards: node build/bench/ingest.js [ROWS [MESSAGES [plain|timescale]]]
import { beijing, dayMs } from '../domain/time.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { onDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments, closeInAnyCase } from './bench-process.js'
import { startMosquitto } from './ingest/broker-and-publisher.js'
import { measureDurableRows } from './ingest/durable-rows.js'
import { measureMqtt } from './ingest/mqtt.js'
import { plantField } from './ingest/plant-field.js'

const { sizes, binaries } = benchArguments('ingest')
const { rows, messages } = sizes
const now = createRealClock().now()
const midnight = beijing.startOfDayAt(now)

const metersEach = 512
/** What a concentrator usually sends at once. */
const usualBatch = 64
const days = { binaries, from: now - 61 * dayMs, to: now + dayMs }

const concentrators = Math.max(1, Math.ceil(rows / metersEach))
const durable = await onDatabase(days, (database) =>
  measureDurableRows(database, { concentrators, metersEach, readingsPerUpload: usualBatch, midnight }, rows, now),
)
await reportOnDatabase('ingest', days, async (database) => {
  const broker = await startMosquitto(database.folder)
  const closeBroker = closeInAnyCase(broker.close)
  try {
    const plan = { concentrators: 100, metersEach, midnight }
    await plantField(database.owner, { ...plan, readingsPerUpload: 1 }, broker.url)
    const run = { broker, database, headend: database.open('headend', 1) }
    const single = await measureMqtt({ ...run, plan: { ...plan, readingsPerUpload: 1 }, messages })
    const batch = await measureMqtt({
      ...run,
      plan: { ...plan, readingsPerUpload: usualBatch },
      messages: Math.ceil(messages / 10),
    })
    return [...durable, ...single, ...batch]
  } finally {
    await closeBroker()
  }
})
