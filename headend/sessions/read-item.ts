import type { Instant } from '../../domain/time.js'
import { followUpRequest, type ReadMessage } from '../../protocols/dlt645/message.js'
import type { Dlt645Line, Heard } from './dlt645-line.js'
import type { ExchangeOutcome } from './dlt645-exchange.js'

/** One request as it went out and what came back for it. */
export interface ItemExchange {
  readonly request: Buffer
  /** Null when no frame answered it. */
  readonly response: Buffer | null
  readonly receivedAt: Instant
  readonly heard: Heard
}

export type ItemOutcome =
  | {
      readonly kind: 'read'
      readonly address: string
      readonly payload: Buffer
      readonly exchanges: readonly ItemExchange[]
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly exchanges: readonly ItemExchange[] }
  | { readonly kind: 'failed'; readonly cause: FailedRead; readonly exchanges: readonly ItemExchange[] }

export type FailedRead = Exclude<ExchangeOutcome['kind'], 'data' | 'refused'> | 'too_many_parts'

/** A part that did not come right is asked for again this often. */
const partAttempts = 3
/** Parts are numbered by one byte. */
const mostParts = 255

/**
 * Reads one item whole: the first answer, and then every further part by its number. A part that does not come is asked for again,
 * because some meters keep the rest only for a short time and the whole cannot be had later.
 */
export async function readItem(line: Dlt645Line, request: ReadMessage): Promise<ItemOutcome> {
  const exchanges: ItemExchange[] = []
  const ask = async (message: ReadMessage): Promise<ExchangeOutcome> => {
    const { outcome, request: sent, receivedAt, heard } = await line.exchange(message)
    const response = outcome.kind === 'data' || outcome.kind === 'refused' ? outcome.bytes : null
    exchanges.push({ request: sent, response, receivedAt, heard })
    return outcome
  }
  const first = await ask(request)
  if (first.kind !== 'data') return unread(first, exchanges)
  const parts = [first.payload]
  let hasMore = first.hasMore
  for (let sequence = 1; hasMore; sequence += 1) {
    if (sequence > mostParts) return { kind: 'failed', cause: 'too_many_parts', exchanges }
    const part = await askRepeatedly(() => ask(followUpRequest({ ...request, address: first.address }, sequence)))
    if (part.kind !== 'data') return unread(part, exchanges)
    parts.push(part.payload)
    hasMore = part.hasMore
  }
  return { kind: 'read', address: first.address, payload: Buffer.concat(parts), exchanges }
}

async function askRepeatedly(ask: () => Promise<ExchangeOutcome>): Promise<ExchangeOutcome> {
  let outcome = await ask()
  for (let attempt = 1; attempt < partAttempts && isWorthAsking(outcome); attempt += 1) outcome = await ask()
  return outcome
}

function isWorthAsking({ kind }: ExchangeOutcome): boolean {
  return kind === 'damaged' || kind === 'wrong_answer' || kind === 'no_reply'
}

function unread(outcome: Exclude<ExchangeOutcome, { kind: 'data' }>, exchanges: readonly ItemExchange[]): ItemOutcome {
  if (outcome.kind === 'refused') return { kind: 'refused', reasons: outcome.reasons, exchanges }
  return { kind: 'failed', cause: outcome.kind, exchanges }
}
