import type { LineId, MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'
import { type LineLease, LineLeaseLostError } from './line-lease.js'

/** A meter on its line as of now. */
export interface MeterOnLine {
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly lineCode: string
  readonly lineKind: string
  readonly communicationAddress: string
  readonly model: string
}

const onLine = `m.meter_id as "meterId", l.line_id as "lineId", l.code as "lineCode", l.kind as "lineKind",
  m.communication_address as "communicationAddress", m.model`

export async function findMeterOnLine(queryable: Queryable, code: string, now: Instant): Promise<MeterOnLine | null> {
  const [row] = await queryable.query<MeterOnLine>(
    `select ${onLine} from meter m join installation_as_of($2, $2) i using (meter_id) join line l using (line_id) where m.code = $1`,
    [code, toTimestamptz(now)],
  )
  return row ?? null
}

export interface NewReadRequest {
  readonly requestId: string
  readonly meterId: MeterId
  readonly lineId: LineId
  readonly items: readonly string[]
  readonly requestedAt: Instant
  readonly deadline: Instant
  readonly actor: string
}

export async function insertReadRequest(queryable: Queryable, request: NewReadRequest): Promise<void> {
  await queryable.execute(
    `insert into read_request (request_id, meter_id, line_id, items, requested_at, deadline, actor_id)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      request.requestId,
      request.meterId,
      request.lineId,
      request.items,
      toTimestamptz(request.requestedAt),
      toTimestamptz(request.deadline),
      request.actor,
    ],
  )
}

/** An item of a request that nobody has answered. */
export interface WaitingRead extends MeterOnLine {
  readonly requestId: string
  readonly item: string
  readonly deadline: Instant
}

/** What waits for an answer and can still have one, oldest first. */
export async function waitingReads(queryable: Queryable, now: Instant): Promise<readonly WaitingRead[]> {
  return queryable.query<WaitingRead>(
    `select r.request_id as "requestId", n.item, r.deadline, ${onLine}
       from read_request r cross join lateral unnest(r.items) with ordinality as n (item, place)
       join meter m using (meter_id) join line l on l.line_id = r.line_id
      where r.deadline > $1
        and not exists (select from read_request_result a where a.request_id = r.request_id and a.item = n.item)
      order by r.requested_at, r.request_id, n.place`,
    [toTimestamptz(now)],
  )
}

export interface ReadAnswer {
  readonly requestId: string
  readonly item: string
  readonly outcome: 'read' | 'refused' | 'failed'
  readonly cause: string | null
  readonly payload: Buffer | null
  readonly requests: readonly Buffer[]
  readonly responses: readonly Buffer[]
  readonly node: string
  readonly answeredAt: Instant
}

/** Stores an answer under the line's lease; the first one stays. @throws LineLeaseLostError when another owner has the line. */
export async function insertReadAnswer(database: Database, lease: LineLease, answer: ReadAnswer): Promise<void> {
  await database.transaction(async (tx) => {
    const held = await tx.query('select from line_lease where line_id = $1 and fencing_token = $2 for update', [
      lease.lineId,
      lease.fencingToken,
    ])
    if (held.length === 0) throw new LineLeaseLostError(`line ${lease.lineId} has another owner`)
    await tx.execute(
      `insert into read_request_result (request_id, item, outcome, cause, payload, requests, responses, node, answered_at)
       values ($1, $2, $3, $4, $5, $6::bytea[], $7::bytea[], $8, $9) on conflict do nothing`,
      [
        answer.requestId,
        answer.item,
        answer.outcome,
        answer.cause,
        answer.payload,
        answer.requests.map(toByteaText),
        answer.responses.map(toByteaText),
        answer.node,
        toTimestamptz(answer.answeredAt),
      ],
    )
  })
}

function toByteaText(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`
}

export async function readAnswers(queryable: Queryable, requestId: string): Promise<readonly ReadAnswer[]> {
  return queryable.query<ReadAnswer>(
    `select request_id as "requestId", item, outcome, cause, payload, requests, responses, node, answered_at as "answeredAt"
       from read_request_result where request_id = $1 order by item`,
    [requestId],
  )
}
