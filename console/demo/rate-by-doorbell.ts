import { createRatingWorker } from '../../billing/engine/rating-worker.js'
import { dryRunHandlers, scheduleDryRun } from '../../billing/runs/dry-run-work.js'
import { invariant } from '../../domain/result.js'
import { isWorkOpen, openDoorbell } from '../../storage/work/doorbell.js'
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
    for (const key of keys) await untilDone(async () => !(await isWorkOpen(billing, key)))
    if (trouble !== null) throw trouble
  } finally {
    await doorbell.close()
    await worker.close()
  }
}

/** Real time passes here, because pg-boss polls in real time; virtual time is held meanwhile. */
async function untilDone(isDone: () => Promise<boolean>): Promise<void> {
  const { sleep } = createRealClock()
  for (let poll = 0; !(await isDone()); poll += 1) {
    invariant(poll < mostPolls, 'a worker rates a segment within two minutes')
    await sleep(pollMs)
  }
}
