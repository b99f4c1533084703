import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { packageRoot } from '../package-root.js'
import { addBenchCommand } from './commands/bench.js'
import { addBillCommand } from './commands/bill.js'
import { addDemoCommand } from './commands/demo.js'
import { addDoctorCommand } from './commands/doctor.js'
import { addFrameCommand } from './commands/frame.js'
import { addHashCommand } from './commands/hash.js'
import { addLedgerCommand } from './commands/ledger.js'
import { addMigrateCommand } from './commands/migrate.js'
import { addOpsCommand } from './commands/ops.js'
import { addReadCommand } from './commands/read.js'
import { addSimCommand } from './commands/sim.js'
import type { Io } from './io.js'

/** The command line. A command that is not built yet is unknown; there are no stubs. */
export function createProgram(io: Io): Command {
  const program = new Command('shuangwu')
    .description('双无：无人工抄表、无人工催费 · no manual reading, no manual dunning')
    .version(packageVersion())
    .addOption(new Option('--lang <language>', '语言 language of messages').choices(['zh-CN', 'en']))
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .showHelpAfterError('（--help 查看用法 shows usage）')
  const commands = [
    addDemoCommand,
    addDoctorCommand,
    addHashCommand,
    addMigrateCommand,
    addOpsCommand,
    addBillCommand,
    addLedgerCommand,
    addFrameCommand,
    addReadCommand,
    addSimCommand,
    addBenchCommand,
  ]
  for (const add of commands) add(program, io)
  return program
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8')) as { readonly version: string }
  return version
}
