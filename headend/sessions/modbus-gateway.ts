import type { Socket } from 'node:net'
import modbusSerial from 'modbus-serial'
import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { ModbusLineSettings } from '../../domain/line-entries.js'
import { unreachable } from '../../domain/result.js'
import type { Clock, Network } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { encodeRequestPdu, type ReadRegistersRequest } from '../../protocols/modbus/request-pdu.js'
import { encodeTcpAdu, takeTcpAdu } from '../../protocols/modbus/tcp-adu.js'
import { createConnection } from './connection.js'
import { count, type LineCounters, noTraffic } from './line-counters.js'
import { ownLine, type TalkRight } from './talk-right.js'

/** Longest wait for a gateway's reply, the serial side behind it included. */
const replyTimeoutMs = 3 * secondMs
/** MBAP header, function, start and count. */
const requestBytes = 12

export type RegistersOutcome =
  | {
      readonly kind: 'registers'
      readonly block: Buffer
      /** Both ADUs as they went over the wire. */
      readonly request: Buffer
      readonly response: Buffer
      readonly receivedAt: Instant
    }
  /** `line_lost`: the line may be another's by now, and nothing was said. */
  | { readonly kind: 'refused' | 'damaged' | 'no_reply' | 'line_down' | 'line_lost' }

/** A Modbus TCP gateway or an RTU bus, asked one request at a time. */
export interface ModbusGateway {
  readonly ready: (deadline: Instant) => Promise<boolean>
  readonly readRegisters: (unitId: number, request: ReadRegistersRequest) => Promise<RegistersOutcome>
  /** The same, spoken to as meters of these quirks need it. A TCP gateway keeps them from us. */
  readonly withQuirks: (quirks: MeterQuirks) => ModbusGateway
  /** The same, on which nothing is said any more once the right to talk has ended. */
  readonly under: (right: TalkRight) => ModbusGateway
  readonly counters: () => LineCounters
  readonly close: () => void
}

export interface ModbusGatewayOptions {
  readonly clock: Clock
  readonly network: Network
  readonly settings: ModbusLineSettings
}

/**
 * The library parses and matches replies on a socket that the network gave; it sets no timer of its own, because only the
 * injected clock may decide an outcome. After a timeout the connection is given up, so that no late reply meets a later request.
 */
export function openModbusGateway({ clock, network, settings }: ModbusGatewayOptions): ModbusGateway {
  let counters = noTraffic
  let received = Buffer.alloc(0)
  let client: { readonly socket: Socket; readonly modbus: InstanceType<typeof modbusSerial.default> } | null = null
  let onDown: () => void = () => undefined

  const connection = createConnection({
    clock,
    connect: () => network.connect(settings),
    onData(chunk) {
      counters = count(counters, { bytesIn: chunk.length })
      received = Buffer.concat([received, chunk])
    },
    onDown: () => onDown(),
  })

  async function clientOn(socket: Socket): Promise<InstanceType<typeof modbusSerial.default>> {
    if (client?.socket === socket) return client.modbus
    const modbus = new modbusSerial.default()
    // What goes wrong on the socket reaches us through its own events.
    modbus.on('error', () => undefined)
    await modbus.linkTCP(socket, { port: settings.port })
    client = { socket, modbus }
    return modbus
  }

  /** The library's answer, our clock's patience, or the end of the connection, whichever comes first. */
  async function ask(
    socket: Socket,
    { unitId, request, right }: { unitId: number; request: ReadRegistersRequest; right: TalkRight },
  ): Promise<Buffer | Failure> {
    const modbus = await clientOn(socket)
    if (!right.isSafe()) return 'line_lost'
    counters = count(counters, { requests: 1, bytesOut: requestBytes })
    modbus.setID(unitId)
    return new Promise((resolve) => {
      const timer = clock.setTimer(replyTimeoutMs, () => settle('no_reply'))
      const settle = (result: Buffer | Failure): void => {
        timer.cancel()
        onDown = () => undefined
        resolve(result)
      }
      onDown = () => settle('line_down')
      void requestRegisters(modbus, request).then(settle)
    })
  }

  const viewUnder = (right: TalkRight): ModbusGateway => ({
    ready: async (deadline) => (await connection.open(deadline)) !== null,
    async readRegisters(unitId, request) {
      const socket = connection.current()
      if (socket === null) return { kind: 'line_down' }
      received = Buffer.alloc(0)
      const answer = await ask(socket, { unitId, request, right })
      if (typeof answer === 'string') {
        counters = count(counters, countsOf(answer))
        if (answer === 'no_reply') connection.close()
        return { kind: answer }
      }
      counters = count(counters, { replies: 1 })
      return evidenceOf(received, request, answer, clock.now())
    },
    withQuirks: () => viewUnder(right),
    under: viewUnder,
    counters: () => counters,
    close: () => connection.close(),
  })
  return viewUnder(ownLine)
}

/** The library builds the request and writes it at once; this resolves when it has understood the reply. */
export function requestRegisters(
  modbus: InstanceType<typeof modbusSerial.default>,
  { function: code, start, count: registers }: ReadRegistersRequest,
): Promise<Buffer | 'refused' | 'damaged'> {
  const reading =
    code === 3 ? modbus.readHoldingRegisters(start, registers) : modbus.readInputRegisters(start, registers)
  return reading.then(({ buffer }) => buffer, failureOf)
}

type Failure = Exclude<RegistersOutcome['kind'], 'registers'>

/** An exception is the meter's own word; anything else that the library rejects is a reply that does not hold. */
function failureOf(error: unknown): 'refused' | 'damaged' {
  return error instanceof Error && 'modbusCode' in error ? 'refused' : 'damaged'
}

export function countsOf(failure: Failure): Partial<LineCounters> {
  switch (failure) {
    case 'refused':
      return { replies: 1, refused: 1 }
    case 'damaged':
      return { damaged: 1 }
    case 'no_reply':
      return { timeouts: 1 }
    case 'line_down':
    case 'line_lost':
      return {}
    default:
      return unreachable(failure)
  }
}

/** The reply's own bytes; the request's follow from them exactly, since the reply repeats transaction and unit. */
function evidenceOf(
  received: Buffer,
  { function: code, start, count: registers }: ReadRegistersRequest,
  block: Buffer,
  receivedAt: Instant,
): RegistersOutcome {
  const taken = takeTcpAdu(received)
  if (!taken.ok || taken.value === null) return { kind: 'damaged' }
  const { adu, rest } = taken.value
  const pdu = encodeRequestPdu({ function: code, address: start, count: registers })
  const response = Buffer.from(received.subarray(0, received.length - rest.length))
  return { kind: 'registers', block, request: encodeTcpAdu({ ...adu, pdu }), response, receivedAt }
}
