import { invariant } from '../../domain/result.js'

/**
 * AFN 10H F1 downward: bytes that the terminal sends to a meter for the master.
 * Source: Q/GDW 376.1-2009, AFN 10H; rate, parity, data bits and both waits agree with a captured frame.
 */
export interface ForwardRequest {
  readonly port: number
  readonly settings: PortSettings
  readonly frameWait: FrameWait
  /** Longest pause between two bytes, a multiple of 10 ms up to 2550. */
  readonly byteWaitMs: number
  /** What goes to the meter, wake-up bytes included. */
  readonly inner: Buffer
}

/** AFN 10H F1 upward: what the meter answered; empty when it did not. */
export interface ForwardReply {
  readonly port: number
  readonly inner: Buffer
}

export interface PortSettings {
  readonly baudRate: BaudRate
  readonly stopBits: 1 | 2
  readonly parity: 'none' | 'even' | 'odd'
  readonly dataBits: 5 | 6 | 7 | 8
}

/** How long the terminal waits for the meter's answer: up to 127 units. */
export interface FrameWait {
  readonly count: number
  readonly unitMs: 10 | 1000
}

const baudRates = [300, 600, 1200, 2400, 4800, 7200, 9600, 19_200] as const
export type BaudRate = (typeof baudRates)[number]

const dataBitCounts = [5, 6, 7, 8] as const
const requestHeaderBytes = 6
const replyHeaderBytes = 3

/** The forwarded bytes of a request; null when the data are shorter than they say. Anything behind them is not looked at. */
export function decodeForwardRequest(data: Buffer): ForwardRequest | null {
  if (data.length < requestHeaderBytes) return null
  const length = data.readUInt16LE(4)
  if (data.length < requestHeaderBytes + length) return null
  const wait = data.readUInt8(2)
  return {
    port: data.readUInt8(0),
    settings: decodeSettings(data.readUInt8(1)),
    frameWait: { count: wait & 0x7f, unitMs: (wait & 0x80) === 0 ? 10 : 1000 },
    byteWaitMs: data.readUInt8(3) * 10,
    inner: Buffer.from(data.subarray(requestHeaderBytes, requestHeaderBytes + length)),
  }
}

export function encodeForwardRequest(request: ForwardRequest): Buffer {
  const { frameWait, byteWaitMs, inner } = request
  invariant(frameWait.count >= 0 && frameWait.count <= 0x7f, 'a terminal waits at most 127 units')
  invariant(byteWaitMs % 10 === 0 && byteWaitMs >= 0 && byteWaitMs <= 2550, 'byte waits are multiples of 10 ms')
  const wait = frameWait.count | (frameWait.unitMs === 1000 ? 0x80 : 0)
  const header = Buffer.from([request.port, encodeSettings(request.settings), wait, byteWaitMs / 10, 0, 0])
  header.writeUInt16LE(inner.length, 4)
  return Buffer.concat([header, inner])
}

/** The forwarded bytes of a reply; null when the data are shorter than they say. */
export function decodeForwardReply(data: Buffer): ForwardReply | null {
  if (data.length < replyHeaderBytes) return null
  const length = data.readUInt16LE(1)
  if (data.length < replyHeaderBytes + length) return null
  return {
    port: data.readUInt8(0),
    inner: Buffer.from(data.subarray(replyHeaderBytes, replyHeaderBytes + length)),
  }
}

export function encodeForwardReply({ port, inner }: ForwardReply): Buffer {
  const header = Buffer.from([port, 0, 0])
  header.writeUInt16LE(inner.length, 1)
  return Buffer.concat([header, inner])
}

// Bits 7-5 rate, 4 second stop bit, 3 parity used, 2 odd, 1-0 data bits less 5.
function decodeSettings(word: number): PortSettings {
  const parity = (word & 0x04) === 0 ? 'even' : 'odd'
  return {
    baudRate: baudRates[word >> 5] ?? 2400,
    stopBits: (word & 0x10) === 0 ? 1 : 2,
    parity: (word & 0x08) === 0 ? 'none' : parity,
    dataBits: dataBitCounts[word & 0x03] ?? 8,
  }
}

function encodeSettings({ baudRate, stopBits, parity, dataBits }: PortSettings): number {
  return (
    (baudRates.indexOf(baudRate) << 5) |
    (stopBits === 2 ? 0x10 : 0) |
    (parity === 'none' ? 0 : 0x08) |
    (parity === 'odd' ? 0x04 : 0) |
    dataBitCounts.indexOf(dataBits)
  )
}
