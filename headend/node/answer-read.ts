import type { Clock } from '../../domain/runtime.js'
import { unreachable } from '../../domain/result.js'
import type { Database } from '../../storage/database.js'
import { insertReadAnswer, type ReadAnswer, type WaitingRead } from '../../storage/headend/read-requests.js'
import type { ItemOutcome } from '../sessions/read-item.js'
import type { LineHold } from './line-hold.js'
import type { LineSession } from './line-session.js'

export interface AnsweringOptions {
  readonly database: Database
  readonly clock: Clock
  readonly node: string
  readonly hold: LineHold
}

/** Reads one item that somebody waits for and stores the answer under the line's lease. Null when its time was over. */
export async function answerRead(
  { database, clock, node, hold }: AnsweringOptions,
  session: LineSession,
  read: WaitingRead,
): Promise<ReadAnswer['outcome'] | null> {
  if (clock.now() >= read.deadline || !hold.isSafe()) return null
  const answer = await askFor(session, read)
  const { requestId, item } = read
  await insertReadAnswer(database, hold.lease, { requestId, item, ...answer, node, answeredAt: clock.now() })
  return answer.outcome
}

type Answered = Pick<ReadAnswer, 'outcome' | 'cause' | 'payload' | 'requests' | 'responses'>

async function askFor(session: LineSession, { communicationAddress, item, deadline }: WaitingRead): Promise<Answered> {
  if (session.ask === null) return failed('no_register_map')
  if (!(await session.ready(deadline))) return failed('line_down')
  return answered(await session.ask(communicationAddress, item))
}

function answered(outcome: ItemOutcome): Answered {
  const frames = {
    requests: outcome.exchanges.map(({ request }) => request),
    responses: outcome.exchanges.map(({ response }) => response ?? Buffer.alloc(0)),
  }
  switch (outcome.kind) {
    case 'read':
      return { outcome: 'read', cause: null, payload: outcome.payload, ...frames }
    case 'refused':
      return { outcome: 'refused', cause: outcome.reasons.join(' ') || 'refused', payload: null, ...frames }
    case 'failed':
      return { outcome: 'failed', cause: outcome.cause, payload: null, ...frames }
    default:
      return unreachable(outcome)
  }
}

function failed(cause: string): Answered {
  return { outcome: 'failed', cause, payload: null, requests: [], responses: [] }
}
