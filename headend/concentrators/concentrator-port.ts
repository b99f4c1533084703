import { type Clock, holding, type Timer } from '../../domain/runtime.js'
import { secondMs, type Instant } from '../../domain/time.js'
import { type EncodedEnvelope, encodeEnvelope } from '../../protocols/concentrator/encode-envelope.js'
import { emptyContent, type EnvelopeContent } from '../../protocols/concentrator/envelope-content.js'
import { encodeReadMessage, type Message } from '../../protocols/dlt645/message.js'
import type { Dlt645Line, Exchanged, Heard } from '../sessions/dlt645-line.js'
import type { DropReason, ExchangeOutcome } from '../sessions/dlt645-exchange.js'
import { count, type LineCounters, noTraffic } from '../sessions/line-counters.js'
import { ownLine, type TalkRight } from '../sessions/talk-right.js'
import {
  advanceTransparent,
  isFree,
  type TransparentDropReason,
  type TransparentInput,
  type TransparentState,
} from '../sessions/transparent-port.js'
import { downTopicOf, type Uplink } from './uplink.js'

/** The one half-duplex port behind a concentrator that passes frames through. */
export interface ConcentratorPort {
  /** A line like any other, with counters of its own. Requests of all lines on a port wait for each other. */
  readonly openLine: () => Dlt645Line
  /** An answer, or null for a message that could not be read. @returns whether it was the awaited one. */
  readonly hear: (content: Pick<EnvelopeContent, 'messageId' | 'frames' | 'failure'> | null) => boolean
  /** The broker's connection is lost. */
  readonly lineDown: () => void
  /** Frames and messages that answered nothing, by why. */
  readonly dropped: () => Readonly<Partial<Record<TransparentDropReason, number>>>
}

export interface ConcentratorPortOptions {
  readonly uplink: Uplink
  readonly clock: Clock
  readonly isConnected: () => boolean
  readonly publish: (message: EncodedEnvelope) => Promise<void>
}

interface InFlight {
  readonly settle: (outcome: ExchangeOutcome) => void
  readonly dropped: Heard['dropped'][number][]
}

const nothing = { dropped: [], noise: Buffer.alloc(0) }
/** While the broker is away, it is looked for this often. */
const lookAgainMs = 5 * secondMs
const messageIdModulus = 100

/** Whether frames can be sent through the concentrator at all; some take orders to read values only. */
export function passesFrames({ profile, device }: Uplink): boolean {
  const frames = [{ bytes: Buffer.from([0x68]), meter: '000000000000', time: null }]
  const asked = { ...emptyContent, concentrator: device, messageId: '1', frames }
  return profile.channels.down !== undefined && encodeEnvelope(profile, 'down', asked) !== null
}

