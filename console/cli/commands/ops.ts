import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addOpsCutOffCommand } from './ops-cut-off.js'
import { addOpsDayCommand } from './ops-day.js'
import { addOpsMeterCommand } from './ops-meter.js'
import { addOpsOpenCommand } from './ops-open.js'

export function addOpsCommand(program: Command, io: Io): void {
  const ops = program.command('ops').description('采集运维 collection')
  addOpsDayCommand(ops, io)
  addOpsOpenCommand(ops, io)
  addOpsMeterCommand(ops, io)
  addOpsCutOffCommand(ops, io)
}
