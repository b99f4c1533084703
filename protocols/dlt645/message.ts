import { invariant, unreachable } from '../../domain/result.js'
import { reversedHex, writeReversedHex } from './bcd.js'
import {
  editionOf,
  type FunctionName,
  functionName,
  functions1997,
  functions2007,
  moreCode,
  parseControlCode,
  refusalCode,
  replyCode,
} from './control-code.js'
import type { Edition } from './data-item.js'
import { encodeFrame, type Frame } from './frame.js'

/** A frame as its edition understands it. */
export interface Message {
  readonly edition: Edition
  readonly address: string
  readonly direction: 'request' | 'reply'
  readonly function: FunctionName
  /** `more`: the meter has further data, to be fetched with `read_follow_up`. */
  readonly outcome: 'good' | 'more' | 'refused'
  /** Upper-case hexadecimal, high byte first; null where the function carries none or too few bytes came. */
  readonly dataIdentifier: string | null
  /** What follows the identifier, in wire order. */
  readonly payload: Buffer
}

/** The functions that change nothing in a meter. */
const readFunctions = ['read', 'read_follow_up', 'read_again', 'read_address'] as const
type ReadFunction = (typeof readFunctions)[number]

/** A question. Whoever talks to meters may send it at any time; everything else needs an order. */
export interface ReadMessage extends Message {
  readonly direction: 'request'
  readonly function: ReadFunction
}

interface IdentifierRule {
  readonly request: boolean
  readonly reply: boolean
}

/** The functions whose data begin with an identifier. */
const identified: Readonly<Partial<Record<FunctionName, IdentifierRule>>> = {
  authenticate: { request: true, reply: true },
  read: { request: true, reply: true },
  read_follow_up: { request: true, reply: true },
  read_again: { request: false, reply: true },
  write: { request: true, reply: false },
}
/** 18H names the password that is changed (04000Cxx); 0FH does not. */
const identifiedPassword2007: IdentifierRule = { request: true, reply: false }

export const identifierBytes: Readonly<Record<Edition, number>> = { '2007': 4, '1997': 2 }

/** What a frame says; null when no edition knows its function. `edition` decides where the frame does not. */
export function parseMessage({ address, controlCode, data }: Frame, edition?: Edition): Message | null {
  const spoken = edition ?? editionOf(controlCode, data)
  if (spoken === null) return null
  const { isReply, isRefusal, hasMore, functionCode } = parseControlCode(controlCode)
  const name = functionName(spoken, functionCode)
  if (name === null || (!isReply && (isRefusal || hasMore))) return null
  const direction = isReply ? 'reply' : 'request'
  const outcome = isRefusal ? 'refused' : hasMore ? 'more' : 'good'
  const length = identifierBytes[spoken]
  const hasIdentifier = outcome !== 'refused' && carriesIdentifier(spoken, name, direction) && data.length >= length
  return {
    edition: spoken,
    address,
    direction,
    function: name,
    outcome,
    dataIdentifier: hasIdentifier ? reversedHex(data, 0, length) : null,
    payload: hasIdentifier ? data.subarray(length) : data,
  }
}

/** The master asks for an item; `payload` selects load records. */
export function readRequest(
  edition: Edition,
  address: string,
  dataIdentifier: string,
  payload: Buffer = nothing,
): ReadMessage {
  return { edition, address, direction: 'request', function: 'read', outcome: 'good', dataIdentifier, payload }
}

/** The master asks for a further part of a long answer; the 1997 edition does not number them. */
export function followUpRequest({ edition, address, dataIdentifier }: Message, sequence: number): ReadMessage {
  const payload = edition === '2007' ? Buffer.from([sequence]) : nothing
  return {
    edition,
    address,
    direction: 'request',
    function: 'read_follow_up',
    outcome: 'good',
    dataIdentifier,
    payload,
  }
}

const nothing = Buffer.alloc(0)

/** Bytes of a message, after `wakeUpBytes` bytes FEH. */
export function encodeMessage(message: Message, options?: { readonly wakeUpBytes?: number }): Buffer {
  const { address, payload } = message
  return encodeFrame({ address, controlCode: controlCodeOf(message), data: dataOf(message, payload) }, options)
}

/** Bytes of a question. */
export function encodeReadMessage(message: ReadMessage, options?: { readonly wakeUpBytes?: number }): Buffer {
  const { direction, function: name } = message
  invariant(direction === 'request' && isReading(name), `${name} is no question`)
  return encodeMessage(message, options)
}

/** Whether a function changes nothing in the meter. */
export function isReading(name: FunctionName): boolean {
  return (readFunctions as readonly FunctionName[]).includes(name)
}

function controlCodeOf({ edition, function: name, direction, outcome }: Message): number {
  const codes: Partial<Record<FunctionName, number>> = edition === '2007' ? functions2007 : functions1997
  const code = codes[name]
  invariant(code !== undefined, `the ${edition} edition has no function ${name}`)
  if (direction === 'request') return code
  switch (outcome) {
    case 'good':
      return replyCode(code)
    case 'more':
      return moreCode(code)
    case 'refused':
      return refusalCode(code)
    default:
      return unreachable(outcome)
  }
}

function dataOf({ edition, dataIdentifier }: Message, payload: Buffer): Buffer {
  if (dataIdentifier === null) return payload
  const length = identifierBytes[edition]
  invariant(dataIdentifier.length === 2 * length, `not a data identifier of ${edition}: ${dataIdentifier}`)
  const data = Buffer.allocUnsafe(length + payload.length)
  writeReversedHex(dataIdentifier, data, 0)
  payload.copy(data, length)
  return data
}

function carriesIdentifier(edition: Edition, name: FunctionName, direction: Message['direction']): boolean {
  const rule = name === 'change_password' && edition === '2007' ? identifiedPassword2007 : identified[name]
  return rule?.[direction] === true
}
