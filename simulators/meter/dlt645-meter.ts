import type { Instant } from '../../domain/time.js'
import { isCalled, reachesMany, broadcastAddress } from '../../protocols/dlt645/address.js'
import { encodeBcd } from '../../protocols/dlt645/bcd.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { FunctionName } from '../../protocols/dlt645/control-code.js'
import { readFields } from '../../protocols/dlt645/field.js'
import type { Frame } from '../../protocols/dlt645/frame.js'
import { encodeMessage, identifierBytes, type Message, parseMessage } from '../../protocols/dlt645/message.js'
import { payloadFields } from '../../protocols/dlt645/payload-fields.js'
import { refusalByte, type RefusalReason } from '../../protocols/dlt645/refusal.js'
import { instantOfMeterTime } from '../../protocols/dlt645/time-formats.js'
import { obey } from './commands/obey.js'
import { type MeterDescription, usualHabits } from './description.js'
import { itemPayload } from './item-payload.js'
import type { RecordSelection } from './load-record-payload.js'
import { createMemory, type MeterMemory } from './memory.js'
import { scheduleOf } from './tariff-schedule.js'

/** A meter on a wire: it hears frames and may answer. */
export interface Dlt645Meter {
  /** The communication address, which a master may have changed. */
  readonly address: () => string
  /** Bytes of the answer, wake-up bytes included; null when the meter keeps silent. */
  readonly answer: (frame: Frame, now: Instant) => Buffer | null
}

/** Everybody hears these and nobody answers. */
const broadcastFunctions: ReadonlySet<FunctionName> = new Set(['broadcast_time', 'freeze', 'select_output'])
/** A wildcard must never trip a relay or write into a stranger. */
const singleFunctions: ReadonlySet<FunctionName> = new Set([
  'write',
  'change_rate',
  'clear_demand',
  'clear_meter',
  'clear_events',
  'control_relay',
  'change_password',
])

/** SERR: identity authentication failed. */
const identityNotProved = Buffer.from([0x08, 0x00])

