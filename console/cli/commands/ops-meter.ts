import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { loadMeterScreen } from '../../meter/load-meter-screen.js'
import { meterJson } from '../../meter/meter-json.js'
import { meterText } from '../../meter/meter-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'

interface MeterOptions {
  readonly days: string
  readonly json?: true
}

const mostDays = 62

export function addOpsMeterCommand(ops: Command, io: Io): void {
  ops
    .command('meter')
    .description('一块表一屏：安装、应采点、通信、时钟、事件、指令、报文 all that is known of one meter, on one screen')
    .argument('<code>', '电表资产号 meter code')
    .option('--days <number>', `最近几日，至多 ${mostDays} days up to what is due last`, '7')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (code: string, { days: text, json }: MeterOptions) => {
      const days = Number(text)
      if (!Number.isInteger(days) || days < 1 || days > mostDays)
        throw new UserError(
          'bad_input',
          `--days ${text}: 应为 1 至 ${mostDays} 的整数 expected a whole number from 1 to ${mostDays}`,
        )
      const now = createRealClock().now()
      const screen = await withDatabase(io, 'reader', (reader) => loadMeterScreen(reader, code, { now, days }))
      if (screen === null) throw new UserError('not_found', `${code}: 无此电表 no meter of this code`)
      io.out(json === true ? toJson(meterJson(screen)) : meterText(screen))
    })
}
