// Closes two months of households under a province's price file (tariff/2): the first from the old books, the next from closing states.
// node build/bench/close-components.js [ACCOUNTS [plain|timescale]] [--curves]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registerComponents } from '../billing/tariffs/register-components.js'
import { signTariff } from '../billing/tariffs/sign-tariff.js'
import { packageRoot } from '../console/package-root.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { toTimestamptz } from '../storage/type-parsers.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result } from './bench-report.js'
import { type ClosedMonth, closeMonth, type Stage } from './close/close-month.js'
import { closeFrom, closeTo, fillClose } from './close/fill-close.js'
import { fillCurves } from './close/fill-curves.js'
import { plantPeople } from './close/office.js'

const { sizes, binaries, curves } = benchArguments('close-components')
const { accounts } = sizes
const connections = 3
const clock = createRealClock()
const priceFile = join('zhejiang', 'zj-household-tou.json')

const months: readonly (ClosedMonth & { readonly name: string })[] = [
  { name: 'June', from: closeFrom, to: closeTo, accountingDate: '2026-07-03', dueDate: '2026-07-18' },
  { name: 'July', from: closeTo, to: closeTo + 31 * dayMs, accountingDate: '2026-08-03', dueDate: '2026-08-18' },
]

const options = { binaries, from: closeFrom - 7 * dayMs, to: closeTo + 40 * dayMs }
await reportOnDatabase('close-components', options, measure)

async function measure({ owner, open, data }: BenchDatabase): Promise<readonly BenchResult[]> {
  await plantPeople(owner, clock)
  await fillClose(owner, accounts)
  const databases = { mdm: open('mdm', connections), billing: open('billing', connections), clock }
  await putUnder(owner, await bringIntoForce(databases.billing))
  await readAgain(owner)
  if (curves) for (const month of months) await fillCurves(owner, month)
  const results: BenchResult[] = []
  for (const month of months) {
    const { stages } = await closeMonth(databases, accounts, data, month)
    results.push(...stages.flatMap((stage) => resultsOf(month.name, stage)))
  }
  return results
}

function resultsOf(month: string, { name, seconds, ownCpu, serverCpu }: Stage): readonly BenchResult[] {
  const perBill = (cpu: number) => (1e6 * cpu) / accounts
  return [
    result(`${month}: ${name}`, seconds, 's'),
    result(`${month}: ${name}, processor of the program`, perBill(ownCpu), 'µs a bill'),
    result(`${month}: ${name}, processor of the server`, perBill(serverCpu), 'µs a bill'),
  ]
}

async function bringIntoForce(billing: Database): Promise<string> {
  const json: unknown = JSON.parse(
    readFileSync(join(packageRoot, 'build', 'billing', 'tariffs', 'provinces', priceFile), 'utf8'),
  )
  const versions = await registerComponents(billing, clock, json, { author: 'author' })
  for (const { code, version } of versions)
    for (const actor of ['second', 'third']) await signTariff(billing, clock, { code, version, actor })
  return versions[0]?.code ?? ''
}

async function putUnder(owner: Database, tariffCode: string): Promise<void> {
  await owner.execute('update agreement_timeline set tariff_code = $1', [tariffCode])
}

/** The readings that end the second month, so much above those that begin it as these are above the ones before. */
async function readAgain(owner: Database): Promise<void> {
  const end = toTimestamptz(closeTo + 31 * dayMs)
  await owner.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, rules, reason, recorded_at, policy_version)
     select b.meter_id, 1, $1, 1, 'accepted', 2 * b.total_e4 - a.total_e4, 0, 2 * b.tou2_e4 - a.tou2_e4, 0, 2 * b.tou4_e4 - a.tou4_e4, 1, '{}', '',
            $1::timestamptz + interval '8 hours', 'built-in/1'
       from validation_decision a join validation_decision b using (meter_id) where a.read_at = $2 and b.read_at = $3`,
    [end, toTimestamptz(closeFrom), toTimestamptz(closeTo)],
  )
  for (const statement of ['vacuum analyze', 'checkpoint']) await owner.execute(statement)
}
