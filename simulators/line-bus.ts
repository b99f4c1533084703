import type { Clock, Random, Timer } from '../domain/runtime.js'
import { type Instant, secondMs } from '../domain/time.js'
import { refusalCode } from '../protocols/dlt645/control-code.js'
import type { Frame } from '../protocols/dlt645/frame.js'
import { createFrameSplitter } from '../protocols/dlt645/frame-splitter.js'
import { frameStart } from '../protocols/stream-splitter.js'
import { type BitNoise, noisyBytes } from './bit-noise.js'
import { damage } from './line-noise.js'
import { createLineMeters, type LineMeter } from './line-meters.js'

/** What really happened on a line, for comparison with what the head-end says. */
export interface LineCounters {
  /** Sound requests. */
  readonly requests: number
  readonly replies: number
  /** What the master sent and the noise changed on the way. */
  readonly damagedRequests: number
  /** Changed on purpose or by the noise. */
  readonly damagedReplies: number
  readonly refusals: number
  /** Requests to which no meter on the line answered. */
  readonly unanswered: number
  /** Talk into another's talk: a request into an exchange, or two meters of one address. What was said is lost. */
  readonly collisions: number
  readonly bytesFromMaster: number
  readonly bytesToMaster: number
}

export interface LineBusSettings {
  readonly name: string
  /** Bits per second; null for a carrier that costs no time. */
  readonly baud: number | null
  readonly meters: readonly LineMeter[]
  /** Share of reply frames that noise damages. */
  readonly damagedPermille: number
  readonly faults?: LineFaults
}

/** What else goes wrong on a line. */
export interface LineFaults {
  readonly noise?: BitNoise
  /** The adapter sends the master's own bytes back. */
  readonly echo?: boolean
  /** Added to each turnaround. */
  readonly extraDelayMs?: number
  /** Somebody talks unasked: so many random bytes, each time so long after the last. */
  readonly babble?: { readonly everyMs: number; readonly bytes: number }
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
  readonly close: () => void
}

/** Start, eight data bits, even parity, stop. */
const bitsPerByte = 11
const minTurnaroundMs = 20
const turnaroundSpanMs = 71
/** Bytes after which the serial server sends on what it has heard. */
const serverChunkBytes = 16
const maxGapInFrameMs = 500
const controlCodeOffset = 8
const readRefusalCode = refusalCode(0x11)
export const nothingCounted: LineCounters = {
  requests: 0,
  replies: 0,
  damagedRequests: 0,
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
  const { clock, random } = runtime
  const { name, baud, damagedPermille, faults = {} } = settings
  const counters: { -readonly [K in keyof LineCounters]: number } = { ...nothingCounted }
  const splitter = createFrameSplitter()
  const meters = createLineMeters(settings.meters)
  let lastHeardAt: Instant = clock.now()
  let talking: Timer | null = null
  /** A reply is on its way that nothing has changed yet. */
  let isReplySound = false
  let babbling = scheduleBabble(0)

  function transmit(chunk: Buffer): void {
    const now = clock.now()
    if (now - lastHeardAt > maxGapInFrameMs) splitter.timeout()
    lastHeardAt = now
    counters.bytesFromMaster += chunk.length
    if (faults.echo === true) sendOn(chunk)
    const arrived = heard(chunk)
    if (!arrived.equals(chunk)) counters.damagedRequests += 1
    for (const { frame, bytes } of splitter.push(arrived)) hear(frame, bytes.length, chunk.length)
  }

  function hear(frame: Frame, frameBytes: number, chunkBytes: number): void {
    counters.requests += 1
    if (talking !== null) {
      counters.collisions += 1
      return silence()
    }
    const now = clock.now()
    const answers = meters.answers(frame, now)
    const [first, second] = answers
    if (first === undefined) {
      counters.unanswered += 1
      return
    }
    isReplySound = true
    const reply = second === undefined ? spoken(first.reply) : collided(answers.map((each) => each.reply))
    const startsAt =
      now +
      airtimeMs(baud, Math.max(frameBytes, chunkBytes)) +
      turnaroundMs(random, first.address) +
      (faults.extraDelayMs ?? 0)
    talk(reply, 0, startsAt)
  }

  /** The reply as the serial server hears it. */
  function spoken(reply: Buffer): Buffer {
    counters.replies += 1
    const start = reply.indexOf(frameStart)
    const frame = reply.subarray(start)
    if (frame.readUInt8(controlCodeOffset) === readRefusalCode) counters.refusals += 1
    const parts = ['line noise', name, counters.replies] as const
    if (random.below(1000, ...parts) >= damagedPermille) return reply
    countDamagedReply()
    return Buffer.concat([reply.subarray(0, start), damage(frame, random, ...parts)])
  }

  /** Several talk at once: where one pulls the line low, it is low. */
  function collided(replies: readonly Buffer[]): Buffer {
    counters.collisions += 1
    const longest = Math.max(...replies.map((each) => each.length))
    return Buffer.from(
      Array.from({ length: longest }, (_, at) => replies.reduce((low, each) => low & (each[at] ?? 0xff), 0xff)),
    )
  }

  /** Hands over one chunk when its last byte has passed, then the next. Times are counted from the first byte, so no error adds up. */
  function talk(reply: Buffer, from: number, startsAt: Instant): void {
    const to = Math.min(from + serverChunkBytes, reply.length)
    talking = clock.setTimer(Math.max(0, startsAt + airtimeMs(baud, to) - clock.now()), () => {
      talking = null
      if (to < reply.length) talk(reply, to, startsAt)
      const chunk = reply.subarray(from, to)
      const arriving = heard(chunk)
      if (!arriving.equals(chunk)) countDamagedReply()
      sendOn(arriving)
    })
  }

  /** Once for each reply, on purpose or in however many of its chunks. */
  function countDamagedReply(): void {
    if (isReplySound) counters.damagedReplies += 1
    isReplySound = false
  }

  function heard(bytes: Buffer): Buffer {
    const { noise } = faults
    if (noise === undefined) return bytes
    return noisyBytes(bytes, noise, random, 'bit noise', name, counters.bytesFromMaster + counters.bytesToMaster)
  }

  function sendOn(bytes: Buffer): void {
    counters.bytesToMaster += bytes.length
    if (bytes.length > 0) deliver(bytes)
  }

  function scheduleBabble(count: number): Timer | null {
    const { babble } = faults
    if (babble === undefined) return null
    return clock.setTimer(babble.everyMs + airtimeMs(baud, babble.bytes), () => {
      blurt(Buffer.from(Array.from({ length: babble.bytes }, (_, at) => random.below(256, 'babble', name, count, at))))
      babbling = scheduleBabble(count + 1)
    })
  }

  /** Talks into whatever is being said, and at the line's rate like everybody. */
  function blurt(bytes: Buffer): void {
    if (talking !== null) counters.collisions += 1
    silence()
    isReplySound = false
    talk(bytes, 0, clock.now())
  }

  function silence(): void {
    talking?.cancel()
    talking = null
  }

  return {
    transmit,
    silence,
    counters: () => ({ ...counters }),
    close() {
      silence()
      babbling?.cancel()
    },
  }
}

/** Whole milliseconds after which so many bytes have passed. */
function airtimeMs(baud: number | null, byteCount: number): number {
  return baud === null ? 0 : Math.ceil((byteCount * bitsPerByte * secondMs) / baud)
}

/** Each meter has its own, always the same. */
function turnaroundMs(random: Random, address: string): number {
  return minTurnaroundMs + random.below(turnaroundSpanMs, 'turnaround', address)
}
