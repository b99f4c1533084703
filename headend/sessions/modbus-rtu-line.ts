import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import modbusSerial from 'modbus-serial'
import { type MeterQuirks, noQuirks } from '../../domain/meter-quirks.js'
import type { BusTiming } from '../../domain/line-entries.js'
import type { Clock, Parity } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'
import { mismatchOf } from '../../protocols/modbus/match-exchange.js'
import { decodeReplyPdu } from '../../protocols/modbus/reply-pdu.js'
import type { ReadRegistersRequest } from '../../protocols/modbus/request-pdu.js'
import { encodeRtuAdu, type RtuAdu } from '../../protocols/modbus/rtu-adu.js'
import { createRtuSplitter } from '../../protocols/modbus/rtu-splitter.js'
import { type Bus, openBus } from './bus.js'
import { count, noTraffic } from './line-counters.js'
import { countsOf, type ModbusGateway, type RegistersOutcome, requestRegisters } from './modbus-gateway.js'
import { createSilences } from './silences.js'
import { bitsPerByte, firstByteTimeoutMs } from './reply-timeout.js'
import { ownLine, type TalkRight } from './talk-right.js'

export interface ModbusRtuOptions {
  readonly clock: Clock
  /** Opens the port or the connection; the parity is null behind a serial server, where it cannot be chosen. */
  readonly connect: (parity: Parity | null) => Promise<Duplex>
  readonly settings: BusTiming & { readonly parity?: Parity }
}

/** Silence that ends a message on the wire. */
const betweenMessagesBytes = 3.5
/** Serial servers pass on what they heard in pieces of their own. */
const leastSilenceMs = 50

type Heard = Exclude<RegistersOutcome['kind'], 'registers'> | RtuAdu

/** A Modbus RTU bus of its own behind a serial port or a raw TCP serial server. */
export function openModbusRtuLine({ clock, connect, settings }: ModbusRtuOptions): ModbusGateway {
  const { parity } = settings
  return modbusRtuOn(openBus({ clock, connect, ...(parity === undefined ? {} : { parity }) }), { clock, settings })
}

/**
 * The Modbus RTU session of a bus that sessions of other protocols may share. The library builds requests and takes replies apart;
 * which bytes are a message, and whose answer it is, is decided here before it hears of them.
 *
 * A reply in RTU framing does not say which request it answers: unit, function and number of registers are all there is. The reply to
 * a request that was not answered soundly may still come, however late. Before the same number of registers is asked for again, the
 * unit is asked for another number: it answers in the order in which it was asked, so that behind this answer nothing old can come.
 */
