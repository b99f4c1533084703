import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { addDays, beijing } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { requireTool } from '../crosscheck/tools.js'
import type { TestDatabase } from '../support/database.js'
import { type Comparison, compareWithTables } from './compare.js'
import type { FleetPlan } from './fleet-plan.js'
import { plantFleet } from './plant-fleet.js'
import { readJournal } from './journal.js'
import { type RigProcess, startProcess } from './processes.js'

export interface KillLoopOptions {
  readonly database: TestDatabase
  /** Holds the journals, the broker's settings and its store. */
  readonly folder: string
  readonly seed: number
  readonly kills: number
  /** Every n-th turn kills the broker, and every n-th the database's sessions, instead of the head-end. */
  readonly brokerEvery: number
  readonly databaseEvery: number
  readonly uploadsPerSecond: number
  readonly say: (turn: number) => unknown
}

/** Longest time that a head-end works before it is killed. */
const longestLifeMs = 1500
const host = '127.0.0.1'

/**
 * A fleet of concentrators uploads while head-end, broker and database sessions are killed in turn, at moments of the seed's. At the
 * end everything may work in peace until the fleet has all its receipts; then the witness's journals are compared with the tables.
 */
export async function runKillLoop(options: KillLoopOptions): Promise<Comparison & { readonly unconfirmed: boolean }> {
  const { database, folder, seed, kills } = options
  const random = createSeededRandom(seed)
  const plan = planOf()
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  await plantFleet(database.as('owner'), plan, `mqtt://${host}:${port}`)
  const start = starters(options, plan, port)
  let broker = await start.broker()
  const fleet = await start.fleet()
  let headEnd = await start.headEnd()
  for (let turn = 1; turn <= kills; turn += 1) {
    await sleep(random.below(longestLifeMs, 'life', turn))
    if (turn % options.brokerEvery === 0) {
      await broker.kill()
      broker = await start.broker()
    } else if (turn % options.databaseEvery === 0) await endSessions(database.as('owner'))
    else {
      await headEnd.kill()
      headEnd = await start.headEnd()
    }
    options.say(turn)
  }
  const unconfirmed = (await fleet.stop()) !== 0
  const comparison = await compareWithTables(database.as('owner'), plan, {
    sent: readJournal(join(folder, 'sent.log')),
    acked: readJournal(join(folder, 'acked.log')),
  })
  await headEnd.kill()
  await broker.kill()
  return { ...comparison, unconfirmed }
}

/** Midnights up to yesterday's: older than any is no reading, and the rig runs in real time. */
function planOf(): FleetPlan {
  const newest = addDays(beijing.dateAt(Date.now()), -1)
  return { concentrators: 40, metersEach: 4, nights: 380, newest }
}

function starters({ database, folder, seed, uploadsPerSecond }: KillLoopOptions, plan: FleetPlan, port: number) {
  const mosquitto = requireTool('mosquitto', 'mosquitto')
  const settings = join(folder, 'mosquitto.conf')
  writeFileSync(
    settings,
    [
      `listener ${port} ${host}`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${folder}/`,
      'user root',
      'max_inflight_messages 1000',
      'max_queued_messages 100000',
      'log_dest stderr',
      '',
    ].join('\n'),
  )
  const numbers = [seed, uploadsPerSecond, plan.concentrators, plan.metersEach, plan.nights].map(String)
  return {
    broker: () => startProcess(mosquitto, ['-c', settings], { ready: /mosquitto version \S+ running/ }),
    fleet: () =>
      startProcess(process.execPath, ['build/test/rig/fleet.js', String(port), folder, ...numbers, plan.newest], {
        ready: /fleet is up/,
      }),
    headEnd: (): Promise<RigProcess> =>
      startProcess(process.execPath, ['build/console/main.js', 'headend', '--node', 'rig'], {
        ready: /"event":"uploads_open"/,
        env: {
          DATABASE_URL: database.url('owner'),
          SHUANGWU_HEADEND_DATABASE_URL: database.url('headend'),
          SHUANGWU_FOLDER: folder,
        },
      }),
  }
}

/** What a restart of the server does to everybody who is connected: each session ends where it stands. */
async function endSessions(owner: Database): Promise<void> {
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
