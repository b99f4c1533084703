import { err, ok, type Result } from '../../domain/result.js'
import { sequence } from './payload-fields.js'
import type { Message } from './message.js'

/**
 * A long answer on its way: the first part came with the read, each further one is asked for by number.
 * - `collecting`: entered by a first part that announces more; left by the part that announces none.
 * - `complete`: entered by a last part, the first one or a further one.
 */
export interface Assembly {
  readonly dataIdentifier: string
  readonly state: 'collecting' | 'complete'
  /** Number of the part to ask for next, from 1. */
  readonly nextSequence: number
  readonly payload: Buffer
}

/** Why a message is not the part that is waited for. */
export type AssemblyError =
  | { readonly kind: 'not_a_part' }
  | { readonly kind: 'wrong_identifier' }
  | { readonly kind: 'wrong_sequence'; readonly expected: number; readonly actual: number }
  | { readonly kind: 'too_many_parts' }

/** Parts are numbered by one byte. */
const mostParts = 255
/** A part of the 2007 edition ends with its number. */
const sequenceBytes = sequence.type.bytes

/** Begins with a good answer to a read, whether more follows or not. */
export function startAssembly(reply: Message): Result<Assembly, AssemblyError> {
  if (
    reply.direction !== 'reply' ||
    reply.outcome === 'refused' ||
    reply.function !== 'read' ||
    reply.dataIdentifier === null
  )
    return err({ kind: 'not_a_part' })
  return ok({
    dataIdentifier: reply.dataIdentifier,
    state: reply.outcome === 'more' ? 'collecting' : 'complete',
    nextSequence: 1,
    payload: reply.payload,
  })
}

/** Adds the next part. A part with another number changes nothing: it is asked for again. */
export function addPart(assembly: Assembly, reply: Message): Result<Assembly, AssemblyError> {
  const { dataIdentifier, nextSequence } = assembly
  const isPart = reply.direction === 'reply' && reply.outcome !== 'refused' && reply.function === 'read_follow_up'
  if (!isPart || assembly.state === 'complete') return err({ kind: 'not_a_part' })
  if (reply.dataIdentifier !== dataIdentifier) return err({ kind: 'wrong_identifier' })
  if (nextSequence > mostParts) return err({ kind: 'too_many_parts' })
  const part = partOf(reply)
  if (part === null) return err({ kind: 'not_a_part' })
  // The 1997 edition does not number its parts.
  if (part.sequence !== null && part.sequence !== nextSequence)
    return err({ kind: 'wrong_sequence', expected: nextSequence, actual: part.sequence })
  return ok({
    dataIdentifier,
    state: reply.outcome === 'more' ? 'collecting' : 'complete',
    nextSequence: nextSequence + 1,
    payload: Buffer.concat([assembly.payload, part.bytes]),
  })
}

export interface Part {
  readonly bytes: Buffer
  /** Null in the 1997 edition. */
  readonly sequence: number | null
}

/** Data and number of a follow-up reply; null when it is too short to have a number. */
export function partOf({ edition, payload }: Message): Part | null {
  if (edition === '1997') return { bytes: payload, sequence: null }
  const number = payload.at(-1)
  return number === undefined ? null : { bytes: payload.subarray(0, -sequenceBytes), sequence: number }
}
