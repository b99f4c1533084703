// A posted month rated again under other prices, and verified by the independent checker from frames to fen, beside proving bill by bill:
// node build/bench/whole-run.js [ACCOUNTS [plain|timescale]]
import { tariffDocumentSchema } from '../billing/tariffs/tariff-document.js'
import { verifyRun } from '../billing/verify/verify-run.js'
import { scenarioTariff } from '../billing/what-if/scenario-tariffs.js'
import { whatIfRun } from '../billing/what-if/what-if-run.js'
import { proveBill, registerMapOf } from '../console/proof/prove-bill.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant, present } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result, secondsOf } from './bench-report.js'
import { closeMonth } from './close/close-month.js'
import { closeFrom, closeTo, fillClose } from './close/fill-close.js'
import { bringTariffIntoForce, plantPeople, tariffJson } from './close/office.js'
import { fillFrames } from './whole-run/fill-frames.js'

const { sizes, binaries } = benchArguments('whole-run')
const { accounts } = sizes
const clock = createRealClock()
/** Bills that are proved one by one for comparison. */
const provedAlone = 300

const options = { binaries, from: closeFrom - 7 * dayMs, to: closeTo + 7 * dayMs }
await reportOnDatabase('whole-run', options, measure)

async function measure({ owner, open, data }: BenchDatabase): Promise<readonly BenchResult[]> {
  await plantPeople(owner, clock)
  process.stderr.write(`… ${accounts} 户读数、报文与账单 accounts, readings, frames and bills go in\n`)
  await fillClose(owner, accounts)
  await fillFrames(owner, accounts)
  const [billing, mdm, reader] = [open('billing', 3), open('mdm', 3), open('reader', 2)]
  await bringTariffIntoForce(billing, clock)
  const { runId, stages } = await closeMonth({ mdm, billing, clock }, accounts, data)
  const dryRunSeconds = present(stages.find(({ name }) => name === 'dry run')?.seconds, 'a dry run')
  await owner.execute('analyze')
  const whatIf = await secondsOfWhatIf(reader, runId)
  const verify = await secondsOf(async () => {
    const verdict = await verifyRun(reader, clock, { runId, registerMapOf })
    invariant(verdict.bills === accounts && verdict.faults === 0, JSON.stringify(verdict))
  })
  const one = (await secondsOf(() => proveSome(reader))) / provedAlone
  return [
    result('what_if', whatIf, `s for ${accounts} accounts, self-test included`, {
      name: 'a dry run, which rates once',
      value: dryRunSeconds,
      ratio: dryRunSeconds / whatIf,
    }),
    result('verify_run', verify, `s for ${accounts} bills`, {
      name: `proved one by one, from ${provedAlone} of them`,
      value: one * accounts,
      ratio: (one * accounts) / verify,
    }),
  ]
}

async function secondsOfWhatIf(reader: Database, runId: string): Promise<number> {
  const document = tariffDocumentSchema.parse(tariffJson())
  const energyPrices = document.energyPrices.map((cell, index) => (index === 0 ? { ...cell, price: '0.6' } : cell))
  const scenario = [scenarioTariff({ name: 'bench', json: { ...document, energyPrices } })]
  return secondsOf(async () => {
    const whatIf = await whatIfRun(reader, clock, { runId, scenario })
    invariant(whatIf.accounts === accounts && whatIf.touched > 0, 'every account is rated, and prices matter')
  })
}

/** Spread over the whole run. */
async function proveSome(reader: Database): Promise<void> {
  for (let index = 0; index < provedAlone; index++) {
    const accountCode = `account-${1 + Math.floor((index * accounts) / provedAlone)}`
    const { verdict } = await proveBill(reader, { accountCode })
    invariant(verdict.holds, accountCode)
  }
}