export function modbusRtuOn(bus: Bus, { clock, settings }: Omit<ModbusRtuOptions, 'connect'>): ModbusGateway {
  const splitter = createRtuSplitter('reply')
  const port = new LibraryPort()
  const modbus = new modbusSerial.default(port)
  // The port is ours and always open.
  modbus.open(() => undefined)
  /** By unit, the numbers of registers whose answers may still come, in the order in which they were asked for. */
  const owed = new Map<number, readonly number[]>()
  const silences = createSilences()
  let counters = noTraffic
  bus.onStray((stray) => {
    if (stray === 'line_down') splitter.timeout()
    else counters = count(counters, { bytesIn: stray.length, dropped: splitter.push(stray).length })
  })

  interface View {
    readonly quirks: MeterQuirks
    readonly right: TalkRight
  }

  /** One request and the message that answers it. */
  async function exchange(unitId: number, request: ReadRegistersRequest, { quirks, right }: View): Promise<Heard> {
    const { baud } = settings
    const replyTimeoutMs = quirks.replyTimeoutMs ?? settings.replyTimeoutMs
    const bytes = port.written()
    const betweenMessagesMs = Math.ceil((betweenMessagesBytes * bitsPerByte * secondMs) / baud)
    let discardedBefore = 0
    let heardBytes = 0
    let saidAt = clock.now()
    const answerIn = (adus: readonly RtuAdu[]): RtuAdu | null => {
      const answer = adus.find((adu) => answers(unitId, request, adu)) ?? null
      const dropped = adus.length - (answer === null ? 0 : 1)
      if (dropped > 0) counters = count(counters, { dropped })
      return answer
    }
    const heard = await bus.talk<Heard>({
      right,
      say: () => bytes,
      gapMs: Math.max(quirks.interFrameGapMs ?? settings.requestGapMs, betweenMessagesMs),
      firstByteMs: (requestBytes) => firstByteTimeoutMs({ baud, replyTimeoutMs }, requestBytes),
      silenceMs: Math.max(leastSilenceMs, replyTimeoutMs),
      echo: quirks.echo === true,
      ...(quirks.parity === undefined ? {} : { parity: quirks.parity }),
      onSaid() {
        splitter.timeout()
        discardedBefore = splitter.discardedBytes()
        saidAt = clock.now()
        counters = count(counters, { requests: 1, bytesOut: bytes.length })
      },
      hear(chunk) {
        heardBytes += chunk.length
        counters = count(counters, { bytesIn: chunk.length })
        return answerIn(splitter.push(chunk))
      },
      end(why) {
        if (why === 'line_lost') return why
        const answer = answerIn(splitter.timeout())
        if (answer !== null) return answer
        if (why !== 'timeout') return 'line_down'
        return splitter.discardedBytes() > discardedBefore ? 'damaged' : 'no_reply'
      },
    })
    const airtimeMs = heard === 'line_down' || heard === 'line_lost' ? 0 : clock.now() - saidAt
    counters = count(counters, { airtimeMs })
    if (typeof heard !== 'string') {
      silences.answered(String(unitId))
      counters = count(counters, { answeredMs: airtimeMs, answeredBytes: bytes.length + heardBytes })
    } else if (heard === 'no_reply') silences.silent(String(unitId))
    return heard
  }

  /** What the library makes of the one message that it gets to see. */
  async function ask(unitId: number, request: ReadRegistersRequest, view: View): Promise<RegistersOutcome> {
    modbus.setID(unitId)
    const answer = requestRegisters(modbus, request)
    const sent = port.written()
    const heard = await exchange(unitId, request, view)
    if (typeof heard === 'string') {
      counters = count(counters, countsOf(heard))
      return { kind: heard }
    }
    const response = encodeRtuAdu(heard)
    port.emit('data', response)
    const block = await answer
    counters = count(counters, block === 'refused' ? countsOf(block) : { replies: 1 })
    if (typeof block === 'string') return { kind: block }
    return { kind: 'registers', block, request: sent, response, receivedAt: clock.now() }
  }

  async function readRegisters(unitId: number, request: ReadRegistersRequest, view: View): Promise<RegistersOutcome> {
    const before = owed.get(unitId) ?? []
    if (!before.includes(request.count)) return askAfter(before, unitId, request, view)
    const otherCount = countToAsk(before, request.count)
    const probe = await askAfter(before, unitId, { ...request, count: otherCount }, view)
    if (probe.kind !== 'registers' && probe.kind !== 'refused') return { kind: probe.kind }
    return askAfter(before.at(-1) === otherCount ? [otherCount] : [], unitId, request, view)
  }

  async function askAfter(
    before: readonly number[],
    unitId: number,
    request: ReadRegistersRequest,
    view: View,
  ): Promise<RegistersOutcome> {
    const outcome = await ask(unitId, request, view)
    // What was not said is owed by nobody.
    if (outcome.kind === 'line_lost') return outcome
    const isAnswered = outcome.kind === 'registers' || outcome.kind === 'refused'
    owed.set(unitId, isAnswered ? [] : [...before.filter((each) => each !== request.count), request.count])
    return outcome
  }

  function viewOf(view: View): ModbusGateway {
    return {
      ready: (deadline) => bus.ready(deadline, view.quirks.parity),
      readRegisters: (unitId, request) => readRegisters(unitId, request, view),
      withQuirks: (quirks) => viewOf({ ...view, quirks }),
      under: (right) => viewOf({ ...view, right }),
      counters: () => ({ ...counters, deadTimeouts: silences.ofTheDead() }),
      close: () => bus.close(),
    }
  }
  return viewOf({ quirks: noQuirks, right: ownLine })
}

function answers(unitId: number, { function: code, start, count: registers }: ReadRegistersRequest, adu: RtuAdu) {
  const reply = decodeReplyPdu(adu.pdu)
  if (!reply.ok) return false
  const asked = { function: code, address: start, count: registers }
  return (
    mismatchOf(
      { transactionId: null, unit: unitId, message: asked },
      { transactionId: null, unit: adu.unitId, message: reply.value },
    ) === null
  )
}

/**
 * A number of registers other than the wanted one. The one that was asked for last may be asked for again: whatever else is owed came
 * before it.
 */
function countToAsk(owed: readonly number[], wanted: number): number {
  const last = owed.at(-1)
  if (last !== undefined && last !== wanted) return last
  for (let other = 1; ; other += 1) if (other !== wanted && !owed.includes(other)) return other
}

/** What the library takes for a port: it keeps what is written, and emits `data` with one whole message. */
class LibraryPort extends EventEmitter {
  readonly isOpen = true
  #request: Buffer = Buffer.alloc(0)

  open(done: (error: null) => void): void {
    done(null)
  }

  close(done: () => void): void {
    done()
  }

  write(bytes: Buffer): void {
    this.#request = Buffer.from(bytes)
  }

  /** The request that was written last. */
  written(): Buffer {
    return this.#request
  }
}
