import { quirksOf } from '../../domain/meter-quirks.js'
import { touTablesDigest } from '../../domain/tou-tables.js'
import { insertReadAnswer, type ReadAnswer, type WaitingRead } from '../../storage/headend/read-requests.js'
import { storeReadingSet } from '../../storage/headend/store-reading-set.js'
import { readTouTables, usualTouItems } from '../reading-sets/read-tou-tables.js'
import { unreadableOf } from '../reading-sets/set-outcome.js'
import { calledAddress } from '../transports/dlt645-reader.js'
import type { LineSession } from '../transports/line-session.js'
import type { AnsweringOptions } from './answering-options.js'

/** As an item of a request: all time-of-use tables, stored like those that a plan reads. */
export const touTablesRequest = 'tou_tables'

/** How many items somebody waits for under one name. */
export function itemsBehind(item: string): number {
  return item === touTablesRequest ? usualTouItems.length : 1
}

/**
 * Reads the tables of a meter for somebody who waits, stores them, and answers with their digest.
 * @returns null where the line is another's by now, which then answers.
 */
export async function answerTouTables(
  { database, clock, node, hold, models }: AnsweringOptions,
  session: LineSession,
  read: WaitingRead,
): Promise<ReadAnswer['outcome'] | null> {
  const { requestId, item, meterId, communicationAddress, model } = read
  const answered = (answer: Pick<ReadAnswer, 'outcome' | 'cause' | 'payload' | 'requests' | 'responses'>) =>
    insertReadAnswer(database, hold.lease, { requestId, item, ...answer, node, answeredAt: clock.now() })
  const nothing = { payload: null, requests: [], responses: [] } as const
  const isReady = session.dlt645 !== null && (await session.reader.ready(read.deadline))
  if (session.dlt645 === null || !isReady) {
    await answered({ outcome: 'failed', cause: session.dlt645 === null ? 'no_way_through' : 'line_down', ...nothing })
    return 'failed'
  }
  const quirks = quirksOf(models, model)
  const meter = {
    meterId,
    address: calledAddress(communicationAddress, quirks),
    edition: quirks.edition ?? '2007',
  } as const
  const brought = await readTouTables(session.dlt645.withQuirks(quirks), { ...meter, hasParity: true })
  const [value] = brought.values
  const cause = brought.problems.at(-1)?.cause ?? 'no_such_data'
  if (value === undefined && cause === 'line_lost') return null
  if (value === undefined) {
    await answered({ outcome: 'failed', cause, ...nothing })
    return 'failed'
  }
  const unreadable = unreadableOf(brought)
  await storeReadingSet(database, { lease: hold.lease, recordedAt: clock.now(), values: [value], unreadable })
  const { request, response } = value.evidence.frame
  const bytes = { requests: [request ?? Buffer.alloc(0)], responses: [response] }
  await answered({ outcome: 'read', cause: null, payload: touTablesDigest(value.tables), ...bytes })
  return 'read'
}
