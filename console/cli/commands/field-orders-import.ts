import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { importResults, type RowReport } from '../../field-orders/import-results.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { fileProblem } from '../file-problem.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

interface ImportFlags {
  readonly actor: string
  readonly dryRun?: true
  readonly json?: true
}

export function addFieldOrdersImportCommand(orders: Command, io: Io): void {
  orders
    .command('import')
    .description(
      '导回补抄结果，逐行报告；重复导入无害 takes a crew’s sheet row by row; the same one again changes nothing',
    )
    .argument('<file>', '.xlsx 或 .csv 文件 a file')
    .requiredOption('--actor <id>', '录入人 who enters it')
    .option('--dry-run', '只检查 checks and writes nothing')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: ImportFlags) => importFile(io, file, flags))
}

async function importFile(io: Io, file: string, { actor, dryRun, json }: ImportFlags): Promise<void> {
  const bytes = readIn(io, file)
  const now = createRealClock().now()
  const rows = await withDatabase(io, 'mdm', async (mdm) => {
    await requireActor(mdm, actor)
    return importResults(mdm, { bytes, name: file, actor, now, dryRun: dryRun === true })
  })
  const count = (outcome: RowReport['outcome']) => rows.filter((row) => row.outcome === outcome).length
  const faults = rows.filter(({ outcome }) => outcome === 'refused')
  const refused = new Set(faults.map(({ sheet, row }) => `${sheet} ${row}`)).size
  if (json === true) io.out(toJson({ rows }))
  else {
    for (const fault of faults) io.out(refusalText(fault))
    if (isRewritten(file, faults)) io.out(csvHint)
    io.out(
      `录入 recorded ${count('recorded')} · 可录 would be recorded ${count('would_be_recorded')} · 已有 there already ${count('exists')} · ` +
        `空 blank ${count('blank')} · 拒绝 refused ${refused}`,
    )
  }
  if (refused > 0)
    throw new UserError(
      'refused',
      `${file}: ${refused} 行被拒，${faults.length} 处 rows were refused, in ${faults.length} places`,
    )
}

const csvHint =
  '提示：电子表格打开 CSV 会改写长数字与日期；请用 .xlsx，或导入 CSV 时各列选“文本” · a spreadsheet rewrites long numbers and dates of a CSV; use .xlsx, or open the CSV with all columns as text'

/** Signs that a spreadsheet has made numbers and dates of a CSV's texts: 1.23E+11, 2026/7/2 9:30. */
function isRewritten(file: string, faults: readonly RowReport[]): boolean {
  const rewritten = /^\d(?:\.\d+)?E\+\d+$|^\d{4}\/\d{1,2}\/\d{1,2}/i
  return file.toLowerCase().endsWith('.csv') && faults.some(({ found }) => rewritten.test(found))
}

function readIn(io: Io, file: string): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, file))
  } catch (error) {
    throw new UserError('bad_input', `${file}: ${fileProblem(error)}`, { cause: error })
  }
}

function refusalText({ sheet, row, column, kind, found, expected }: RowReport): string {
  const place = [sheet, row === null ? null : `第 row ${row}`, column].filter((part) => part !== null).join(' · ')
  return `${place}: ${kind ?? ''}: ${[found, expected].filter((part) => part !== '').join(' → ')}`
}
