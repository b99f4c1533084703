import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { Io } from '../io.js'
import { collectNow } from './collect-now.js'
import { addCollectCompareCommand } from './collect-compare.js'
import { addCollectPlanCommands } from './collect-plan.js'

interface CollectFlags {
  readonly line?: string
  readonly meter?: string
  readonly date?: string
  readonly dryRun?: true
  readonly json?: true
}

export function addCollectCommand(program: Command, io: Io): void {
  const collect = program
    .command('collect')
    .description('立即采集所缺 asks the meters now for what is missing; windows of the plan do it by themselves')
    .option('--line <code>', '只此线路 this line only')
    .option('--meter <code>', '只此电表 this meter only')
    .option('--date <day>', '只此用电日 this day of use only, YYYY-MM-DD')
    .option('--dry-run', '只看缺什么、预计多久 only says what is missing and how long it would take')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ line, meter, date, dryRun, json }: CollectFlags) => {
      if (line !== undefined && meter !== undefined)
        throw new UserError('bad_usage', '--line 与 --meter 只能选一 expected --line or --meter, not both')
      await collectNow(io, {
        scope: { line: line ?? null, meter: meter ?? null, area: null },
        date: date ?? null,
        days: date === undefined ? null : 1,
        dryRun: dryRun === true,
        json: json === true,
      })
    })
  addCollectPlanCommands(collect, io)
  addCollectCompareCommand(collect, io)
}
