import { unreachable } from '../../../domain/result.js'
import type { Instant } from '../../../domain/time.js'
import { readFields } from '../../../protocols/dlt645/field.js'
import type { Message } from '../../../protocols/dlt645/message.js'
import { payloadFields } from '../../../protocols/dlt645/payload-fields.js'
import type { MeterHabits } from '../description.js'
import type { MeterMemory } from '../memory.js'
import { clear, clearEvents } from './clear.js'
import { takeBroadcastTime } from './clock.js'
import { freeze } from './freeze.js'
import { type CommandOutcome, ignored, refused } from './outcome.js'
import { authorised, changePassword } from './passwords.js'
import { controlRelay } from './relay.js'
import { write, writeAddress } from './write.js'

/** Obeys everything but reads. Changes the memory; whoever calls tells the register source when the clock or the tables moved. */
export function obey(
  message: Message,
  memory: MeterMemory,
  habits: Required<MeterHabits>,
  now: Instant,
): CommandOutcome {
  const values = valuesOf(message)
  switch (message.function) {
    case 'broadcast_time':
      return takeBroadcastTime(values.get('time') ?? null, memory, now)
    case 'write':
      return write(message, values, memory, now)
    case 'write_address':
      return writeAddress(values.get('address') ?? null, memory)
    case 'freeze':
      return freeze(values.get('freezeAt') ?? null, memory, now)
    case 'change_rate':
      return values.get('rate') === undefined ? refused('rate_locked') : { kind: 'done', payload: message.payload }
    case 'select_output':
      return { kind: 'done', payload: message.payload }
    case 'change_password':
      return changePassword(message, values, memory, now)
    case 'clear_demand':
      return authorised(message, values, memory, now) ?? clear('033002', [], values, memory, now)
    case 'clear_meter':
      return authorised(message, values, memory, now) ?? clear('033001', [], values, memory, now)
    case 'clear_events':
      return authorised(message, values, memory, now) ?? clearEvents(values, memory, now)
    case 'control_relay':
      return authorised(message, values, memory, now) ?? controlRelay(values, memory, habits, now)
    case 'authenticate':
    case 'read':
    case 'read_again':
    case 'read_follow_up':
    case 'read_address':
      return ignored
    default:
      return unreachable(message.function)
  }
}

function valuesOf(message: Message): ReadonlyMap<string, string | undefined> {
  const fields = payloadFields(message) ?? []
  return new Map(readFields(fields, message.payload).map(({ name, value }) => [name, value ?? undefined]))
}
