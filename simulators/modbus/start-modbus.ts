import type { Duplex } from 'node:stream'
import type { Clock, Network } from '../../domain/runtime.js'
import { invariant } from '../../domain/result.js'
import type { MapListen, SerialSettings } from './map-file.js'
import { type DevicesByUnit, serveRtu, serveTcp } from './serve-stream.js'

/** An open serial port. `close` gives it back. */
export interface OpenSerialPort {
  readonly stream: Duplex
  readonly close: () => Promise<void>
}

export interface ModbusRuntime {
  readonly clock: Clock
  readonly network: Network
  readonly openSerialPort: (settings: SerialSettings) => Promise<OpenSerialPort>
}

/** Where a device can be reached. */
export type ModbusAccess =
  | { readonly protocol: 'modbus-tcp' | 'modbus-rtu'; readonly host: string; readonly port: number }
  | { readonly protocol: 'modbus-rtu'; readonly path: string; readonly baud: number }

export interface RunningModbus {
  readonly listening: readonly ModbusAccess[]
  readonly close: () => Promise<void>
}

interface Opened {
  readonly access: ModbusAccess
  readonly close: () => Promise<void>
}

/** Serves the same devices on every way in. When one cannot be opened, those that are open are closed again and it rejects. */
export async function startModbus(
  listen: readonly MapListen[],
  devices: DevicesByUnit,
  runtime: ModbusRuntime,
): Promise<RunningModbus> {
  const opened: Opened[] = []
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()))
  }
  try {
    for (const one of listen) opened.push(await open(one, devices, runtime))
  } catch (error) {
    await close()
    throw error
  }
  return { listening: opened.map(({ access }) => access), close }
}

async function open(
  { tcp, rtuTcp, serial }: MapListen,
  devices: DevicesByUnit,
  runtime: ModbusRuntime,
): Promise<Opened> {
  const { clock, network } = runtime
  if (serial !== undefined) {
    const { stream, close } = await runtime.openSerialPort(serial)
    serveRtu(stream, devices, clock)
    return { access: { protocol: 'modbus-rtu', path: serial.path, baud: serial.baud }, close }
  }
  const endpoint = tcp ?? rtuTcp
  invariant(endpoint !== undefined, 'a way in is one of tcp, rtuTcp, serial')
  const serve = tcp === undefined ? serveRtu : serveTcp
  const listener = await network.listen(endpoint, (socket) => serve(socket, devices, clock))
  const protocol = tcp === undefined ? 'modbus-rtu' : 'modbus-tcp'
  return { access: { protocol, ...listener.endpoint }, close: () => listener.close() }
}
