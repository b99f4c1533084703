import type { Clock } from '../../domain/runtime.js'
import type { WaitingRead } from '../../storage/headend/read-requests.js'
import type { OpenRead } from '../acquisition/line-reader.js'
import type { Admission, LineQueue } from '../schedule/line-job.js'
import type { LineSession } from '../transports/line-session.js'
import { itemsBehind } from './answer-tou-tables.js'

/** Takes reads that somebody waits for on a line on which we talk, as far as the plan's own reads can afford them. */
export interface ReadDesk {
  readonly take: (reads: readonly WaitingRead[]) => void
  /** From now on the queue knows what it has to do; what came before waits until then. */
  readonly open: (session: LineSession, airtimeMs: (due: OpenRead) => number) => void
  /** Lets go of what nobody got to. */
  readonly close: () => void
}

export interface ReadDeskOptions {
  readonly clock: Clock
  readonly queue: LineQueue
  readonly answer: (session: LineSession, read: WaitingRead) => Promise<void>
  readonly onAdmission: (read: WaitingRead, admission: Admission) => void
  /** Neither answered nor refused: somebody else may take it. */
  readonly letGo: (read: WaitingRead) => void
}

export function createReadDesk({ clock, queue, answer, onAdmission, letGo }: ReadDeskOptions): ReadDesk {
  let waiting: readonly WaitingRead[] = []
  let admit: ((read: WaitingRead) => void) | null = null

  return {
    take(reads) {
      if (admit === null) waiting = [...waiting, ...reads]
      else for (const read of reads) admit(read)
    },
    open(session, airtimeMs) {
      admit = (read) => {
        const { requestId, item, meterId, communicationAddress, model, deadline } = read
        const now = clock.now()
        const { admission, outcome } = queue.admit({
          key: `read ${requestId} ${item}`,
          meterId,
          releaseAt: now,
          deadline,
          priority: 0,
          // One item takes no longer than a freeze, which is two.
          airtimeMs: itemsBehind(item) * airtimeMs({ meterId, communicationAddress, model, readAt: now }),
          run: async () => {
            await answer(session, read)
            return { kind: 'done' }
          },
        })
        if (admission.kind === 'refused' && admission.reason === 'line_closed') return letGo(read)
        onAdmission(read, admission)
        if (admission.kind === 'refused') return
        void outcome.then(
          () => letGo(read),
          () => letGo(read),
        )
      }
      for (const read of waiting) admit(read)
      waiting = []
    },
    close() {
      queue.close()
      for (const read of waiting) letGo(read)
      waiting = []
    },
  }
}
