import { writeFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { calendarOf } from '../../../domain/time.js'
import { listNames } from '../../../mdm/registry/document-lists.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { documentSheets } from '../../registry/document-sheets.js'
import { listTitles, titleOf } from '../../registry/list-titles.js'
import { fitsWorkbook, requireOutput, writeTableFiles } from '../../registry/table-files.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { writing } from '../writing.js'

interface ExportFlags {
  readonly out: string
  readonly asOf?: string
  readonly known?: string
  readonly json?: true
}

export function addRegistryExportCommand(registry: Command, io: Io): void {
  registry
    .command('export')
    .description('导出档案；原样再导入即“已有” writes master data out; taken in again, it changes nothing')
    .requiredOption('--out <file|folder>', '.xlsx、.json，或 CSV 文件夹 a folder of CSV files')
    .option('--as-of <instant>', '只要此时有效的 only what was true then')
    .option('--known <instant>', '只要此时已记录的 only what was on record then')
    .option('--json', '输出一个计数的 JSON 文档 one JSON document of counts')
    .action((flags: ExportFlags) => exportFile(io, flags))
}

async function exportFile(io: Io, { out, asOf, known, json }: ExportFlags): Promise<void> {
  requireOutput(io.cwd, out, ['.xlsx', '.json', ''])
  const moment = { at: instantIn(asOf), knownAt: instantIn(known) }
  const document = await withDatabase(io, 'mdm', (database) => exportRegistry(database, moment))
  write(io, out, document)
  const sizes = listNames.map((list) => ({ list, size: document[list]?.length ?? 0 })).filter(({ size }) => size > 0)
  if (json === true)
    io.out(toJson({ ok: true, out, entries: Object.fromEntries(sizes.map(({ list, size }) => [list, size])) }))
  else
    io.out(
      textTable(
        ['档案 list', '条 entries'],
        sizes.map(({ list, size }) => [titleOf(list), size]),
      ),
    )
  io.err(`已写 written: ${out}`)
}

function write(io: Io, out: string, document: RegistryDocument): void {
  if (extname(out).toLowerCase() === '.json')
    return writing(out, () => writeFileSync(resolve(io.cwd, out), `${JSON.stringify(document, null, 2)}\n`))
  const zones = new Set(document.organisations.map(({ timeZone }) => timeZone))
  const [zone = ''] = zones
  const tooLarge = listNames.find((list) => !fitsWorkbook(document[list]?.length ?? 0))
  if (tooLarge !== undefined && extname(out).toLowerCase() === '.xlsx')
    throw new UserError(
      'bad_usage',
      `${out}: “${listTitles[tooLarge]}”超过一张表的行数；请导出到文件夹 too many rows for a sheet; name a folder`,
    )
  return writeTableFiles(io.cwd, out, documentSheets(document, zones.size === 1 ? calendarOf(zone) : null))
}

function instantIn(text: string | undefined): number | null {
  return text === undefined ? null : parseInstant(text)
}
