import type { Duplex } from 'node:stream'
import { UserError } from '../../domain/errors.js'
import type { Network } from '../../domain/runtime.js'
import { openSerialPort } from '../runtime/serial-port.js'

export interface SerialFlags {
  readonly parity: 'even' | 'odd' | 'none'
}

/** How a line that the user named is opened at a rate: `tcp://host:port` of a raw serial server, or the path of a serial port. */
export function lineOpener(
  line: string,
  { parity }: SerialFlags,
  network: Network,
): (baud: number) => () => Promise<Duplex> {
  const expected = `--line ${line}: 应为 expected tcp://host:port, or the path of a serial port 串口路径`
  if (/^[a-z][\w+.-]*:\/\//i.test(line) && !line.startsWith('tcp:'))
    throw new UserError('bad_input', `${expected}; 线路写法不认识 unknown form of line`)
  if (!line.startsWith('tcp:'))
    return (baud) => async () => (await openSerialPort({ path: line, baud, parity, stopBits: 1 })).stream
  const url = URL.canParse(line) ? new URL(line) : null
  if (url === null || url.hostname === '' || url.port === '') throw new UserError('bad_input', expected)
  const endpoint = { host: url.hostname, port: Number(url.port) }
  return () => () => network.connect(endpoint)
}
