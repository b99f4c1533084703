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
  type ExchangeInput,
  type ExchangeOutcome,
  type ExchangeState,
  startExchange,
} from './dlt645-exchange.js'
import { count, type LineCounters, noTraffic } from './line-counters.js'
import { replyTimeoutMs } from './reply-timeout.js'

/** Requests as they went out, wake-up bytes included, with what became of them. */
export interface Exchanged {
  readonly request: Buffer
  readonly outcome: ExchangeOutcome
  readonly receivedAt: Instant
}

/** A DL/T 645 bus behind a serial port or a raw TCP serial server: one request in flight, requests one after the other. */
export interface Dlt645Line {
  /** False when no connection could be had before the deadline. */
  readonly ready: (deadline: Instant) => Promise<boolean>
  /** `replyDataBytes`: most data bytes that the reply may carry, identifier included. */
  readonly exchange: (request: Message, replyDataBytes: number) => Promise<Exchanged>
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
  timer: Timer | null
}

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
      deliver(splitter.push(chunk))
    },
    onDown() {
      deliver(splitter.timeout())
      advance({ kind: 'line_down' })
    },
  })

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

  function send(request: Message, bytes: Buffer, timeoutMs: number): Promise<ExchangeOutcome> {
    const socket = connection.current()
    if (socket === null) return Promise.resolve({ kind: 'line_down' })
    return new Promise((settle) => {
      const { discardedBytes: discardedBefore, damagedFrames: damagedBefore } = splitter
      inFlight = { state: startExchange(request), discardedBefore, damagedBefore, settle, timer: null }
      inFlight.timer = clock.setTimer(timeoutMs, onTimeout)
      counters = count(counters, { requests: 1, bytesOut: bytes.length })
      socket.write(bytes)
    })
  }

  return {
    ready: async (deadline) => (await connection.open(deadline)) !== null,
    async exchange(request, replyDataBytes) {
      invariant(inFlight === null, 'a half-duplex line carries one request at a time')
      const waitMs = quietFrom + settings.requestGapMs - clock.now()
      if (waitMs > 0) await clock.sleep(waitMs)
      const bytes = encodeMessage(request, { wakeUpBytes: settings.wakeUpBytes })
      const outcome = await send(request, bytes, replyTimeoutMs(settings, bytes.length, replyDataBytes))
      return { request: bytes, outcome, receivedAt: clock.now() }
    },
    counters: () => counters,
    close: () => connection.close(),
  }
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
