import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { Result } from '../../../domain/result.js'
import { parseMeterModel } from '../../../protocols/modbus/meter-model.js'
import { devicesOf } from '../../../simulators/modbus/map-devices.js'
import { type MapListen, type ModbusMapError, parseModbusMap } from '../../../simulators/modbus/map-file.js'
import { type ModbusAccess, startModbus } from '../../../simulators/modbus/start-modbus.js'
import { documentErrorText } from '../../../domain/yaml-document.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { openSerialPort } from '../../runtime/serial-port.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { asPortError } from '../port-error.js'
import { readText } from '../read-text.js'
import { untilInterrupted } from '../until-interrupted.js'

interface SimModbusFlags {
  readonly map: string
  readonly serial?: string
  readonly json?: true
}

export function addSimModbusCommand(sim: Command, io: Io): void {
  sim
    .command('modbus')
    .description('模拟 Modbus 设备，TCP 与 RTU  Modbus devices over TCP and RTU, until Ctrl-C')
    .requiredOption('--map <file>', '设备与寄存器文件 devices and what they hold (YAML)')
    .option('--serial <path>', '另在此串口应答 also answer on this serial port (9600 8E1)')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: SimModbusFlags) => simulateModbus(io, flags))
}

/** Answers until it is interrupted, then closes what it opened. */
async function simulateModbus(io: Io, flags: SimModbusFlags): Promise<void> {
  const file = resolve(io.cwd, flags.map)
  const map = valueOf(parseModbusMap(readText(file), flags.map))
  const clock = createRealClock()
  const readModel = (path: string) => parseMeterModel(readText(resolve(dirname(file), path)), path)
  const devices = valueOf(devicesOf(map, { file: flags.map, readModel, startedAt: clock.now() }))
  const listen = flags.serial === undefined ? map.listen : [...map.listen, serialLine(flags.serial)]
  const interrupted = untilInterrupted(io)
  try {
    const runtime = { clock, network: createRealNetwork(), openSerialPort }
    const running = await startModbus(listen, devices, runtime).catch((error: unknown) => {
      throw asPortError(error)
    })
    try {
      const units = [...devices.keys()].toSorted((left, right) => left - right)
      if (flags.json === true) io.out(toJson({ listening: running.listening, units }))
      else for (const access of running.listening) io.out(`监听 listening: ${accessText(access)}`)
      if (flags.json !== true) io.err(`站号 units ${units.join(' ')}；按 Ctrl-C 结束 ends with Ctrl-C`)
      await interrupted.happened
    } finally {
      await running.close()
    }
  } finally {
    interrupted.stop()
  }
}

function serialLine(path: string): MapListen {
  return { serial: { path, baud: 9600, parity: 'even', stopBits: 1 } }
}

function accessText(access: ModbusAccess): string {
  return 'path' in access
    ? `${access.protocol} ${access.path} ${access.baud} Bd`
    : `${access.protocol} ${access.host}:${access.port}`
}

function valueOf<T>(result: Result<T, ModbusMapError>): T {
  if (result.ok) return result.value
  const { file, line = null, path, reason } = result.error
  throw new UserError('bad_input', documentErrorText(file, { line, path, reason }))
}
