import { type Command, InvalidArgumentError } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { Io } from '../io.js'
import { collectNow } from './collect-now.js'

interface BackfillFlags {
  readonly days: number
  readonly concentrator?: string
  readonly line?: string
  readonly meter?: string
  readonly area?: string
  readonly dryRun?: true
  readonly json?: true
}

export function addBackfillCommand(program: Command, io: Io): void {
  program
    .command('backfill')
    .description(
      '补召：从电表冻结存储取回所缺 fetches missing days from the meters’ freeze memory; resumed by the same command',
    )
    .requiredOption(
      '--days <number>',
      '最近几个用电日，截至昨日 how many days of use, the last one yesterday',
      wholeDays,
    )
    .option('--concentrator <code>', '集中器 the meters of a concentrator')
    .option('--line <code>', '通信线路 the meters of a line')
    .option('--meter <code>', '电表 one meter')
    .option('--area <code>', '台区 the meters of a transformer area')
    .option(
      '--dry-run',
      '只看缺口、可召多少、预计多久 only says what is missing, what can still be had and how long it takes',
    )
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ days, concentrator, line, meter, area, dryRun, json }: BackfillFlags) => {
      if ([concentrator, line, meter, area].filter((code) => code !== undefined).length > 1)
        throw new UserError('bad_usage', '范围只能选一 expected at most one of --concentrator, --line, --meter, --area')
      await collectNow(io, {
        scope: { line: concentrator ?? line ?? null, meter: meter ?? null, area: area ?? null },
        date: null,
        days,
        dryRun: dryRun === true,
        json: json === true,
      })
    })
}

const mostDays = 366

function wholeDays(text: string): number {
  const days = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(days >= 1 && days <= mostDays))
    throw new InvalidArgumentError(`应为 1 至 ${mostDays} 的整天数 expected whole days from 1 to ${mostDays}.`)
  return days
}
