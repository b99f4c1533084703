// Closes a month of residential accounts, from accepted readings to posted bills, beside the same in SQL and what COPY alone takes:
// node build/bench/close.js [ACCOUNTS [plain|timescale]] [--keep]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registerTariff } from '../billing/tariffs/register-tariff.js'
import { signTariff } from '../billing/tariffs/sign-tariff.js'
import { packageRoot } from '../console/package-root.js'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import { type Database, openDatabase } from '../storage/database.js'
import { databaseFacts } from '../storage/doctor.js'
import { openLocalDatabase } from '../storage/local-database/open.js'
import { migrate } from '../storage/migrate.js'
import { changeApprovalRight, confirmApprovalRight } from '../storage/rights.js'
import { ensureTimePartitions } from '../storage/time-series.js'
import { benchArguments, closeInAnyCase, makeBenchFolder, removeBenchFolder } from './bench-process.js'
import { type BenchReport, type BenchResult, machineOf, result } from './bench-report.js'
import { closeMonth, type Stage } from './close/close-month.js'
import { secondsOfCopyFloor } from './close/copy-floor.js'
import { serverCpuSeconds } from './close/cpu-seconds.js'
import { closeFrom, closeTariff, closeTo, fillClose } from './close/fill-close.js'
import { createPeerTables, differingRows, secondsOfSqlClose, sqlCloses } from './close/sql-close.js'

const { sizes, binaries, keep } = benchArguments('close')
const { accounts } = sizes
/** As many as each of our two pools has; a close takes them for reading and for writing two shards at the same time. */
const connections = 3
const statementMs = 3_600_000
const clock = createRealClock()

const folder = makeBenchFolder()
const remove = closeInAnyCase(() => {
  if (!keep) removeBenchFolder(folder)
})
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
  const owner = openDatabase({ url: local.ownerUrl, clock, connections }).withStatementLimit(statementMs)
  await ensureTimePartitions(owner, closeFrom - 7 * dayMs, closeTo + 7 * dayMs)
  await plantPeople(owner)
  say(`${accounts} 户读数入库 accounts and readings go in`)
  await fillClose(owner, accounts)
  await createPeerTables(owner)
  const billing = openDatabase({ url: local.url('billing'), clock, connections })
  const mdm = openDatabase({ url: local.url('mdm'), clock, connections })
  await bringTariffIntoForce(billing)
  const stages = await closeMonth({ mdm, billing, clock }, accounts, local.data)
  for (const { name, seconds } of stages) say(`${name}: ${seconds.toFixed(2)} s`)
  // What the server would tidy up beside the peers is done before them.
  for (const statement of ['vacuum analyze', 'checkpoint']) await owner.execute(statement)
  const peers = { sql: await timeSqlCloses(owner), floors: await timeFloors(owner) }
  if (keep) keepWith({ accounts, stages, ...peers })
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  for (const database of [billing, mdm, owner]) await database.close()
  const database = `PostgreSQL ${serverVersion}, ${tier}, shared_buffers ${settings['shared_buffers']}, max_wal_size ${settings['max_wal_size']}, synchronous_commit ${settings['synchronous_commit']}`
  return { name: 'close', machine: machineOf(database), results: resultsOf(stages, peers) }
}

interface Timing {
  readonly name: string
  readonly seconds: number
  readonly serverCpu: number
}

interface Peers {
  readonly sql: readonly Timing[]
  readonly floors: readonly Timing[]
}

function resultsOf(stages: readonly Stage[], { sql, floors }: Peers): readonly BenchResult[] {
  const ours = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const rssMiB = Math.max(...stages.map(({ mostMiB }) => mostMiB))
  const versus = ({ name, seconds }: Timing) => ({ name, value: seconds, ratio: seconds / ours })
  const totals = [
    result('close_vs_sql', ours, `s for ${accounts} accounts`, versus(fastest(sql))),
    result('close_vs_copy_floor', ours, 's', versus(fastest(floors))),
    result('close: processor of the program', sumOf(stages.map(({ ownCpu }) => ownCpu)), 's'),
    result('close: processor of the server', sumOf(stages.map(({ serverCpu }) => serverCpu)), 's'),
  ].map((one) => ({ ...one, rssMiB }))
  const steps = stages.flatMap(({ name, seconds, ownCpu, serverCpu, mostMiB }) =>
    [
      result(`close: ${name}`, seconds, 's'),
      result(`close: ${name}, processor of the program`, ownCpu, 's'),
      result(`close: ${name}, processor of the server`, serverCpu, 's'),
    ].map((one) => ({ ...one, rssMiB: mostMiB })),
  )
  const peers = [...sql, ...floors].flatMap(({ name, seconds, serverCpu }) => [
    result(name, seconds, 's'),
    result(`${name}, processor of the server`, serverCpu, 's'),
  ])
  return [...totals, ...steps, ...peers]
}

function fastest(timings: readonly Timing[]): Timing {
  return timings.reduce((one, other) => (other.seconds < one.seconds ? other : one))
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
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

/** Each way once; what it wrote has to be what ours did. */
async function timeSqlCloses(owner: Database): Promise<readonly Timing[]> {
  const timings: Timing[] = []
  for (const [name, sessions] of Object.entries(sqlCloses(accounts))) {
    const before = serverCpuSeconds(local.data)
    const seconds = await secondsOfSqlClose(owner, sessions)
    timings.push({ name: `SQL, ${name}`, seconds, serverCpu: serverCpuSeconds(local.data) - before })
    const differing = await differingRows(owner)
    invariant(differing === 0, `${differing} rows of the SQL close (${name}) are not ours`)
  }
  return timings
}

async function timeFloors(owner: Database): Promise<readonly Timing[]> {
  const timings: Timing[] = []
  for (const sessions of [1, 2] as const) {
    const { seconds, serverCpu } = await secondsOfCopyFloor(owner, { accounts, sessions }, () =>
      serverCpuSeconds(local.data),
    )
    timings.push({ name: `COPY, ${sessions} session${sessions === 1 ? '' : 's at once'}`, seconds, serverCpu })
  }
  return timings
}

/** The database with the tables of both sides stays in the folder, with the statements of the peers and what was timed. */
function keepWith(timings: Peers & { readonly accounts: number; readonly stages: readonly Stage[] }): void {
  const statements = Object.entries(sqlCloses(accounts)).map(
    ([name, sessions]) =>
      `-- ${name}\n${sessions.map((one) => `begin;\n${one.join(';\n')};\ncommit;\n`).join('-- the other session\n')}`,
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
