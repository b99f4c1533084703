import PgBoss from 'pg-boss'
import type { Clock } from '../../domain/runtime.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { Database } from '../database.js'
import { patientFor } from '../patient-client.js'
import { type DatabaseLimits, usualConnectMs } from '../pooled-sessions.js'
import { performWork, type WorkHandlers, leaseMs } from './perform.js'
import { doorbellSchema, queueOf, type WorkRole } from './queues.js'
import { claimWork, type WorkKey } from './work-items.js'

export interface DoorbellOptions {
  /** Login of the role whose work this is. */
  readonly url: string
  readonly role: WorkRole
  readonly expireSeconds?: number
  readonly pollSeconds?: number
  /** How long its sessions wait for the database. */
  readonly limits?: DatabaseLimits
  /** Trouble of pg-boss's own timers, which no caller awaits. */
  readonly onError: (error: Error) => void
}

/** Wakes workers on any machine. A ring carries only a key and may come twice or late; the item says what is to be done. */
export interface Doorbell {
  readonly ring: (keys: readonly WorkKey[]) => Promise<void>
  /** Says once to somebody who listens that work of these kinds falls due at an instant. A ring that is lost costs one poll of theirs. */
  readonly announce: (kinds: readonly string[], dueAt: Instant) => Promise<void>
  /** Calls `onRing` for each announcement, until `close`. What is to be done then, the list of work says. */
  readonly listen: (onRing: () => void) => Promise<void>
  /** Serves rings until `close`, one at a time. */
  readonly serve: (worker: Worker) => Promise<void>
  readonly close: () => Promise<void>
}

export interface Worker {
  readonly database: Database
  readonly clock: Clock
  readonly handlers: WorkHandlers
  readonly leaseMs?: number
}

// A ring whose worker died comes back after its expiry plus one maintenance round; pg-boss's own defaults are minutes.
const defaultExpireSeconds = 60
const maintenanceIntervalSeconds = 1
const ringAttempts = 100
/** Nobody works under an announcement: it is answered at once, and worth nothing when it comes late. */
const announcement = { expireInSeconds: 5, retryLimit: 0 }
const announcementKeptMs = hourMs
const announcementsAtOnce = 100

export async function openDoorbell(options: DoorbellOptions): Promise<Doorbell> {
  const { connectMs = usualConnectMs, statementMs } = options.limits ?? {}
  // pg-boss hands these on to the pool of its sessions, though its types do not name them.
  const sessions = { keepAlive: true, Client: patientFor(connectMs), query_timeout: statementMs }
  const boss = new PgBoss({
    ...sessions,
    connectionString: options.url,
    schema: doorbellSchema,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds,
  })
  boss.on('error', options.onError)
  await boss.start()
  const queue = queueOf(options.role)
  const ring = {
    expireInSeconds: options.expireSeconds ?? defaultExpireSeconds,
    retryLimit: ringAttempts,
    retryDelay: 1,
  }
  return {
    ring: (keys) =>
      boss.insert(keys.map(({ kind, naturalKey }) => ({ name: queue, data: { kind, naturalKey }, ...ring }))),
    announce: (kinds, dueAt) =>
      boss.insert(
        kinds.map((kind) => ({
          name: queue,
          data: { kind },
          startAfter: new Date(dueAt),
          keepUntil: new Date(dueAt + announcementKeptMs),
          ...announcement,
        })),
      ),
    listen: async (onRing) => {
      const settings = { batchSize: announcementsAtOnce, pollingIntervalSeconds: options.pollSeconds ?? 1 }
      await boss.work(queue, settings, async () => onRing())
    },
    serve: async (worker) => {
      const settings = { batchSize: 1, pollingIntervalSeconds: options.pollSeconds ?? 1 }
      await boss.work<WorkKey>(queue, settings, async (jobs) => {
        for (const job of jobs) await answer(worker, job.data)
      })
    },
    close: () => boss.stop({ graceful: true, wait: true }),
  }
}

/** Throws while the item is in other hands or waits for its next attempt, so that the ring comes again. */
async function answer(worker: Worker, key: WorkKey): Promise<void> {
  const { database, clock, handlers } = worker
  const handler = handlers[key.kind]
  if (handler === undefined) throw new Error(`no handler for work of kind ${key.kind}`)
  const item = await claimWork(database, key, clock.now(), worker.leaseMs ?? leaseMs)
  if (item !== null) await performWork(database, clock, item, handler)
  if (await isWorkOpen(database, key)) throw new Error(`${key.kind} ${key.naturalKey} is still open`)
}

async function isWorkOpen(database: Database, key: WorkKey): Promise<boolean> {
  const rows = await database.query(
    `select from work_item where kind = $1 and natural_key = $2 and state in ('due', 'running')`,
    [key.kind, key.naturalKey],
  )
  return rows.length > 0
}
