import { unreachable } from '../../domain/result.js'
import { findDataItem } from './catalogue/catalogue.js'
import type { FunctionName } from './control-code.js'
import { credentials, level, mac, password, protectionOf } from './credentials.js'
import { fieldsFor } from './data-item.js'
import { bytesOf, type Field } from './field.js'
import type { Message } from './message.js'
import { binary, digits, hex, rateFlag } from './text-fields.js'
import { minuteStampField, secondStamp } from './time-fields.js'

type Fields = readonly Field[]

const recordCount: Field = { name: 'recordCount', type: binary(1) }
const recordsFrom: Field = { name: 'from', type: minuteStampField }
/** Which load records a read asks for: so many of the latest, or so many from a time on. */
export const recordSelections: readonly Fields[] = [[recordCount], [recordCount, recordsFrom]]
export const sequence: Field = { name: 'sequence', type: binary(1) }
const address: Field = { name: 'address', type: digits(6) }
const time: Field = { name: 'time', type: secondStamp }
/** MMDDhhmm; 99 stands for any. */
const freezeAt: Field = { name: 'freezeAt', type: digits(4) }
const rate: Field = { name: 'rate', type: rateFlag }
const newLevel: Field = { name: 'newLevel', type: digits(1) }
const newPassword: Field = { name: 'newPassword', type: digits(3) }
const events: Field = { name: 'events', type: hex(4) }
const output: Field = { name: 'output', type: digits(1) }
/** What a relay is told to do (1CH). */
export const command: Field = { name: 'command', type: hex(1) }
/** In steps of five minutes, for trips with automatic reclose. */
const recloseAfter: Field = { name: 'recloseAfter', type: binary(1) }
const validUntil: Field = { name: 'validUntil', type: secondStamp }

/**
 * The fields of what follows the identifier; null when the length fits none of the function's forms, and for what only the meter or
 * its key service can read. Load records have no fixed fields (`load-records.ts`).
 */
export function payloadFields(message: Message): Fields | null {
  if (message.outcome === 'refused') return null
  return message.direction === 'request' ? requestFields(message) : replyFields(message)
}

function requestFields(message: Message): Fields | null {
  const { edition, payload } = message
  switch (message.function) {
    case 'read':
      return firstFitting(payload, edition === '2007' ? [[], ...recordSelections] : [[]])
    case 'read_follow_up':
      return firstFitting(payload, edition === '2007' ? [[sequence]] : [[]])
    case 'read_address':
    case 'read_again':
      return firstFitting(payload, [[]])
    case 'write':
      return writeFields(message)
    case 'write_address':
      return firstFitting(payload, [[address]])
    case 'broadcast_time':
      return firstFitting(payload, [[time]])
    case 'freeze':
      return firstFitting(payload, [[freezeAt]])
    case 'change_rate':
      return firstFitting(payload, [[rate]])
    case 'change_password':
      return firstFitting(payload, [[level, password, newLevel, newPassword]])
    case 'clear_demand':
      return firstFitting(payload, edition === '2007' ? [credentials] : [[level, password]])
    case 'clear_meter':
      return firstFitting(payload, [credentials])
    case 'clear_events':
      return firstFitting(payload, [[...credentials, events]])
    case 'control_relay':
      return relayFields(payload)
    case 'select_output':
      return firstFitting(payload, [[output]])
    case 'authenticate':
      return null
    default:
      return unreachable(message.function)
  }
}

/** Replies without an identifier, where they are not empty. */
const replyForms: Readonly<Partial<Record<FunctionName, readonly Fields[]>>> = {
  read_address: [[address]],
  change_rate: [[rate], []],
  change_password: [[level, password], []],
  select_output: [[output], []],
}

function replyFields(message: Message): Fields | null {
  const { function: name, payload } = message
  if (name === 'read' || name === 'read_again') return itemFields(message, payload.length)
  // A further part can only be read with the others.
  return name === 'read_follow_up' || name === 'authenticate' ? null : firstFitting(payload, replyForms[name] ?? [[]])
}

function itemFields({ edition, dataIdentifier }: Message, byteCount: number): Fields | null {
  if (dataIdentifier === null) return null
  const item = findDataItem(edition, dataIdentifier)
  return item === null ? null : fieldsFor(item.layout, byteCount)
}

/** Newer meters are written with cipher text, or with plain data and a MAC behind it; both lengths vary and are never refused. */
function writeFields(message: Message): Fields | null {
  const { edition, payload } = message
  const before: Fields = edition === '2007' ? credentials : [level, password]
  if (payload.length < bytesOf(before)) return null
  const protection = edition === '2007' ? protectionOf(payload) : 'none'
  if (protection === 'cipher') return before
  const after = protection === 'mac' ? [mac] : []
  const value = itemFields(message, payload.length - bytesOf(before) - bytesOf(after))
  return value === null ? before : [...before, ...value, ...after]
}

/** Commands whose second byte is a time, not zero. */
const timedCommands: ReadonlySet<number> = new Set([0x1d, 0x1e])
const commandOffset = bytesOf(credentials)
const reserved: Field = { name: '', type: digits(1) }

function relayFields(payload: Buffer): Fields | null {
  const protection = protectionOf(payload)
  if (protection === 'cipher') return payload.length >= bytesOf(credentials) ? credentials : null
  const isTimed = timedCommands.has(payload[commandOffset] ?? 0)
  const plain = [...credentials, command, isTimed ? recloseAfter : reserved, validUntil]
  return firstFitting(payload, [protection === 'mac' ? [...plain, mac] : plain])
}

function firstFitting(payload: Buffer, forms: readonly Fields[]): Fields | null {
  return forms.find((fields) => bytesOf(fields) === payload.length) ?? null
}

/** Bytes that the standard keeps free are read and written like fields, but show no value. */
export function isReserved({ name }: { readonly name: string }): boolean {
  return name === ''
}
