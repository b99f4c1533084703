import type { Duplex } from 'node:stream'
import { present } from '../../domain/result.js'
import type { Clock, Endpoint, Network, Random } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'
import { envelopeProfiles } from '../../protocols/concentrator/envelope-profiles.js'
import { type Broker, startBroker } from '../broker.js'
import {
  type Concentrator,
  type ConcentratorCounters,
  type ConcentratorSettings,
  startConcentrator,
} from '../concentrator.js'
import { createLineBus, type LineBus, type LineBusSettings, type LineCounters } from '../line-bus.js'
import { startRs485Line } from '../rs485-line.js'
import { meterGroup } from './field-meters.js'
import type { FieldConcentrator, FieldLine, UtilityFile } from './utility-file.js'

/** A byte stream that stands for a serial line: a pseudo terminal or a real port. `close` gives it back. */
export interface LineStream {
  readonly stream: Duplex
  readonly close: () => Promise<void>
}

export interface FieldRuntime {
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
  /** Makes a pseudo terminal and names its master's end by a link at the path. */
  readonly openPty: (path: string) => Promise<LineStream>
  readonly openSerialPort: (settings: SerialLine) => Promise<LineStream>
  /** A pseudo terminal or serial port has gone away by itself; the other lines go on. */
  readonly onLost: (line: string) => void
}

export interface SerialLine {
  readonly path: string
  readonly baud: number
  readonly parity: 'even' | 'none'
  readonly stopBits: 1
}

/** Where a line can be reached. */
export interface FieldAccess {
  readonly line: string
  readonly kind: 'tcp' | 'pty' | 'serial' | 'mqtt'
  readonly at: string
  readonly baud: number | null
  readonly meters: number
}

export interface RunningField {
  readonly access: readonly FieldAccess[]
  readonly counters: () => ReadonlyMap<string, LineCounters>
  readonly concentrators: () => ReadonlyMap<string, ConcentratorCounters>
  readonly close: () => Promise<void>
}

interface RunningLine {
  readonly access: FieldAccess
  readonly counters: () => LineCounters
  readonly close: () => Promise<void>
}

/** Real serial ports that carry a `carrier` line are opened at this rate. */
const usualBaud = 2400

/** Puts every line of a utility file on its way in. When one cannot be opened, those that are open are closed again and it rejects. */
export async function startField(file: UtilityFile, runtime: FieldRuntime): Promise<RunningField> {
  const lines: RunningLine[] = []
  const concentrators: Concentrator[] = []
  let broker: Broker | null = null
  const close = async (): Promise<void> => {
    await Promise.all([...lines, ...concentrators].map((each) => each.close()))
    await broker?.close()
  }
  try {
    for (const line of file.lines.flatMap(repeated)) lines.push(await startLine(line, file, runtime))
    if (file.broker?.embedded === true) broker = await startBroker(file.broker, runtime.network)
    const endpoint = broker?.endpoint ?? file.broker
    for (const each of file.concentrators)
      if (endpoint !== undefined)
        concentrators.push(await startConcentrator(concentratorSettings(each, endpoint, file), runtime))
    const mqtt = file.concentrators.map(({ name, meters }) => ({
      line: name,
      kind: 'mqtt' as const,
      at: `mqtt://${endpoint?.host}:${endpoint?.port}`,
      baud: null,
      meters: meters.count,
    }))
    return {
      access: [...lines.map(({ access }) => access), ...mqtt],
      counters: () => new Map(lines.map(({ access, counters }) => [access.line, counters()])),
      concentrators: () => new Map(concentrators.map(({ code, counters }) => [code, counters()])),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function concentratorSettings(
  each: FieldConcentrator,
  broker: Endpoint,
  { seed, energisedFrom }: UtilityFile,
): ConcentratorSettings {
  const { name, profile, meters, table, collectAtMinute, metersPerBatch, receiptTimeoutSeconds, duplicatedPermille } =
    each
  return {
    code: name,
    broker,
    profile: present(envelopeProfiles.get(profile), `envelope profile ${profile}`),
    meters: meterGroup(meters, { seed, energisedFrom: Date.parse(energisedFrom) }),
    ...(table === undefined ? {} : { table }),
    collectAtMinute,
    metersPerBatch,
    receiptTimeoutMs: receiptTimeoutSeconds * secondMs,
    duplicatedPermille,
  }
}

/** Lines that repeat one, with names, ports and addresses that count on. */
export function repeated(line: FieldLine): readonly FieldLine[] {
  const { repeat, name, access, meters } = line
  if (repeat === 1) return [line]
  return Array.from({ length: repeat }, (_, index) => ({
    ...line,
    repeat: 1,
    name: `${name}-${index + 1}`,
    access:
      access.tcp === undefined || access.tcp.port === 0
        ? access
        : { tcp: { ...access.tcp, port: access.tcp.port + index } },
    meters: {
      ...meters,
      firstAddress: String(BigInt(meters.firstAddress) + BigInt(index * meters.count)).padStart(12, '0'),
    },
  }))
}

async function startLine(line: FieldLine, file: UtilityFile, runtime: FieldRuntime): Promise<RunningLine> {
  const settings = busSettings(line, file)
  const { tcp, pty, serial } = line.access
  if (tcp !== undefined) return startTcpLine(line, settings, tcp, runtime)
  const opened =
    serial === undefined
      ? await runtime.openPty(pty ?? '')
      : await runtime.openSerialPort({ path: serial, baud: settings.baud ?? usualBaud, parity: 'even', stopBits: 1 })
  const bus = attachBus(settings, runtime, opened.stream)
  let isClosing = false
  opened.stream.once('close', () => {
    if (!isClosing) runtime.onLost(line.name)
  })
  return {
    access: accessOf(line, settings, serial === undefined ? 'pty' : 'serial', serial ?? pty ?? ''),
    counters: bus.counters,
    async close() {
      isClosing = true
      bus.close()
      await opened.close()
    },
  }
}

async function startTcpLine(
  line: FieldLine,
  settings: LineBusSettings,
  endpoint: Endpoint,
  runtime: FieldRuntime,
): Promise<RunningLine> {
  const outages = line.faults.outages.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
  const running = await startRs485Line({ ...settings, endpoint, outages }, runtime)
  return {
    access: accessOf(line, settings, 'tcp', `${running.endpoint.host}:${running.endpoint.port}`),
    counters: running.counters,
    close: running.close,
  }
}

function attachBus(settings: LineBusSettings, runtime: FieldRuntime, stream: Duplex): LineBus {
  const bus = createLineBus(settings, runtime, (chunk) => void stream.write(chunk))
  stream.on('data', (chunk: Buffer) => bus.transmit(chunk))
  // The end of the stream is noticed by whoever opened it.
  stream.on('error', () => undefined)
  return bus
}

function busSettings({ name, baud, meters, faults }: FieldLine, { seed, energisedFrom }: UtilityFile): LineBusSettings {
  const { damagedPermille, noise, echo, extraDelayMs, babble } = faults
  return {
    name,
    baud: baud === 'carrier' ? null : baud,
    meters: meterGroup(meters, { seed, energisedFrom: Date.parse(energisedFrom) }),
    damagedPermille,
    faults: {
      ...(noise === undefined ? {} : { noise }),
      echo,
      extraDelayMs,
      ...(babble === undefined ? {} : { babble }),
    },
  }
}

function accessOf(line: FieldLine, { baud }: LineBusSettings, kind: FieldAccess['kind'], at: string): FieldAccess {
  return { line: line.name, kind, at, baud, meters: line.meters.count }
}