export function openConcentratorPort({
  uplink,
  clock,
  isConnected,
  publish,
}: ConcentratorPortOptions): ConcentratorPort {
  const { profile, device } = uplink
  const { by: rule, timeoutSeconds } = profile.correlation
  const dropped: Partial<Record<TransparentDropReason, number>> = {}
  const freed: (() => void)[] = []
  let state: TransparentState = { kind: 'idle' }
  let inFlight: InFlight | null = null
  let timer: Timer | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let asked = 0

  function advance(input: TransparentInput, bytes: Buffer): boolean {
    const step = advanceTransparent(rule, state, input)
    state = step.state
    for (const reason of step.dropped) {
      dropped[reason] = (dropped[reason] ?? 0) + 1
      if (isOfLine(reason)) inFlight?.dropped.push({ reason, bytes })
    }
    if (step.outcome !== null) {
      timer?.cancel()
      inFlight?.settle(step.outcome)
      inFlight = null
    }
    if (state.kind === 'draining' && step.outcome !== null) timer = waitFor('drained')
    if (isFree(state)) {
      timer?.cancel()
      for (const go of freed.splice(0)) go()
    }
    return step.outcome !== null
  }

  function waitFor(kind: 'timeout' | 'drained'): Timer {
    return clock.setTimer(timeoutSeconds * secondMs, () => advance({ kind }, nothing.noise))
  }

  /** Never one that was used before, by this process or an earlier one: concentrators answer a known id from their memory. */
  function nextMessageId(): string {
    asked = (asked + 1) % messageIdModulus
    return `${clock.now()}${String(asked).padStart(2, '0')}`
  }

  function envelopeOf(request: Message, bytes: Buffer, messageId: string): EncodedEnvelope | null {
    const frames = [{ bytes, meter: request.address, time: null }]
    const content = { ...emptyContent, concentrator: device, meter: request.address, messageId, frames }
    const message = encodeEnvelope(profile, 'down', content)
    const topic = downTopicOf(uplink, 'down', request.address)
    return message === null || topic === null ? null : { ...message, topic }
  }

  async function ask(request: Message, bytes: Buffer, right: TalkRight): Promise<Exchanged> {
    if (!isFree(state)) await new Promise<void>((go) => freed.push(go))
    const messageId = nextMessageId()
    const envelope = envelopeOf(request, bytes, messageId)
    if (envelope === null || !isConnected()) return outcomeOf(bytes, { kind: 'line_down' }, [])
    if (!right.isSafe()) return outcomeOf(bytes, { kind: 'line_lost' }, [])
    const heard: InFlight['dropped'] = []
    const outcome = new Promise<ExchangeOutcome>((settle) => {
      inFlight = { settle, dropped: heard }
    })
    advance({ kind: 'send', request, messageId: rule === 'message_id' ? messageId : null }, bytes)
    timer = waitFor('timeout')
    // What the broker does not take over is lost with its connection, which ends the exchange; a slow broker uses up our patience.
    holding(clock, () => publish(envelope)).catch(() => advance({ kind: 'line_down' }, bytes))
    return outcomeOf(bytes, await outcome, heard)
  }

  function outcomeOf(request: Buffer, outcome: ExchangeOutcome, heard: InFlight['dropped']): Exchanged {
    return { request, outcome, receivedAt: clock.now(), heard: { ...nothing, dropped: heard } }
  }

  async function ready(deadline: Instant): Promise<boolean> {
    while (!isConnected()) {
      if (clock.now() + lookAgainMs >= deadline) return false
      await clock.sleep(lookAgainMs)
    }
    return true
  }

  function openLine(): Dlt645Line {
    let counters: LineCounters = noTraffic

    function inTurn(request: Message, bytes: Buffer, right: TalkRight): Promise<Exchanged> {
      const done = turn.then(async () => {
        const exchanged = await ask(request, bytes, right)
        counters = count(counters, trafficOf(exchanged))
        return exchanged
      })
      turn = done.catch(() => undefined)
      return done
    }

    function viewUnder(right: TalkRight): Dlt645Line {
      const line: Dlt645Line = {
        ready,
        failure: () => null,
        exchange: (request) => inTurn(request, encodeReadMessage(request), right),
        // Nobody can say when a concentrator passes a frame on; what changes a meter does not go that way.
        write: () => Promise.resolve({ kind: 'unsent', reason: 'line_kind_unsupported' }),
        // A concentrator keeps its meters' time itself and passes on only what gets an answer.
        broadcast: () => Promise.resolve('line_kind_unsupported'),
        // The concentrator speaks to its meters as it was set up; what one of them needs is its business.
        withQuirks: () => line,
        under: viewUnder,
        counters: () => counters,
        close: () => undefined,
      }
      return line
    }
    return viewUnder(ownLine)
  }

  return {
    openLine,
    hear(content) {
      if (content === null) return advance({ kind: 'noise' }, nothing.noise)
      return advance({ kind: 'message', content }, Buffer.concat(content.frames.map(({ bytes }) => bytes)))
    },
    lineDown: () => void advance({ kind: 'line_down' }, nothing.noise),
    dropped: () => ({ ...dropped }),
  }
}

/** Frames only: the envelope's own bytes are not the line's. */
function trafficOf({ request, outcome: { kind, ...rest }, heard }: Exchanged): Partial<LineCounters> {
  const answer = 'bytes' in rest ? rest.bytes.length : 0
  const isSaid = kind !== 'line_down' && kind !== 'line_lost'
  const others = heard.dropped.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return {
    requests: isSaid ? 1 : 0,
    replies: kind === 'data' || kind === 'refused' ? 1 : 0,
    refused: kind === 'refused' ? 1 : 0,
    damaged: kind === 'damaged' ? 1 : 0,
    timeouts: kind === 'no_reply' ? 1 : 0,
    bytesOut: isSaid ? request.length : 0,
    bytesIn: answer + others,
    dropped: heard.dropped.length,
  }
}

function isOfLine(reason: TransparentDropReason): reason is DropReason {
  return reason !== 'wrong_message' && reason !== 'frame_damaged'
}
