import { createRatingWorker } from '../../billing/engine/rating-worker.js'
import { dryRunHandlers, scheduleDryRun } from '../../billing/runs/dry-run-work.js'
import { invariant, present } from '../../domain/result.js'
import type { Database } from '../../storage/database.js'
import { openDoorbell } from '../../storage/work/doorbell.js'
import { findWorkProgress, type WorkKey } from '../../storage/work/work-items.js'
import { createRealClock } from '../runtime/real-clock.js'
import type { DemoWorld } from './demo-world.js'

const pollMs = 50
const mostPolls = 2400
const pollSeconds = 0.5

/** Has the shards of a run rated as they would be on many machines: work items, rung for through pg-boss, done by a worker. */
export async function rateByDoorbell({ clock, databases, urlOf }: DemoWorld, runId: string): Promise<void> {
  const { billing } = databases
  const worker = createRatingWorker(clock)
  let trouble: Error | null = null
  const doorbell = await openDoorbell({
    url: urlOf('billing'),
    role: 'billing',
    pollSeconds,
    onError: (error) => {
      trouble = error
    },
  })
  try {
    await doorbell.serve({ database: billing, clock, handlers: dryRunHandlers(clock, worker) })
    const keys = await scheduleDryRun(billing, clock, runId)
    await doorbell.ring(keys)
    for (const key of keys) await untilDone(billing, key)
    if (trouble !== null) throw trouble
  } finally {
    await doorbell.close()
    await worker.close()
  }
}

/**
 * Real time passes here, because pg-boss polls in real time; virtual time is held meanwhile, so a second try would never come due: the
 * first failure ends the wait.
 */
async function untilDone(database: Database, key: WorkKey): Promise<void> {
  const { sleep } = createRealClock()
  for (let poll = 0; poll < mostPolls; poll += 1) {
    const { state, attempt, detail } = present(await findWorkProgress(database, key), key.naturalKey)
    if (state === 'done') return
    invariant(state === 'running' || attempt === 0, `rating ${key.naturalKey} failed: ${detail}`)
    await sleep(pollMs)
  }
  invariant(false, `no worker rated ${key.naturalKey} within two minutes`)
}
