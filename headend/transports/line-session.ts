import type { Duplex } from 'node:stream'
import type { MeterQuirks } from '../../domain/meter-quirks.js'
import type { LineEntry, SerialEnd } from '../../domain/line-entries.js'
import type { Clock, Endpoint, Network, Parity, SerialPorts } from '../../domain/runtime.js'
import { unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { LineReader } from '../acquisition/line-reader.js'
import type { LineOf } from '../line-settings.js'
import { type Dlt645Line, openDlt645Line } from '../sessions/dlt645-line.js'
import { type ModbusGateway, openModbusGateway } from '../sessions/modbus-gateway.js'
import { openModbusRtuLine } from '../sessions/modbus-rtu-line.js'
import type { TalkRight } from '../sessions/talk-right.js'
import { createDlt645Reader } from './dlt645-reader.js'
import { createModbusReader } from './modbus-reader.js'

/** A line that is asked, as opposed to a concentrator that delivers. */
export type AskedLine = LineOf<Exclude<LineEntry['kind'], 'mqtt_concentrator'>>

/** What DL/T 645 prescribes, and what a serial server in front of its meters is set to. */
const standardParity: Parity = 'even'

export interface LineSessionOptions {
  readonly clock: Clock
  readonly network: Network
  readonly serialPorts: SerialPorts
  readonly line: AskedLine
  /** The midnight that opens the window. */
  readonly newestMidnight: Instant
  readonly quirksOf: (model: string) => MeterQuirks
  /** Under which anything is said on it. */
  readonly right: TalkRight
}

/** A line that is being asked: what the plan's due points need of it, and the session itself for every other read. */
export interface LineSession {
  readonly reader: LineReader
  /** Null on a Modbus line. */
  readonly dlt645: Dlt645Line | null
  /** Null on a DL/T 645 line. */
  readonly modbus: ModbusGateway | null
}

/** Nothing is opened before the reader is asked to be ready. */
export function openLineSession(options: LineSessionOptions): LineSession {
  const { clock, network, line, newestMidnight, quirksOf, right } = options
  switch (line.kind) {
    case 'dlt645_tcp':
    case 'dlt645_serial': {
      const { settings } = line
      const parity = 'parity' in settings ? settings.parity : standardParity
      const dlt645 = openDlt645Line({ clock, connect: connectorOf(options, settings), settings }).under(right)
      return {
        reader: createDlt645Reader({ clock, line: dlt645, parity, newestMidnight, quirksOf }),
        dlt645,
        modbus: null,
      }
    }
    case 'modbus_rtu_tcp':
    case 'modbus_rtu_serial': {
      const { settings } = line
      const modbus = openModbusRtuLine({ clock, connect: connectorOf(options, settings), settings }).under(right)
      return {
        reader: createModbusReader({ gateway: modbus, protocol: 'modbus_rtu', quirksOf }),
        dlt645: null,
        modbus,
      }
    }
    case 'modbus_tcp': {
      const modbus = openModbusGateway({ clock, network, settings: line.settings }).under(right)
      return {
        reader: createModbusReader({ gateway: modbus, protocol: 'modbus_tcp', quirksOf }),
        dlt645: null,
        modbus,
      }
    }
    default:
      return unreachable(line)
  }
}

/** How a bus is opened: the connection to its serial server, or the port with the parity that is wanted now. */
function connectorOf(
  { network, serialPorts }: Pick<LineSessionOptions, 'network' | 'serialPorts'>,
  settings: Endpoint | (SerialEnd & { readonly baud: number }),
): (parity: Parity | null) => Promise<Duplex> {
  if (!('path' in settings)) return () => network.connect(settings)
  const { path, baud, stopBits } = settings
  return (parity) => serialPorts.open({ path, baud, stopBits, parity: parity ?? settings.parity })
}
