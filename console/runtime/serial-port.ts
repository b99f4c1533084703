import { UserError } from '../../domain/errors.js'
import type { SerialPorts, SerialSettings } from '../../domain/runtime.js'
import type { OpenSerialPort } from '../../simulators/modbus/start-modbus.js'

/** The serial ports of this machine. */
export function createSerialPorts(): SerialPorts {
  return { open: async (settings) => (await openSerialPort(settings)).stream }
}

/**
 * A serial port, or a pseudo terminal that stands for one. The native module is loaded when the first port is opened, so that no
 * other command depends on it.
 * @throws UserError `serial_port_failed`.
 */
export async function openSerialPort({ path, baud, parity, stopBits }: SerialSettings): Promise<OpenSerialPort> {
  const { SerialPort } = await import('serialport')
  const port = new SerialPort({ path, baudRate: baud, dataBits: 8, parity, stopBits, autoOpen: false })
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null || error === undefined) return resolve()
      reject(
        new UserError('serial_port_failed', `${path}: 打不开 cannot be opened: ${error.message}`, { cause: error }),
      )
    })
  })
  const closeThen = (done: () => void) => (port.isOpen ? port.close(done) : done())
  // The library leaves the port open when its stream is destroyed.
  port._destroy = (error, done) => closeThen(() => done(error))
  return { stream: port, close: () => new Promise((closed) => closeThen(closed)) }
}
