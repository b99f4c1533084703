import type { Clock, Random, Timer } from '../domain/runtime.js'
import { type Instant, secondMs } from '../domain/time.js'
import { frameStart } from '../protocols/dlt645/frame.js'
import { createFrameSplitter } from '../protocols/dlt645/frame-splitter.js'
import { parseRequest, type ReadRequest, readRefusalCode } from '../protocols/dlt645/messages-2007.js'
import { answerRead, type Dlt645Meter } from './dlt645-meter.js'
import { damage } from './line-noise.js'

/** A meter on the line over [from, to); `to` null until further notice. */
export interface LineMeter {
  readonly meter: Dlt645Meter
  readonly from: Instant
  readonly to: Instant | null
}

/** What really happened on a line, for comparison with what the head-end says. */
export interface LineCounters {
  readonly requests: number
  readonly replies: number
  readonly damagedReplies: number
  readonly refusals: number
  /** Requests to which no meter on the line answered. */
  readonly unanswered: number
  /** Requests that were sent into another exchange; both are lost. */
  readonly collisions: number
  readonly bytesFromMaster: number
  readonly bytesToMaster: number
}

export interface LineBusSettings {
  readonly name: string
  readonly baud: number
  readonly meters: readonly LineMeter[]
  /** Share of reply frames that noise damages. */
  readonly damagedPermille: number
}

export interface LineRuntime {
  readonly clock: Clock
  readonly random: Random
}

export interface LineBus {
  /** Bytes that the serial server puts on the line. */
  readonly transmit: (chunk: Buffer) => void
  /** The line has gone dead in mid-sentence. */
  readonly silence: () => void
  readonly counters: () => LineCounters
}

/** Start, eight data bits, even parity, stop. */
const bitsPerByte = 11
const minTurnaroundMs = 20
const turnaroundSpanMs = 71
/** Bytes after which the serial server sends on what it has heard. */
const serverChunkBytes = 16
const maxGapInFrameMs = 500
const controlCodeOffset = 8
const nothingCounted: LineCounters = {
  requests: 0,
  replies: 0,
  damagedReplies: 0,
  refusals: 0,
  unanswered: 0,
  collisions: 0,
  bytesFromMaster: 0,
  bytesToMaster: 0,
}

/**
 * Two wires on which one talks at a time. Bytes take their time at the line's rate, a meter thinks for 20 to 90 ms before it
 * answers, and whoever talks into another exchange destroys it.
 */
export function createLineBus(
  settings: LineBusSettings,
  runtime: LineRuntime,
  deliver: (chunk: Buffer) => void,
): LineBus {
  const { clock } = runtime
  const counters: { -readonly [K in keyof LineCounters]: number } = { ...nothingCounted }
  const splitter = createFrameSplitter()
  let lastHeardAt: Instant = clock.now()
  let talking: Timer | null = null

  function transmit(chunk: Buffer): void {
    const now = clock.now()
    if (now - lastHeardAt > maxGapInFrameMs) splitter.timeout()
    lastHeardAt = now
    counters.bytesFromMaster += chunk.length
    for (const { frame } of splitter.push(chunk)) {
      const request = parseRequest(frame)
      if (request.ok) hear(request.value, chunk.length)
    }
  }

  function hear(request: ReadRequest, requestBytes: number): void {
    counters.requests += 1
    if (talking !== null) {
      counters.collisions += 1
      return silence()
    }
    const now = clock.now()
    const meter = meterOn(settings.meters, request.address, now)
    if (meter === null) {
      counters.unanswered += 1
      return
    }
    const reply = heardBytes(answerRead(meter, request, now))
    const startsInMs = airtimeMs(settings.baud, requestBytes) + turnaroundMs(runtime.random, meter.address)
    talk(reply, 0, startsInMs)
  }

  /** The reply as the serial server hears it. */
  function heardBytes(reply: Buffer): Buffer {
    counters.replies += 1
    const start = reply.indexOf(frameStart)
    const frame = reply.subarray(start)
    if (frame.readUInt8(controlCodeOffset) === readRefusalCode) counters.refusals += 1
    const parts = ['line noise', settings.name, counters.replies] as const
    if (runtime.random.below(1000, ...parts) >= settings.damagedPermille) return reply
    counters.damagedReplies += 1
    return Buffer.concat([reply.subarray(0, start), damage(frame, runtime.random, ...parts)])
  }

  /** Hands over one chunk when its last byte has passed, then the next. */
  function talk(reply: Buffer, from: number, delayMs: number): void {
    const chunk = reply.subarray(from, from + serverChunkBytes)
    const to = from + chunk.length
    talking = clock.setTimer(delayMs + airtimeMs(settings.baud, chunk.length), () => {
      talking = null
      if (to < reply.length) talk(reply, to, 0)
      counters.bytesToMaster += chunk.length
      deliver(chunk)
    })
  }

  function silence(): void {
    talking?.cancel()
    talking = null
  }

  return { transmit, silence, counters: () => ({ ...counters }) }
}

function meterOn(meters: readonly LineMeter[], address: string, now: Instant): Dlt645Meter | null {
  const found = meters.find(
    ({ meter, from, to }) => meter.address === address && from <= now && (to === null || now < to),
  )
  return found?.meter ?? null
}

/** Whole milliseconds that bytes need on the line. */
function airtimeMs(baud: number, byteCount: number): number {
  return Math.ceil((byteCount * bitsPerByte * secondMs) / baud)
}

/** Each meter has its own, always the same. */
function turnaroundMs(random: Random, address: string): number {
  return minTurnaroundMs + random.below(turnaroundSpanMs, 'turnaround', address)
}
