import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addCurvesPolicyCommands } from './curves-policy.js'
import { addCurvesSettleCommand } from './curves-settle.js'
import { addCurvesShowCommand } from './curves-show.js'

export function addCurvesCommand(program: Command, io: Io): void {
  const curves = program
    .command('curves')
    .description('日曲线：校核、补全、与示数核对 day curves, checked, filled and reconciled')
  addCurvesSettleCommand(curves, io)
  addCurvesShowCommand(curves, io)
  addCurvesPolicyCommands(curves, io)
}
