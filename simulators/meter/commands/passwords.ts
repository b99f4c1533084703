import { dayMs, type Instant } from '../../../domain/time.js'
import type { Message } from '../../../protocols/dlt645/message.js'
import type { MeterMemory } from '../memory.js'
import { type CommandOutcome, refused } from './outcome.js'

const mostWrongPasswords = 5

/** Null when the password holds; after some wrong ones the meter takes none for a day. */
export function authorised(
  { edition }: Message,
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome | null {
  const expected = memory.passwords.get(values.get('level') ?? '')
  const isRight = expected !== undefined && expected === values.get('password')
  if (now < memory.lockedUntil || edition === undefined) return refused('unauthorised')
  if (isRight) {
    memory.wrongPasswords = 0
    return null
  }
  memory.wrongPasswords += 1
  if (memory.wrongPasswords >= mostWrongPasswords) {
    memory.lockedUntil = now + dayMs
    memory.wrongPasswords = 0
  }
  return refused('unauthorised')
}

export function changePassword(
  message: Message,
  values: ReadonlyMap<string, string | undefined>,
  memory: MeterMemory,
  now: Instant,
): CommandOutcome {
  const denied = authorised(message, values, memory, now)
  const level = values.get('newLevel')
  const password = values.get('newPassword')
  if (denied !== null) return denied
  if (level === undefined || password === undefined) return refused('other')
  memory.passwords.set(level, password)
  return { kind: 'done', payload: message.payload.subarray(-4) }
}
