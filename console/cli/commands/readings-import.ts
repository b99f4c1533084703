import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { calendarOf } from '../../../domain/time.js'
import { importReadings } from '../../../mdm/readings/import-readings.js'
import type { Database } from '../../../storage/database.js'
import { readTimeZones } from '../../../storage/registry/tables.js'
import { createProgress, type StageProgress } from '../../progress.js'
import { readReadingsFile } from '../../readings/read-file.js'
import { fieldsByQuantity } from '../../readings/reading-columns.js'
import { createSayer } from '../../readings/say-import.js'
import { requireOutput } from '../../registry/table-files.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { fileProblem } from '../file-problem.js'
import type { Io } from '../io.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ImportFlags {
  readonly actor: string
  readonly dryRun?: true
  readonly acceptGoodRows?: true
  readonly report?: string
  readonly json?: true
}

export function addReadingsImportCommand(readings: Command, io: Io): void {
  readings
    .command('import')
    .description(
      '导入示数：全部或全不；同一文件再导入不改变任何东西；同一时刻的另一数另存待裁定 takes readings in, all of them or none; the same file again changes nothing, another value is a further claim',
    )
    .argument(
      '<file>',
      '.xlsx 或 .csv，样例 docs/examples/readings.csv；日期指当日零时（即前一日24时） a date is its first midnight',
    )
    .requiredOption('--actor <id>', '录入人 who enters it')
    .option('--dry-run', '只检查 checks and writes nothing')
    .option('--accept-good-rows', '只收正确的行 takes the rows that are right')
    .option('--report <file>', '逐行报告 .csv a report of every row')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: ImportFlags) => importFile(io, file, flags))
}

async function importFile(io: Io, file: string, flags: ImportFlags): Promise<void> {
  if (flags.report !== undefined) requireOutput(io.cwd, flags.report, ['.csv'])
  const bytes = readIn(io, file)
  await withDatabase(io, 'mdm', async (mdm) => {
    await requireActor(mdm, flags.actor)
    await take(io, mdm, { file, bytes }, flags)
  })
}

async function take(
  io: Io,
  mdm: Database,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  flags: ImportFlags,
): Promise<void> {
  const { actor, report = null } = flags
  const [isRehearsal, acceptGoodRows] = [flags.dryRun === true, flags.acceptGoodRows === true]
  const [zone = '', ...others] = await readTimeZones(mdm)
  const calendar = others.length === 0 ? calendarOf(zone) : null
  const { sheets, batches, offMidnight } = readReadingsFile({ name: basename(file), bytes }, calendar)
  const sayer = createSayer(io, { file, sheets, offMidnight, calendar, json: flags.json === true, isRehearsal, report })
  const progress = createProgress(io)
  const reading = progress.stage('读取并核对 reading and checking', 1)
  let [isRead, validating]: [boolean, StageProgress | null] = [false, null]
  const done = await importReadings(mdm, {
    batches: batches(),
    fields: fieldsByQuantity,
    actor,
    now: createRealClock().now(),
    acceptGoodRows,
    dryRun: isRehearsal,
    onLines(lines) {
      if (!isRead) reading.done()
      isRead = true
      sayer.lines(lines)
    },
    onShard(shard, shards) {
      validating ??= progress.stage('校核 validating', shards)
      validating.advance()
      if (shard === shards) validating.done()
    },
  })
  if (!isRead) reading.stop()
  sayer.end(done)
}

function readIn(io: Io, file: string): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, file))
  } catch (error) {
    throw new UserError('bad_input', `${file}: ${fileProblem(error)}`, { cause: error })
  }
}
