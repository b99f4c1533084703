import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../domain/runtime.js'
import type { Dlt645LineSettings } from '../../domain/registry-document.js'
import { invariant, unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { createFrameSplitter, type SplitFrame } from '../../protocols/dlt645/frame-splitter.js'
import { encodeMessage, type Message } from '../../protocols/dlt645/message.js'
import { createConnection } from './connection.js'
import {
  advanceExchange,
  type DropReason,
  type ExchangeInput,
  type ExchangeOutcome,
  type ExchangeState,
  startExchange,
} from './dlt645-exchange.js'
import { count, type LineCounters, noTraffic } from './line-counters.js'
import { firstByteTimeoutMs, longestReplyMs, silenceMs } from './reply-timeout.js'

/** Requests as they went out, wake-up bytes included, with what became of them. */
export interface Exchanged {
  readonly request: Buffer
  readonly outcome: ExchangeOutcome
  readonly receivedAt: Instant
  /** What else was heard meanwhile: for people who look for the reason. */
  readonly heard: Heard
}

export interface Heard {
  /** Sound frames that were not the awaited reply. */
  readonly dropped: readonly { readonly reason: DropReason; readonly bytes: Buffer }[]
  /** All bytes of an exchange that ended without a frame, as many as are kept. */
  readonly noise: Buffer
}

/** A DL/T 645 bus behind a serial port or a raw TCP serial server: one request in flight, requests one after the other. */
export interface Dlt645Line {
  /** False when no connection could be had before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  /** Why the last attempt to connect failed; null when none has. */
  readonly failure: () => unknown
  readonly exchange: (request: Message) => Promise<Exchanged>
  readonly counters: () => LineCounters
  readonly close: () => void
}

export interface Dlt645LineOptions {
  readonly clock: Clock
  readonly connect: () => Promise<Duplex>
  readonly settings: Omit<Dlt645LineSettings, 'host' | 'port'>
}

interface InFlight {
  state: ExchangeState
  readonly discardedBefore: number
  readonly damagedBefore: number
  readonly settle: (outcome: ExchangeOutcome) => void
  /** However slowly a reply comes, it is over then. */
  readonly endsAt: Instant
  timer: Timer | null
  readonly dropped: Heard['dropped'][number][]
  noise: Buffer
}

/** Bytes of a failed exchange that are kept for a look. */
const mostNoiseBytes = 512

export function openDlt645Line({ clock, connect, settings }: Dlt645LineOptions): Dlt645Line {
  const splitter = createFrameSplitter()
  let counters = noTraffic
  let inFlight: InFlight | null = null
  let quietFrom: Instant = Number.NEGATIVE_INFINITY

  const connection = createConnection({
    clock,
    connect,
    onData(chunk) {
      counters = count(counters, { bytesIn: chunk.length })
      if (inFlight !== null) goOnListening(inFlight, chunk)
      deliver(splitter.push(chunk))
    },
    onDown() {
      deliver(splitter.timeout())
      advance({ kind: 'line_down' })
    },
  })

  /** The reply has begun: from here on it is the silence between two bytes that ends it. */
  function goOnListening(exchange: InFlight, chunk: Buffer): void {
    exchange.noise = Buffer.concat([exchange.noise, chunk]).subarray(0, mostNoiseBytes)
    exchange.timer?.cancel()
    exchange.timer = clock.setTimer(
      Math.min(silenceMs(settings), Math.max(0, exchange.endsAt - clock.now())),
      onTimeout,
    )
  }

  function deliver(frames: readonly SplitFrame[]): void {
    for (const { frame, bytes } of frames) advance({ kind: 'frame', frame, bytes })
  }

  function advance(input: ExchangeInput): void {
    if (inFlight === null) {
      if (input.kind === 'frame') counters = count(counters, { dropped: 1 })
      return
    }
    const step = advanceExchange(inFlight.state, input)
    if (step.dropped !== null) counters = count(counters, { dropped: 1 })
    if (step.dropped !== null && input.kind === 'frame')
      inFlight.dropped.push({ reason: step.dropped, bytes: input.bytes })
    inFlight.state = step.state
    if (step.state.kind === 'settled') finish(inFlight, step.state.outcome)
  }

  function finish(exchange: InFlight, outcome: ExchangeOutcome): void {
    inFlight = null
    exchange.timer?.cancel()
    quietFrom = clock.now()
    counters = count(counters, countsOf(outcome))
    exchange.settle(outcome)
  }

  /** Partial bytes are flushed first, so that a good frame behind a garbled one still counts and no rest meets the next reply. */
  function onTimeout(): void {
    deliver(splitter.timeout())
    if (inFlight === null) return
    const { discardedBefore, damagedBefore } = inFlight
    const noise = splitter.discardedBytes > discardedBefore || splitter.damagedFrames > damagedBefore
    advance({ kind: 'timeout', noise })
  }

  function send(request: Message, bytes: Buffer): Promise<Pick<Exchanged, 'outcome' | 'heard'>> {
    const socket = connection.current()
    if (socket === null) return Promise.resolve({ outcome: { kind: 'line_down' }, heard: nothingHeard })
    return new Promise((resolve) => {
      const { discardedBytes: discardedBefore, damagedFrames: damagedBefore } = splitter
      const waitMs = firstByteTimeoutMs(settings, bytes.length)
      const exchange: InFlight = {
        state: startExchange(request),
        discardedBefore,
        damagedBefore,
        settle: (outcome) => resolve({ outcome, heard: heardIn(exchange, outcome) }),
        endsAt: clock.now() + waitMs + longestReplyMs,
        timer: clock.setTimer(waitMs, onTimeout),
        dropped: [],
        noise: Buffer.alloc(0),
      }
      inFlight = exchange
      counters = count(counters, { requests: 1, bytesOut: bytes.length })
      socket.write(bytes)
    })
  }

  return {
    ready: async (deadline) => (await connection.open(deadline)) !== null,
    failure: () => connection.failure(),
    async exchange(request) {
      invariant(inFlight === null, 'a half-duplex line carries one request at a time')
      const waitMs = quietFrom + settings.requestGapMs - clock.now()
      if (waitMs > 0) await clock.sleep(waitMs)
      const bytes = encodeMessage(request, { wakeUpBytes: settings.wakeUpBytes })
      const { outcome, heard } = await send(request, bytes)
      return { request: bytes, outcome, receivedAt: clock.now(), heard }
    },
    counters: () => counters,
    close: () => connection.close(),
  }
}

const nothingHeard: Heard = { dropped: [], noise: Buffer.alloc(0) }

function heardIn({ dropped, noise }: InFlight, { kind }: ExchangeOutcome): Heard {
  return { dropped, noise: kind === 'damaged' ? noise : nothingHeard.noise }
}

function countsOf(outcome: ExchangeOutcome): Partial<LineCounters> {
  switch (outcome.kind) {
    case 'data':
      return { replies: 1 }
    case 'refused':
      return { replies: 1, refused: 1 }
    case 'damaged':
      return { damaged: 1 }
    case 'no_reply':
      return { timeouts: 1 }
    case 'line_down':
      return {}
    default:
      return unreachable(outcome)
  }
}
