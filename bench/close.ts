// Closes a month of residential accounts, from accepted readings to posted bills, beside the same in SQL and what COPY alone takes:
// node build/bench/close.js [ACCOUNTS [plain|timescale]] [--keep]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRealClock } from '../console/runtime/real-clock.js'
import { invariant } from '../domain/result.js'
import { dayMs } from '../domain/time.js'
import type { Database } from '../storage/database.js'
import { type BenchDatabase, reportOnDatabase } from './bench-database.js'
import { benchArguments } from './bench-process.js'
import { type BenchResult, result } from './bench-report.js'
import { closeMonth, type Stage } from './close/close-month.js'
import { secondsOfCopyFloor } from './close/copy-floor.js'
import { serverCpuSeconds } from './close/cpu-seconds.js'
import { closeFrom, closeTo, fillClose } from './close/fill-close.js'
import { bringTariffIntoForce, plantPeople } from './close/office.js'
import { createPeerTables, differingRows, secondsOfSqlClose, sqlCloses } from './close/sql-close.js'

const { sizes, binaries, keep } = benchArguments('close')
const { accounts } = sizes
/** As many as each of our two pools has; a close takes them for reading and for writing two shards at the same time. */
const connections = 3
const clock = createRealClock()

const options = { binaries, keep, from: closeFrom - 7 * dayMs, to: closeTo + 7 * dayMs }
await reportOnDatabase('close', options, measure)

async function measure({ owner, open, data, folder }: BenchDatabase): Promise<readonly BenchResult[]> {
  await plantPeople(owner, clock)
  say(`${accounts} 户读数入库 accounts and readings go in`)
  await fillClose(owner, accounts)
  await createPeerTables(owner)
  const [billing, mdm] = [open('billing', connections), open('mdm', connections)]
  await bringTariffIntoForce(billing, clock)
  const { stages } = await closeMonth({ mdm, billing, clock }, accounts, data)
  for (const { name, seconds } of stages) say(`${name}: ${seconds.toFixed(2)} s`)
  // What the server would tidy up beside the peers is done before them.
  for (const statement of ['vacuum analyze', 'checkpoint']) await owner.execute(statement)
  const peers = { sql: await timeSqlCloses(owner, data), floors: await timeFloors(owner, data) }
  if (keep) keepIn(folder, { accounts, stages, ...peers })
  return resultsOf(stages, peers)
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

/** Each way once; what it wrote has to be what ours did. */
async function timeSqlCloses(owner: Database, data: string): Promise<readonly Timing[]> {
  const timings: Timing[] = []
  for (const [name, sessions] of Object.entries(sqlCloses(accounts))) {
    const before = serverCpuSeconds(data)
    const seconds = await secondsOfSqlClose(owner, sessions)
    timings.push({ name: `SQL, ${name}`, seconds, serverCpu: serverCpuSeconds(data) - before })
    const differing = await differingRows(owner)
    invariant(differing === 0, `${differing} rows of the SQL close (${name}) are not ours`)
  }
  return timings
}

async function timeFloors(owner: Database, data: string): Promise<readonly Timing[]> {
  const timings: Timing[] = []
  for (const sessions of [1, 2] as const) {
    const { seconds, serverCpu } = await secondsOfCopyFloor(owner, { accounts, sessions }, () => serverCpuSeconds(data))
    timings.push({ name: `COPY, ${sessions} session${sessions === 1 ? '' : 's at once'}`, seconds, serverCpu })
  }
  return timings
}

/** The database with the tables of both sides stays in the folder, with the statements of the peers and what was timed. */
function keepIn(
  folder: string,
  timings: Peers & { readonly accounts: number; readonly stages: readonly Stage[] },
): void {
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
