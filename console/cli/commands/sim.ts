import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addSimInitCommand } from './sim-init.js'
import { addSimModbusCommand } from './sim-modbus.js'
import { addSimTruthCommand } from './sim-truth.js'
import { addSimUpCommand } from './sim-up.js'

/** The far end of the wire, for trying out the near one. */
export function addSimCommand(program: Command, io: Io): void {
  const sim = program.command('sim').description('仿真 simulators')
  addSimInitCommand(sim, io)
  addSimUpCommand(sim, io)
  addSimTruthCommand(sim, io)
  addSimModbusCommand(sim, io)
}
