import { frameStart } from '../stream-splitter.js'
import { hexOf } from '../hex.js'
import type { FunctionName } from './control-code.js'
import { headerBytes, openFrame } from './frame.js'
import { identifierBytes, type Message, parseMessage } from './message.js'
import { payloadFields } from './payload-fields.js'

/** Functions whose data hold a password, and replies that repeat one. */
const secretFunctions: ReadonlySet<FunctionName> = new Set([
  'write',
  'change_password',
  'clear_demand',
  'clear_meter',
  'clear_events',
  'control_relay',
  'authenticate',
])
const trailerBytes = 2
const mask = '**'

/**
 * A frame for traces, logs and evidence: hexadecimal with `**` for each byte of a password. Where the data fit no form that we
 * know, all that follows the identifier is hidden. The checksum stays: it tells the sum of the hidden bytes and no more.
 * @param bytes a sound frame, wake-up bytes in front allowed.
 */
export function maskedHex(bytes: Buffer): string {
  return hexHiding(bytes, /password$/i, [])
}

/**
 * The same for what is kept: operator code and checksum are hidden as well, since a sum shortens the search for a password of six
 * digits two hundredfold.
 */
export function sealedHex(bytes: Buffer): string {
  return hexHiding(bytes, /password$|^operator$/i, [bytes.length - trailerBytes])
}

function hexHiding(bytes: Buffer, secret: RegExp, alsoHidden: readonly number[]): string {
  const start = bytes.indexOf(frameStart)
  const message = start === -1 ? null : parseMessage(openFrame(bytes.subarray(start)))
  if (message === null || !secretFunctions.has(message.function)) return hexOf(bytes)
  const found = hiddenBytes(message, start + headerBytes, bytes.length - trailerBytes, secret)
  const hidden = new Set(found.size === 0 ? [] : [...found, ...alsoHidden])
  return Array.from(bytes, (byte, at) => (hidden.has(at) ? mask : hexOf(Uint8Array.of(byte)))).join('')
}

/** Positions in the frame; `dataStart` is that of the first data byte, `dataEnd` the one behind the last. */
function hiddenBytes(message: Message, dataStart: number, dataEnd: number, secret: RegExp): ReadonlySet<number> {
  const payloadStart = dataStart + (message.dataIdentifier === null ? 0 : identifierBytes[message.edition])
  const fields = payloadFields(message)
  const hidden = new Set<number>()
  if (fields === null) {
    if (message.outcome !== 'refused') for (let at = payloadStart; at < dataEnd; at += 1) hidden.add(at)
    return hidden
  }
  let at = payloadStart
  for (const { name, type } of fields) {
    if (secret.test(name)) for (let byte = 0; byte < type.bytes; byte += 1) hidden.add(at + byte)
    at += type.bytes
  }
  return hidden
}
