import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addCollectPlanCommands } from './collect-plan.js'

export function addCollectCommand(program: Command, io: Io): void {
  const collect = program.command('collect').description('采集 collection')
  addCollectPlanCommands(collect, io)
}
