import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { decodeItem, identifierOf, type ItemName, type ItemValues } from '../../protocols/dlt645/data-items.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import type { ExchangeOutcome } from '../sessions/dlt645-exchange.js'
import type { Dlt645Line, Exchanged } from '../sessions/dlt645-line.js'
import type { FailureCause, NoAttempt } from './failure-cause.js'
import { nextSearchStep, type StampProbe } from './freeze-search.js'
import type { OpenRead, ReadOutcome } from './line-reader.js'
import { freezeSource } from './reading-source.js'

export interface Answer<T> {
  readonly value: T
  readonly request: Buffer
  readonly response: Buffer
  readonly receivedAt: Instant
}
export type Answered<T> = Result<Answer<T>, { readonly kind: FailureCause | NoAttempt }>

/**
 * Reads one midnight from a meter's freeze memory: its stamp, then its registers under the same index. The index cannot shift
 * between the two: it shifts at the meter's own midnight, and a meter whose newest stamp is ours would have to run 18 hours fast
 * to reach its next midnight before the window closes.
 */
export async function readFreeze(
  line: Dlt645Line,
  due: OpenRead,
  address: string,
  newestMidnight: Instant,
): Promise<ReadOutcome> {
  const read = <N extends ItemName>(name: N, index: number) => readItem(line, address, name, index)
  const stamp = await findStamp(read, due.readAt, newestMidnight)
  if (!stamp.ok) return { kind: 'failed', cause: stamp.error.kind }
  const registers = await read('daily_freeze_forward_active', stamp.value.index)
  if (!registers.ok) return { kind: 'failed', cause: registers.error.kind }
  const { value, request, response, receivedAt } = registers.value
  return {
    kind: 'read',
    reading: {
      meterId: due.meterId,
      quantity: 'forward_active_energy',
      readAt: due.readAt,
      registers: value,
      source: freezeSource(due.readAt, receivedAt),
      protocol: 'dlt645_2007',
      request: Buffer.concat([stamp.value.answer.request, request]),
      response: Buffer.concat([stamp.value.answer.response, response]),
      receivedAt,
    },
  }
}

export interface FoundStamp {
  readonly index: number
  readonly answer: Answer<Instant>
}

/** Where in the freeze memory a midnight lies, with the stamp that says so. */
export async function findStamp(
  read: (name: 'daily_freeze_stamp', index: number) => Promise<Answered<Instant>>,
  wanted: Instant,
  newestMidnight: Instant,
): Promise<Result<FoundStamp, { readonly kind: FailureCause | NoAttempt }>> {
  const probes: StampProbe[] = []
  let answer: Answer<Instant> | null = null
  for (;;) {
    const step = nextSearchStep(wanted, newestMidnight, probes)
    if (step.kind === 'failed') return err({ kind: step.cause })
    if (step.kind === 'found' && answer !== null) return ok({ index: step.index, answer })
    const answered = await read('daily_freeze_stamp', step.index)
    if (!answered.ok && answered.error.kind !== 'no_freeze') return answered
    answer = answered.ok ? answered.value : null
    probes.push({ index: step.index, stamp: answer?.value ?? null })
  }
}

async function readItem<N extends ItemName>(
  line: Dlt645Line,
  address: string,
  name: N,
  index: number,
): Promise<Answered<ItemValues[N]>> {
  const dataIdentifier = identifierOf(name, index)
  const request = readRequest('2007', address, dataIdentifier)
  return decodeAnswer(name, await line.exchange(request))
}

function decodeAnswer<N extends ItemName>(name: N, exchanged: Exchanged): Answered<ItemValues[N]> {
  const { outcome, request, receivedAt } = exchanged
  if (outcome.kind !== 'data') return err({ kind: failureOf(outcome) })
  // A stamp or a register set fits one frame; an answer that announces more is not what was asked for.
  if (outcome.hasMore) return err({ kind: 'invalid_value' })
  const decoded = decodeItem(name, outcome.payload)
  if (decoded.ok) return ok({ value: decoded.value, request, response: outcome.bytes, receivedAt })
  return err({ kind: decoded.error.kind === 'value_absent' ? 'no_freeze' : 'invalid_value' })
}

export function failureOf(outcome: Exclude<ExchangeOutcome, { readonly kind: 'data' }>): FailureCause | NoAttempt {
  if (outcome.kind !== 'refused') return outcome.kind
  return outcome.reasons.includes('no_such_data') ? 'no_freeze' : 'refused'
}