export function createDlt645Meter(description: MeterDescription): Dlt645Meter {
  const habits = { ...usualHabits, ...description.habits }
  // Most meters of a large utility are never asked: what they remember is made when they are.
  let memory: MeterMemory | null = null
  const remembered = (): MeterMemory => (memory ??= createMemory(description, habits))
  if (Object.keys(habits.parameters).length > 0) tellSource(description.energisedFrom)

  function tellSource(from: Instant): void {
    const { source } = description
    source.countBy?.(from, scheduleOf(remembered(), source, from))
  }

  function answer(frame: Frame, now: Instant): Buffer | null {
    if (now < description.energisedFrom || !isCalled(frame.address, address())) return null
    const message = parseMessage(frame, habits.edition)
    if (message === null || message.direction === 'reply') return null
    const isBroadcast = frame.address === broadcastAddress
    if (isBroadcast && !broadcastFunctions.has(message.function) && !answersBroadcast(message.function)) return null
    if (reachesMany(frame.address) && singleFunctions.has(message.function)) return null
    const reply = replyTo(message, now)
    return reply === null || (isBroadcast && !answersBroadcast(message.function)) ? null : encoded(reply)
  }

  /** Some meters of the 1997 edition answer reads to 99..99 with their own address. */
  function answersBroadcast(name: FunctionName): boolean {
    return habits.edition === '1997' && name === 'read'
  }

  function replyTo(message: Message, now: Instant): Message | null {
    const { function: name } = message
    if (name === 'read') return readReply(message, now)
    if (name === 'read_again') return repetition(message, now)
    if (name === 'read_follow_up') return followUpReply(message)
    if (name === 'read_address') return goodReply(message, null, encodeBcd(address(), 6))
    if (name === 'authenticate') return { ...refusedReply(message, []), payload: identityNotProved }
    return commandReply(message, now)
  }

  function commandReply(message: Message, now: Instant): Message | null {
    const before = remembered().scheduleVersion
    const outcome = obey(message, remembered(), habits, now)
    if (remembered().scheduleVersion !== before) tellSource(now)
    if (outcome.kind === 'ignored') return null
    return outcome.kind === 'done' ? goodReply(message, null, outcome.payload) : refusedReply(message, outcome.reasons)
  }

  function readReply(message: Message, now: Instant): Message {
    const { edition, dataIdentifier } = message
    const item = dataIdentifier === null || isUnknown(dataIdentifier) ? null : findDataItem(edition, dataIdentifier)
    const view = { description, memory: remembered(), now }
    view.memory.lastRead = dataIdentifier
    const payload = item === null ? null : itemPayload(view, item, selectionOf(message))
    if (payload === null || dataIdentifier === null) return refusedReply(message, ['no_such_data'])
    const room = habits.partBytes - identifierBytes[edition]
    if (payload.length <= room) return goodReply(message, dataIdentifier, payload)
    const parts = inParts(payload.subarray(room), room - 1)
    remembered().pendingParts = { dataIdentifier, parts }
    return { ...goodReply(message, dataIdentifier, payload.subarray(0, room)), outcome: 'more' }
  }

  /** The 1997 edition's answer to 03: what was read last, as it is now. */
  function repetition(message: Message, now: Instant): Message {
    const dataIdentifier = memory?.lastRead ?? null
    if (dataIdentifier === null) return refusedReply(message, ['other'])
    return { ...readReply({ ...message, function: 'read', dataIdentifier }, now), function: 'read_again' }
  }

  function followUpReply(message: Message): Message {
    const pending = memory?.pendingParts ?? null
    const sequence = message.edition === '2007' ? (message.payload[0] ?? 0) : 1
    const part = pending?.dataIdentifier === message.dataIdentifier ? pending?.parts[sequence - 1] : undefined
    if (pending === null || part === undefined) return refusedReply(message, ['no_such_data'])
    const payload = message.edition === '2007' ? Buffer.concat([part, Buffer.from([sequence])]) : part
    const isLast = sequence >= pending.parts.length
    if (message.edition === '1997') remembered().pendingParts = { ...pending, parts: pending.parts.slice(1) }
    return { ...goodReply(message, message.dataIdentifier, payload), outcome: isLast ? 'good' : 'more' }
  }

  function isUnknown(dataIdentifier: string): boolean {
    return habits.unknownItems.some((pattern) => new RegExp(`^${pattern}$`, 'i').test(dataIdentifier))
  }

  function address(): string {
    return memory?.address ?? description.address
  }

  function replyHead({
    edition,
    function: name,
  }: Message): Pick<Message, 'edition' | 'address' | 'direction' | 'function'> {
    return { edition, address: address(), direction: 'reply', function: name }
  }

  function goodReply(message: Message, dataIdentifier: string | null, payload: Buffer): Message {
    return { ...replyHead(message), outcome: 'good', dataIdentifier, payload }
  }

  function refusedReply(message: Message, reasons: readonly RefusalReason[]): Message {
    return { ...replyHead(message), outcome: 'refused', dataIdentifier: null, payload: refusalByte(reasons) }
  }

  function encoded(reply: Message): Buffer {
    const bytes = encodeMessage(reply, { wakeUpBytes: habits.wakeUpBytes })
    return habits.sendsWrongLength ? withWrongLength(bytes, habits.wakeUpBytes) : bytes
  }

  return { address, answer }
}

const lengthOffset = 9
const checksumFromEnd = 2

/** One byte too many announced, with a checksum that agrees: only the end byte gives it away. */
function withWrongLength(bytes: Buffer, wakeUpBytes: number): Buffer {
  const wrong = Buffer.from(bytes)
  const at = wakeUpBytes + lengthOffset
  wrong[at] = (wrong[at] ?? 0) + 1
  wrong[wrong.length - checksumFromEnd] = (wrong[wrong.length - checksumFromEnd] ?? 0) + 1
  return wrong
}

/** Number of load records and the time from which they are wanted. */
function selectionOf(message: Message): RecordSelection | null {
  const values = new Map(
    readFields(payloadFields(message) ?? [], message.payload).map(({ name, value }) => [name, value]),
  )
  const count = values.get('recordCount')
  const from = values.get('from')
  if (count === undefined || count === null) return null
  return { count: Number(count), from: from === undefined || from === null ? null : instantOfMeterTime(`${from}:00`) }
}

function inParts(payload: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(payload.length / size) }, (_, index) =>
    payload.subarray(index * size, (index + 1) * size),
  )
}
