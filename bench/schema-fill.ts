// Fills the planned tables with synthetic accounts and readings and times writing and reading them, one JSON document on stdout:
// node build/bench/schema-fill.js [ACCOUNTS [READINGS [plain|timescale]]]
import { reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { fillBills, fillDeterminants, measureAsOf } from './schema-fill/months.js'
import { fillReadings, seriesMs } from './schema-fill/readings.js'
import { fillRegistry, supplyFrom } from './schema-fill/registry.js'

const { sizes, binaries } = benchArguments('schema-fill')
const { accounts, readings } = sizes
const options = { binaries, from: supplyFrom, to: supplyFrom + seriesMs }

await reportOnDatabase('schema-fill', options, async ({ owner }) => {
  const results = [...(await fillRegistry(owner, accounts)), ...(await fillReadings(owner, accounts, readings))]
  await owner.execute('analyze')
  return [
    ...results,
    ...(await measureAsOf(owner)),
    ...(await fillDeterminants(owner, accounts)),
    ...(await fillBills(owner, accounts)),
  ]
})
