import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import { insertReadAnswer, type WaitingRead } from '../../storage/headend/read-requests.js'
import type { HeadEndMetrics } from '../metrics/head-end-metrics.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { Admission } from '../schedule/line-job.js'
import type { LineQueue } from '../schedule/line-job.js'
import type { LineSession } from '../transports/line-session.js'
import { answerRead } from './answer-read.js'
import { mayTalk } from './collect-pass.js'
import type { LineAccess } from './line-access.js'
import type { LineHold } from './line-hold.js'
import { type LogEvent, messageOf } from './log.js'
import { createReadDesk, type ReadDesk } from './read-desk.js'

export interface LineAnswersOptions {
  readonly database: Database
  readonly clock: Clock
  readonly node: string
  readonly metrics: Pick<HeadEndMetrics, 'admission' | 'onDemand'>
  readonly log: LogEvent
}

/** Reads that somebody waits for; each is in hand once. */
export interface LineAnswers {
  /** Those of them that are not in hand yet; they are from now on. */
  readonly take: (waiting: readonly WaitingRead[]) => readonly WaitingRead[]
  /** Where they are handed in on a line on which we talk. */
  readonly openDesk: (talk: {
    readonly queue: LineQueue
    readonly hold: LineHold
    readonly plan: CollectionPlan
  }) => ReadDesk
  /** Answers them on a line that is taken for as long as that needs. */
  readonly answerIdle: (lineCode: string, reads: readonly WaitingRead[], plan: CollectionPlan) => Promise<void>
  readonly inHand: () => number
}

export function createLineAnswers(options: LineAnswersOptions, { onIdleLine }: LineAccess): LineAnswers {
  const { database, clock, metrics, log } = options
  const taken = new Set<string>()

  /** How a read that somebody waits for was taken; whoever is refused hears of it at once. */
  function admitted(hold: LineHold, read: WaitingRead, admission: Admission): void {
    const { requestId, item, lineCode } = read
    const isRefused = admission.kind === 'refused'
    metrics.admission(isRefused ? admission.reason : admission.kind)
    const details = isRefused ? { reason: admission.reason, missingMs: admission.missingMs } : {}
    log('info', `on_demand_${isRefused ? 'refused' : 'admitted'}`, {
      request: requestId,
      line: lineCode,
      item,
      ...details,
    })
    if (!isRefused) return
    const refusal = { outcome: 'refused', cause: admission.reason, payload: null, requests: [], responses: [] } as const
    insertReadAnswer(database, hold.lease, { requestId, item, ...refusal, node: options.node, answeredAt: clock.now() })
      .catch((error: unknown) => log('warn', 'refusal_not_stored', { request: requestId, reason: messageOf(error) }))
      .finally(() => taken.delete(keyOf(read)))
  }

  /** A line that is being talked to. */
  interface Talk {
    readonly session: LineSession
    readonly hold: LineHold
    readonly models: CollectionPlan['models']
  }

  async function answerOne({ session, hold, models }: Talk, read: WaitingRead): Promise<void> {
    try {
      const outcome = mayTalk(hold) ? await answerRead({ ...options, hold, models }, session, read) : null
      if (outcome === null) return
      metrics.onDemand(outcome)
      log('info', 'on_demand_answered', { request: read.requestId, line: read.lineCode, item: read.item, outcome })
    } finally {
      taken.delete(keyOf(read))
    }
  }

  /** Somebody waits, and nobody in this node talks on the line: it is taken for as long as the answers need. */
  async function answerIdle(lineCode: string, reads: readonly WaitingRead[], plan: CollectionPlan): Promise<void> {
    const { models } = plan
    try {
      await onIdleLine(lineCode, plan, async (_line, session, hold) => {
        for (const read of reads) {
          metrics.admission('now')
          await answerOne({ session, hold, models }, read)
        }
      })
    } finally {
      for (const read of reads) taken.delete(keyOf(read))
    }
  }

  return {
    take(waiting) {
      const fresh = waiting.filter((read) => !taken.has(keyOf(read)))
      for (const read of fresh) taken.add(keyOf(read))
      return fresh
    },
    openDesk: ({ queue, hold, plan }) =>
      createReadDesk({
        clock,
        queue,
        answer: (session, read) => answerOne({ session, hold, models: plan.models }, read),
        onAdmission: (read, admission) => admitted(hold, read, admission),
        letGo: (read) => void taken.delete(keyOf(read)),
      }),
    answerIdle,
    inHand: () => taken.size,
  }
}

function keyOf({ requestId, item }: WaitingRead): string {
  return `${requestId}/${item}`
}
