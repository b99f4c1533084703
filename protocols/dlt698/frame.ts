import { err, invariant, ok, type Result } from '../../domain/result.js'
import type { FrameError } from '../framing.js'
import { crc16X25 } from './crc16.js'
import {
  addressBytes,
  crcBytes,
  dlt698Framing,
  fixedHeaderBytes,
  frameEnd,
  frameStart,
  headerBytes,
} from './framing.js'
import { hexOf } from '../hex.js'

/** One link frame between a client (master) and a server (meter or terminal). */
export interface Dlt698Frame {
  readonly controlCode: number
  readonly server: ServerAddress
  /** The client's own number, 0 where it does not matter. */
  readonly clientAddress: number
  /** An APDU, or a segment where the control code says so; scrambling is taken off. */
  readonly userData: Buffer
}

export interface ServerAddress {
  readonly kind: AddressKind
  /** 0 to 3: the device itself, or a part of it such as a three-phase module. */
  readonly logicalAddress: number
  /** High byte first, 2 to 32 hexadecimal digits; `AA` bytes of a wildcard are not compared. */
  readonly address: string
}

const addressKinds = ['single', 'wildcard', 'group', 'broadcast'] as const
export type AddressKind = (typeof addressKinds)[number]

/** Bits of the control code; 4 is reserved. */
export interface Control {
  /** DIR: from the server. */
  readonly fromServer: boolean
  /** PRM: the client has started the exchange. */
  readonly clientInitiated: boolean
  readonly segmented: boolean
  /** User data go over the line with 33H added to each byte. */
  readonly scrambled: boolean
  /** 1 link management, 3 user data. */
  readonly functionCode: number
}

const scrambleOffset = 0x33
const maxLength = 0x3fff

/** Reads exactly one frame with nothing behind it. */
export function decodeDlt698(bytes: Uint8Array): Result<Dlt698Frame, FrameError> {
  const buffer = Buffer.from(bytes)
  const error = dlt698Framing.explain(buffer, 0, buffer.length)
  if (error !== null) return err(error)
  const expected = dlt698Framing.measure(buffer, 0, buffer.length)
  if (expected !== buffer.length) return err({ kind: 'length_mismatch', expected, actual: buffer.length })
  const controlCode = buffer.readUInt8(3)
  const flag = buffer.readUInt8(4)
  const header = headerBytes(flag)
  const server = buffer.subarray(fixedHeaderBytes, fixedHeaderBytes + addressBytes(flag))
  const carried = buffer.subarray(header + crcBytes, -crcBytes - 1)
  return ok({
    controlCode,
    server: {
      kind: addressKinds[flag >> 6] ?? 'single',
      logicalAddress: (flag >> 4) & 0b11,
      address: hexOf(server.toReversed()),
    },
    clientAddress: buffer.readUInt8(header - 1),
    userData: Buffer.from(controlOf(controlCode).scrambled ? shifted(carried, -scrambleOffset) : carried),
  })
}

export function encodeDlt698({ controlCode, server, clientAddress, userData }: Dlt698Frame): Buffer {
  const address = Buffer.from(server.address, 'hex')
  invariant(/^(?:[\dA-F]{2}){1,16}$/i.test(server.address), `not a server address: ${server.address}`)
  const flag = (addressKinds.indexOf(server.kind) << 6) | (server.logicalAddress << 4) | (address.length - 1)
  const length = headerBytes(flag) - 1 + crcBytes + userData.length + crcBytes
  invariant(length <= maxLength, 'a frame counts at most 16383 bytes')
  const header = Buffer.concat([
    littleEndian(length),
    Buffer.from([controlCode, flag]),
    address.toReversed(),
    Buffer.from([clientAddress]),
  ])
  const carried = controlOf(controlCode).scrambled ? shifted(userData, scrambleOffset) : userData
  const checked = Buffer.concat([header, littleEndian(crc16X25(header)), carried])
  return Buffer.concat([Buffer.from([frameStart]), checked, littleEndian(crc16X25(checked)), Buffer.from([frameEnd])])
}

export function controlOf(code: number): Control {
  return {
    fromServer: (code & 0x80) !== 0,
    clientInitiated: (code & 0x40) !== 0,
    segmented: (code & 0x20) !== 0,
    scrambled: (code & 0x08) !== 0,
    functionCode: code & 0x07,
  }
}

function littleEndian(value: number): Buffer {
  return Buffer.from([value & 0xff, value >> 8])
}

function shifted(bytes: Buffer, offset: number): Buffer {
  return Buffer.from(bytes.map((byte) => byte + offset))
}
