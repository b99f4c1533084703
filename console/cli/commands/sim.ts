import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addSimModbusCommand } from './sim-modbus.js'

/** The far end of the wire, for trying out the near one. */
export function addSimCommand(program: Command, io: Io): void {
  const sim = program.command('sim').description('仿真 simulators')
  addSimModbusCommand(sim, io)
}
