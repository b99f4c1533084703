// Rates a month of 96-point days of interval customers from the database to stored lines, beside SQL over a row for each reading and SQL
// over the same days as arrays: node build/bench/rate-db.js [ACCOUNTS [plain|timescale]] [--keep]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rateIntervalDays } from '../billing/runs/intervals/rate-interval-days.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result, secondsOf } from './bench-report.js'
import { fillIntervalDays, fillSet } from './rate-db/fill-month.js'
import { intervalTariff, monthEnd, monthStart } from './rate-db/month-case.js'
import { createPeerTables, fillPeerTables } from './rate-db/peer-tables.js'
import { arrayPlans, differingRows, rowPlans, secondsOfPlan, statementsOf } from './rate-db/sql-peers.js'
import { points } from './rate-kernel/interval-case.js'

const { sizes, binaries, keep } = benchArguments('rate-db')
const { accounts } = sizes
/** The peer with a row for each reading has this part of the accounts, and all plans are tried on it. */
const tenth = Math.ceil(accounts / 10)
const clock = createRealClock()
const mebibyte = 1024 * 1024

const options = { binaries, keep, from: monthStart - 7 * dayMs, to: monthEnd + 7 * dayMs }
await reportOnDatabase('rate-db', options, measure)

async function measure({ owner, open, folder }: BenchDatabase): Promise<readonly BenchResult[]> {
  const billing = open('billing', 2)
  say(`${accounts} 户日曲线入库 interval days of ${accounts} accounts go in`)
  await fillIntervalDays(owner, accounts)
  const setId = await fillSet(owner, accounts)
  const order = { setId, tariffs: [intervalTariff()], actor: 'bench' }
  let [seconds, rssMiB] = [0, 0]
  seconds = await secondsOf(async () => {
    const { charged } = await rateIntervalDays(billing, clock, order)
    rssMiB = process.memoryUsage.rss() / mebibyte
    invariant(charged === accounts, `${accounts - charged} accounts are parked`)
  })
  say(`计费 ${seconds.toFixed(1)} 秒；对照入库 rated in ${seconds.toFixed(1)} s; the peers' tables go in`)
  await createPeerTables(owner)
  await fillPeerTables(owner, accounts, tenth)
  const peers = await timePeers(owner)
  if (keep) keepIn(folder, { accounts, seconds, rssMiB, ...peers })
  return resultsOf(seconds, rssMiB, peers)
}

interface Timing {
  readonly plan: string
  readonly accounts: number
  readonly seconds: number
}

interface Peers {
  readonly rows: Timing
  readonly arrays: Timing
  readonly all: readonly Timing[]
}

/** Every plan on a tenth of the accounts; then the best one over arrays on all of them. What each wrote has to be what ours did. */
async function timePeers(owner: Database): Promise<Peers> {
  const all: Timing[] = []
  const time = async (plan: string, sql: string, meters: number): Promise<Timing> => {
    say(`对照 peer: ${plan}, ${meters}`)
    const seconds = await secondsOfPlan(owner, sql, meters)
    const differing = await differingRows(owner, meters)
    invariant(differing === 0, `${differing} rows of ${plan} are not ours`)
    const timing = { plan, accounts: meters, seconds }
    all.push(timing)
    return timing
  }
  const best = async (plans: Readonly<Record<string, string>>): Promise<Timing> => {
    const timings: Timing[] = []
    for (const [plan, sql] of Object.entries(plans)) timings.push(await time(plan, sql, tenth))
    return timings.reduce((one, other) => (other.seconds < one.seconds ? other : one))
  }
  const rows = await best(rowPlans)
  const { plan } = await best(arrayPlans)
  const arrays = await time(plan, arrayPlans[plan] ?? '', accounts)
  return { rows, arrays, all }
}

function resultsOf(seconds: number, rssMiB: number, { rows, arrays, all }: Peers): readonly BenchResult[] {
  const ours = perSecond({ accounts, seconds })
  const versus = ({ plan, ...timing }: Timing) => {
    const value = perSecond(timing)
    return { name: `SQL over ${plan}, ${timing.accounts} accounts`, value, ratio: ours / value }
  }
  return [
    result('stored_lines_vs_sql', ours, 'readings/s', versus(rows)),
    result('stored_lines_vs_sql_arrays', ours, 'readings/s', versus(arrays)),
    result(`from the database to stored lines, ${accounts} accounts`, seconds, 's'),
    result('memory after rating', rssMiB, 'MiB'),
    ...all.map((timing) =>
      result(`SQL over ${timing.plan}, ${timing.accounts} accounts`, perSecond(timing), 'readings/s'),
    ),
  ]
}

function perSecond({ accounts: count, seconds }: Pick<Timing, 'accounts' | 'seconds'>): number {
  return (count * points) / seconds
}

/** The database with the tables of both sides stays in the folder, with the statements of the peers and what was timed. */
function keepIn(
  folder: string,
  timings: Peers & { readonly accounts: number; readonly seconds: number; readonly rssMiB: number },
): void {
  const statements = Object.entries({ ...rowPlans, ...arrayPlans }).map(
    ([plan, sql]) => `-- ${plan}\n${statementsOf(sql, accounts).join(';\n')};\n`,
  )
  writeFileSync(join(folder, 'peers.sql'), statements.join('\n'))
  writeFileSync(join(folder, 'timings.json'), `${JSON.stringify(timings, null, 2)}\n`)
  say(
    `留存 kept in ${folder}: timings.json, peers.sql; SHUANGWU_FOLDER=${folder} npx shuangwu serve 开库 opens the database`,
  )
}

function say(text: string): void {
  process.stderr.write(`… ${text}\n`)
}
