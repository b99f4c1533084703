import { type Command, InvalidArgumentError } from 'commander'
import { loadConfig, parsePort } from '../../config.js'
import { runDemo } from '../../demo/run-demo.js'
import { defaultMeters } from '../../../simulators/utility/utility-size.js'
import { messagesFor } from '../../messages/messages.js'
import type { Io } from '../io.js'

interface DemoFlags {
  readonly seed: number
  readonly meters?: number
  readonly port?: string
  readonly exit?: true
  readonly json?: true
}

const defaultSeed = 42
const fewestMeters = 40
const mostMeters = 100_000

export function addDemoCommand(program: Command, io: Io): void {
  program
    .command('demo')
    .description('从抄表到收费的一个月 a simulated utility from meter to money, about two minutes')
    .option('--seed <number>', '随机种子 same seed, same result hash', wholeNumber(0, 2 ** 31 - 1), defaultSeed)
    .option(
      '--meters <number>',
      `电表数，${fewestMeters} 至 ${mostMeters} number of meters, ${fewestMeters} to ${mostMeters} (default ${defaultMeters})`,
      wholeNumber(fewestMeters, mostMeters),
    )
    .option('--port <number>', '状态页端口 port of the status page (0: any free one)')
    .option('--exit', '结束即退出 end when the story ends, without the status page')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (flags: DemoFlags, command: Command) => {
      const config = loadConfig(io.cwd, io.env)
      const { lang } = command.optsWithGlobals<{ readonly lang?: string }>()
      await runDemo(io, messagesFor(lang, io.env), {
        folder: config.folder,
        seed: flags.seed,
        meters: flags.meters,
        port: flags.port === undefined ? config.httpPort : parsePort(flags.port, '--port'),
        exit: flags.exit === true,
        json: flags.json === true,
      })
    })
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(
        `应为 ${least} 至 ${most} 的整数 expected a whole number from ${least} to ${most}.`,
      )
    return value
  }
}
