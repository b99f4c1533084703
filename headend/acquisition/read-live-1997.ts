import { err, ok, type Result } from '../../domain/result.js'
import { liveToleranceMs, type RegisterSet } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import type { Instant } from '../../domain/time.js'
import { energyRegisters } from '../../protocols/dlt645/energy-formats.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { FailureCause, NoAttempt } from './failure-cause.js'
import type { OpenRead, ReadOutcome } from './line-reader.js'
import { failureOf } from './read-freeze.js'

/** Forward active energy: total and tariffs in one block, or the total alone from meters that do not know the block. */
const items = ['901F', '9010'] as const

interface LiveAnswer {
  readonly registers: RegisterSet
  readonly request: Buffer
  readonly response: Buffer
  readonly receivedAt: Instant
}

/**
 * Reads the registers of a meter of the 1997 edition as they stand, for it keeps no daily freeze. Only the midnight that opens the
 * window can be served, and only while a live reading still counts for it; older ones nobody can ask for any more.
 */
export async function readLive1997(
  line: Dlt645Line,
  due: OpenRead,
  address: string,
  { clock, newestMidnight }: { readonly clock: Clock; readonly newestMidnight: Instant },
): Promise<ReadOutcome> {
  if (due.readAt !== newestMidnight) return { kind: 'failed', cause: 'no_freeze' }
  if (clock.now() > newestMidnight + liveToleranceMs) return { kind: 'failed', cause: 'live_too_late' }
  const answer = await readEnergy(line, address)
  if (!answer.ok) return { kind: 'failed', cause: answer.error.kind }
  const { receivedAt } = answer.value
  return {
    kind: 'read',
    reading: {
      ...answer.value,
      meterId: due.meterId,
      quantity: 'forward_active_energy',
      readAt: receivedAt,
      source: 'live',
      protocol: 'dlt645_1997',
    },
  }
}

async function readEnergy(
  line: Dlt645Line,
  address: string,
): Promise<Result<LiveAnswer, { readonly kind: FailureCause | NoAttempt }>> {
  let cause: FailureCause | NoAttempt = 'refused'
  for (const item of items) {
    const { outcome, request, receivedAt } = await line.exchange(readRequest('1997', address, item))
    if (outcome.kind === 'data') {
      const decoded = energyRegisters.decode(outcome.payload)
      if (!decoded.ok || outcome.hasMore) return err({ kind: 'invalid_value' })
      return ok({ registers: decoded.value, request, response: outcome.bytes, receivedAt })
    }
    cause = failureOf(outcome)
    if (outcome.kind !== 'refused') break
  }
  return err({ kind: cause === 'no_freeze' ? 'refused' : cause })
}
