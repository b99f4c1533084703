import { type ModelQuirks, quirksOf } from '../../domain/meter-quirks.js'
import { unreachable } from '../../domain/result.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import { insertReadAnswer, type ReadAnswer, type WaitingRead } from '../../storage/headend/read-requests.js'
import { type ItemOutcome, readItem } from '../sessions/read-item.js'
import type { LineSession } from '../transports/line-session.js'
import { calledAddress } from '../transports/dlt645-reader.js'
import { answerTouTables, touTablesRequest } from './answer-tou-tables.js'
import type { AnsweringOptions } from './answering-options.js'

/** Reads one item that somebody waits for and stores the answer under the line's lease. Null when its time was over. */
export async function answerRead(
  { database, clock, node, hold, models }: AnsweringOptions,
  session: LineSession,
  read: WaitingRead,
): Promise<ReadAnswer['outcome'] | null> {
  if (clock.now() >= read.deadline || !hold.isSafe()) return null
  if (read.item === touTablesRequest) return answerTouTables({ database, clock, node, hold, models }, session, read)
  const answer = await askFor(session, models, read)
  // The line's next owner answers.
  if (answer.cause === 'line_lost') return null
  const { requestId, item } = read
  await insertReadAnswer(database, hold.lease, { requestId, item, ...answer, node, answeredAt: clock.now() })
  return answer.outcome
}

type Answered = Pick<ReadAnswer, 'outcome' | 'cause' | 'payload' | 'requests' | 'responses'>

async function askFor(session: LineSession, models: ModelQuirks, read: WaitingRead): Promise<Answered> {
  if (session.dlt645 === null) return failed('no_way_through')
  if (!(await session.reader.ready(read.deadline))) return failed('line_down')
  const quirks = quirksOf(models, read.model)
  if (!isIdentifierOf(quirks.edition ?? '2007', read.item)) return failed('unknown_item')
  const address = calledAddress(read.communicationAddress, quirks)
  const request = readRequest(quirks.edition ?? '2007', address, read.item)
  return answered(await readItem(session.dlt645.withQuirks(quirks), request))
}

/** What the other edition calls an item is none of this one. */
function isIdentifierOf(edition: Edition, item: string): boolean {
  return item.length === identifierDigits[edition]
}

const identifierDigits: Readonly<Record<Edition, number>> = { '2007': 8, '1997': 4 }

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
