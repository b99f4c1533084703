import { readFileSync } from 'node:fs'
import { Command, Help, Option } from 'commander'
import { messagesFor } from '../messages/messages.js'
import { packageRoot } from '../package-root.js'
import type { Io } from './io.js'
import { languageOption } from './language-option.js'

type AddCommand = (program: Command, io: Io) => void

/**
 * Commands in the order in which help lists them. Each is loaded when it is needed: a tool for frames must not wait for the drivers
 * of databases and brokers. A command that is not built yet is unknown; there are no stubs.
 */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  demo: async () => (await import('./commands/demo.js')).addDemoCommand,
  doctor: async () => (await import('./commands/doctor.js')).addDoctorCommand,
  hash: async () => (await import('./commands/hash.js')).addHashCommand,
  migrate: async () => (await import('./commands/migrate.js')).addMigrateCommand,
  actor: async () => (await import('./commands/actor.js')).addActorCommand,
  registry: async () => (await import('./commands/registry.js')).addRegistryCommand,
  readings: async () => (await import('./commands/readings.js')).addReadingsCommand,
  headend: async () => (await import('./commands/headend.js')).addHeadEndCommand,
  collect: async () => (await import('./commands/collect.js')).addCollectCommand,
  backfill: async () => (await import('./commands/backfill.js')).addBackfillCommand,
  concentrator: async () => (await import('./commands/concentrator.js')).addConcentratorCommand,
  vee: async () => (await import('./commands/vee.js')).addVeeCommand,
  ops: async () => (await import('./commands/ops.js')).addOpsCommand,
  determinants: async () => (await import('./commands/determinants.js')).addDeterminantsCommand,
  losses: async () => (await import('./commands/losses.js')).addLossesCommand,
  tariff: async () => (await import('./commands/tariff.js')).addTariffCommand,
  rate: async () => (await import('./commands/rate.js')).addRateCommand,
  close: async () => (await import('./commands/close.js')).addCloseCommand,
  bill: async () => (await import('./commands/bill.js')).addBillCommand,
  'what-if': async () => (await import('./commands/what-if.js')).addWhatIfCommand,
  curves: async () => (await import('./commands/curves.js')).addCurvesCommand,
  ledger: async () => (await import('./commands/ledger.js')).addLedgerCommand,
  exceptions: async () => (await import('./commands/exceptions.js')).addExceptionsCommand,
  'field-orders': async () => (await import('./commands/field-orders.js')).addFieldOrdersCommand,
  exemption: async () => (await import('./commands/exemption.js')).addExemptionCommand,
  estimates: async () => (await import('./commands/estimates.js')).addEstimatesCommand,
  frame: async () => (await import('./commands/frame.js')).addFrameCommand,
  order: async () => (await import('./commands/order.js')).addOrderCommand,
  read: async () => (await import('./commands/read.js')).addReadCommand,
  tou: async () => (await import('./commands/tou.js')).addTouCommand,
  sim: async () => (await import('./commands/sim.js')).addSimCommand,
  bench: async () => (await import('./commands/bench.js')).addBenchCommand,
}

/** The command line, with the command that the arguments name, or with all of them when they name none: for help, or a mistake. */
export async function createProgram(io: Io, args: readonly string[]): Promise<Command> {
  const messages = messagesFor(languageOption(args), io.env)
  const program = new Command('shuangwu')
    .description('双无：无人工抄表、无人工催费 · no manual reading, no manual dunning')
    .version(packageVersion(), '-V, --version', '版本 version')
    .addOption(new Option('--lang <language>', '语言 language of messages').choices(['zh-CN', 'en']))
    .option('--wide', '表格不缩窄，列全部显示 tables as wide as they are, with all columns')
    .exitOverride()
    .helpOption('-h, --help', '用法 shows usage')
    .helpCommand('help [command]', '命令的用法 usage of a command')
    .configureHelp({ styleTitle, optionDescription })
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      outputError: (text) => io.err(messages.badUsage(text)),
    })
    .showHelpAfterError('（--help 查看用法 shows usage）')
  const named = args.find((arg) => Object.hasOwn(commands, arg))
  for (const [name, load] of Object.entries(commands)) {
    if (named !== undefined && name !== named) continue
    const add = await load()
    add(program, io)
  }
  return program
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法 Usage:',
  'Arguments:': '参数 Arguments:',
  'Options:': '选项 Options:',
  'Commands:': '命令 Commands:',
}

function styleTitle(title: string): string {
  return titles[title] ?? title
}

function optionDescription(option: Option): string {
  return Help.prototype.optionDescription
    .call(new Help(), option)
    .replace('(choices: ', '(可用 choices: ')
    .replace('(default: ', '(默认 default: ')
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8')) as { readonly version: string }
  return version
}
