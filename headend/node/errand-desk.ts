import type { Clock } from '../../domain/runtime.js'
import { minuteMs, secondMs } from '../../domain/time.js'
import type { LineQueue } from '../schedule/line-job.js'
import type { ErrandTalk, LineErrands } from './line-errands.js'

/** Does errands on a line on which we talk, as jobs between those of the plan. */
export interface ErrandDesk {
  /** There may be something to do. What the plan cannot afford now waits until it is offered again. */
  readonly offer: () => void
  /** From now on there is a session. */
  readonly open: (talk: ErrandTalk) => void
}

/** A write with its reading back, and the time that the meter takes for it. */
const errandMs = 5 * secondMs

export function createErrandDesk(
  clock: Clock,
  queue: LineQueue,
  errands: Pick<LineErrands, 'doOne' | 'hasWork'>,
): ErrandDesk {
  let talk: ErrandTalk | null = null
  let isQueued = false
  let count = 0

  function offer(): void {
    const current = talk
    if (current === null || isQueued || !errands.hasWork(current.line.code)) return
    const now = clock.now()
    count += 1
    const { outcome, admission } = queue.admit({
      key: `errand ${count}`,
      meterId: 0n,
      releaseAt: now,
      deadline: now + minuteMs,
      priority: 0,
      airtimeMs: errandMs,
      run: async () => {
        await errands.doOne(current)
        return { kind: 'done' }
      },
    })
    if (admission.kind === 'refused') return
    isQueued = true
    outcome
      .catch(() => undefined)
      .finally(() => {
        isQueued = false
        offer()
      })
  }

  return {
    offer,
    open(opened) {
      talk = opened
      offer()
    },
  }
}
