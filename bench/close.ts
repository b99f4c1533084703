// Closes a month of residential accounts, from accepted readings to posted bills, beside the same in SQL and what COPY alone takes:
// node build/bench/close.js [ACCOUNTS [plain|timescale]]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dryRun } from '../billing/runs/dry-run.js'
import { freezeRun } from '../billing/runs/freeze-run.js'
import { issueRun } from '../billing/runs/issue-run.js'
import { postRun } from '../billing/runs/post-run.js'
import { reviewRun } from '../billing/runs/review-run.js'
import { registerTariff } from '../billing/tariffs/register-tariff.js'
import { signTariff } from '../billing/tariffs/sign-tariff.js'
import { packageRoot } from '../console/package-root.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import { freezeDeterminants } from '../mdm/determinants/freeze-determinants.js'
import { type Database, openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { changeApprovalRight, confirmApprovalRight } from '../storage/rights.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result, secondsOf } from './bench-report.js'
import { closeFrom, closeTariff, closeTo, fillClose } from './close/fill-close.js'
import { createPeerTables, differingRows, secondsOfCopyFloor, secondsOfSqlClose, sqlCloses } from './close/sql-close.js'

const { sizes, binaries } = benchArguments('close')
const { accounts } = sizes
const clock = createRealClock()
const period = { organisation: 'city', periodStart: closeFrom, periodEnd: closeTo }

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
  await ensureTimePartitions(owner, closeFrom - 7 * dayMs, closeTo + 7 * dayMs)
  await plantPeople(owner)
  process.stderr.write(`… ${accounts} 户读数入库 accounts and readings go in\n`)
  await fillClose(owner, accounts)
  await createPeerTables(owner)
  const billing = openDatabase({ url: local.url('billing'), clock, connections: 2 })
  const mdm = openDatabase({ url: local.url('mdm'), clock, connections: 2 })
  await bringTariffIntoForce(billing)
  const stages = await closeMonth(mdm, billing)
  // The highest so far: what the peers copy to and fro is held in memory, and no part of ours.
  const rssMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  const ours = Object.values(stages).reduce((sum, seconds) => sum + seconds, 0)
  const sql = await bestSqlClose(owner)
  const floor = await secondsOfCopyFloor(owner)
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  for (const database of [billing, mdm, owner]) await database.close()
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return {
    name: 'close',
    machine: machineOf(database),
    results: resultsOf(stages, ours, sql, floor).map((one) => ({ ...one, rssMiB })),
  }
}

function resultsOf(
  stages: Readonly<Record<string, number>>,
  ours: number,
  sql: { readonly name: string; readonly seconds: number },
  floor: number,
): readonly BenchResult[] {
  const versus = (name: string, value: number) => ({ name, value, ratio: value / ours })
  return [
    result('close_vs_sql', ours, `s for ${accounts} accounts`, versus(`SQL, ${sql.name}`, sql.seconds)),
    result('close_vs_copy_floor', ours, 's', versus('the same readings out and rows in by COPY', floor)),
    ...Object.entries(stages).map(([stage, seconds]) => result(`close: ${stage}`, seconds, 's')),
  ]
}

/** The first two vouch for each other, the second confirms the third. */
async function plantPeople(owner: Database): Promise<void> {
  const people = ['author', 'second', 'third']
  await owner.execute(
    `insert into actor select n, n, case when n = 'bench' then 'process' else 'person' end, 'epoch' from unnest($1::text[]) n`,
    [['bench', ...people]],
  )
  for (const actor of people) {
    const author = actor === 'author' ? 'second' : 'author'
    const change = { actor, granted: true, loginName: null, author, reason: 'bench', recordedAt: clock.now() }
    const { inForce } = await changeApprovalRight(owner, change)
    if (!inForce) await confirmApprovalRight(owner, { actor, approver: 'second', confirmedAt: clock.now() })
  }
}

async function bringTariffIntoForce(billing: Database): Promise<void> {
  const text = readFileSync(join(packageRoot, 'build', 'billing', 'tariffs', `${closeTariff}.json`), 'utf8')
  const { code, version } = await registerTariff(billing, clock, JSON.parse(text), { author: 'author' })
  for (const actor of ['second', 'third']) await signTariff(billing, clock, { code, version, actor })
}

/** The product's own close, step by step, with the seconds of each. */
async function closeMonth(mdm: Database, billing: Database): Promise<Readonly<Record<string, number>>> {
  const stages: Record<string, number> = {}
  const timed = async <T>(stage: string, act: () => Promise<T>): Promise<T> => {
    let answer: T | undefined
    stages[stage] = await secondsOf(async () => (answer = await act()))
    return answer as T
  }
  const frozen = await timed('determinants frozen', () => freezeDeterminants(mdm, { ...period, now: clock.now() }))
  invariant(frozen.determinantCount === accounts, `${accounts - frozen.determinantCount} accounts are held`)
  const dates = { accountingDate: '2026-07-03', dueDate: '2026-07-18' }
  const { runId } = await timed('run frozen', () => freezeRun(billing, clock, { ...period, ...dates, actor: 'author' }))
  const { digest } = await timed('dry run', () => dryRun(billing, clock, { runId, actor: 'author' }))
  await timed('review', () => reviewRun(billing, clock, { runId, digest, actor: 'second' }))
  const issued = await timed('issue', () => issueRun(billing, clock, { runId, actor: 'third' }))
  invariant(issued.bills === accounts, `${accounts - issued.bills} accounts have no bill`)
  await timed('post', () => postRun(billing, clock, { runId, actor: 'author' }))
  return stages
}

/** Each way once; what it wrote has to be what ours did. */
async function bestSqlClose(owner: Database): Promise<{ readonly name: string; readonly seconds: number }> {
  let best = { name: '', seconds: Number.POSITIVE_INFINITY }
  for (const name of Object.keys(sqlCloses)) {
    const seconds = await secondsOfSqlClose(owner, name)
    const differing = await differingRows(owner)
    invariant(differing === 0, `${differing} rows of the SQL close (${name}) are not ours`)
    if (seconds < best.seconds) best = { name, seconds }
  }
  return best
}
